import { onMounted, onWillRender, onWillUnmount, useComponent } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { faceOf } from "./timer_face";

/**
 * Keep the faces of a status up to date; render the component only when one of them changed.
 *
 * @param {() => ({ now: number, timers: import("./countdown").SlaTimer[] } | false)} getStatus
 * @returns {{ faces: ReturnType<typeof faceOf>[] }}
 */
export function useSlaFaces(getStatus) {
    const component = useComponent();
    const clock = useService("service_sla_clock");
    const live = { faces: [] };
    let shown = "";
    const update = () => {
        const { now, timers } = getStatus() || { now: -Infinity, timers: [] };
        clock.sync(now);
        live.faces = timers.map((timer) => faceOf(timer, clock.now, now));
        const before = shown;
        shown = JSON.stringify(live.faces);
        return shown !== before;
    };
    let unsubscribe;
    onWillRender(update);
    onMounted(() => (unsubscribe = clock.subscribe(() => update() && component.render())));
    onWillUnmount(() => unsubscribe());
    return live;
}
