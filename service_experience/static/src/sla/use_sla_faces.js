import { faceOf } from "./timer_face";
import { useSlaClock } from "./use_sla_clock";

/**
 * Keep the faces of a status up to date.
 *
 * @param {() => ({ now: number, timers: import("./countdown").SlaTimer[] } | false)} getStatus
 * @returns {{ faces: ReturnType<typeof faceOf>[] }}
 */
export function useSlaFaces(getStatus) {
    const live = useSlaClock(getStatus, ({ now, timers }, serverNow) =>
        timers.map((timer) => faceOf(timer, serverNow, now)),
    );
    return {
        get faces() {
            return live.drawing ?? [];
        },
    };
}
