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

/** Hours from the start of Monday 23 November, 9:00 in Brussels, one day and two hours before NOW. */
export const monday = (hours) => NOW - 26 * HOUR + hours * HOUR;

/** @param {Object} values of a piece that ran or, with a cause, stood still */
export function makePiece(from, to, hours, values = {}) {
    const kind = values.cause ? "paused" : "running";
    const seconds = hours * HOUR;
    return { kind, from, to, seconds, cause: null, by: null, reason: null, ...values };
}

export function makeEvent(kind, at, values = {}) {
    const rest = { cause: null, reason: null, by: null, before: null, after: null };
    return { id: at, kind, at, label: kind, ...rest, ...values };
}

/**
 * The life of a timer of 16 working hours that runs since Monday 9:00, with a pause from 11:00 to
 * 15:00; six hours are spent, ten are left, in offices that are open from 9:00 to 17:00.
 *
 * @param {Object} [values]
 */
export function makeHistory(values = {}) {
    return makeTimer({
        now: NOW,
        label: "Resolution",
        target: 16 * HOUR,
        spent: 6 * HOUR,
        remaining: 10 * HOUR,
        started: monday(0),
        deadline: NOW + 26 * HOUR,
        end: NOW + 26 * HOUR,
        computed_deadline: NOW + 26 * HOUR,
        manual_deadline: null,
        manual_reason: null,
        breached_at: null,
        excused: false,
        warn_at: null,
        pieces: [
            makePiece(monday(0), monday(2), 2),
            makePiece(monday(2), monday(6), 4, {
                cause: "Waiting for the customer",
                by: "Emil",
                reason: "Photo of the type plate",
            }),
            makePiece(monday(6), null, 4),
        ],
        closed: [
            [monday(8), monday(24)],
            [monday(32), monday(48)],
        ],
        events: [],
        ...values,
    });
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
