import { advanceTime } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { browser } from "@web/core/browser/browser";

/** Tuesday 24 November 2026, 10:00 UTC (11:00 in Brussels, the zone of the tests). */
export const NOW = Date.UTC(2026, 10, 24, 10) / 1000;
export const MINUTE = 60;
export const HOUR = 3600;

/**
 * A running timer with two of four working hours left, in the middle of a day that closes in six.
 *
 * @param {Object} [values]
 */
export function makeTimer(values = {}) {
    return {
        id: 12,
        metric: "first_response",
        label: "First response",
        policy: "Gold support",
        kind: "sla",
        state: "running",
        deadline: NOW + 2 * HOUR,
        breached: false,
        at_risk: false,
        warn_at: NOW + HOUR,
        target: 4 * HOUR,
        remaining: 2 * HOUR,
        windows: [
            [NOW, NOW + 6 * HOUR],
            [NOW + 22 * HOUR, NOW + 30 * HOUR],
        ],
        stopped: null,
        reason: null,
        ...values,
    };
}

/** @param {...Object} timers values of the timers, the most urgent first */
export function makeStatus(...timers) {
    return {
        now: NOW,
        timers: timers.map((values, index) => makeTimer({ id: index + 1, ...values })),
    };
}

/**
 * Replace the monotonic clock by one that moves only when told to.
 *
 * @returns {{ elapse: (seconds: number) => Promise<void>, jump: (seconds: number) => void }}
 *  `elapse` lets time pass and the ticks happen, `jump` moves the monotonic clock alone
 */
export function mockMonotonicClock() {
    let now = 5000;
    patchWithCleanup(browser, { performance: { now: () => now } });
    return {
        async elapse(seconds) {
            for (let i = 0; i < seconds; i++) {
                now += 1000;
                await advanceTime(1000, { animationFrame: i === seconds - 1 });
            }
        },
        jump(seconds) {
            now += seconds * 1000;
        },
    };
}
