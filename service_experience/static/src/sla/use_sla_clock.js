import { onMounted, onWillRender, onWillUnmount, useComponent } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/**
 * Keep a drawing of something that changes as time passes; render the component only when what is
 * seen changed.
 *
 * @template {{ now: number }} Reading what was read, with the server's time of the reading
 * @template Drawing plain data
 * @param {() => Reading | false} getReading
 * @param {(reading: Reading, serverNow: number) => Drawing} draw
 * @returns {{ drawing: Drawing | null }} null while there is nothing to draw
 */
export function useSlaClock(getReading, draw) {
    const component = useComponent();
    const clock = useService("service_sla_clock");
    const live = { drawing: null };
    let shown = "";
    const update = () => {
        const reading = getReading();
        if (reading) {
            clock.sync(reading.now);
        }
        live.drawing = reading ? draw(reading, clock.now) : null;
        const before = shown;
        shown = JSON.stringify(live.drawing);
        return shown !== before;
    };
    let unsubscribe;
    onWillRender(update);
    onMounted(() => (unsubscribe = clock.subscribe(() => update() && component.render())));
    onWillUnmount(() => unsubscribe());
    return live;
}
