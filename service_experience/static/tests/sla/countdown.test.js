import { describe, expect, test } from "@odoo/hoot";
import {
    deadlineIfResumed,
    isClosedAt,
    remainingAt,
    toneOf,
} from "@service_experience/sla/countdown";
import { HOUR, makeTimer, MINUTE, NOW } from "./sla_test_helpers";

describe.current.tags("headless");

describe("remainingAt", () => {
    const cases = [
        ["at the reading", {}, 0, 2 * HOUR],
        ["during working hours", {}, HOUR, HOUR],
        ["at the deadline", {}, 2 * HOUR, 0],
        ["after the deadline", {}, 3 * HOUR, -HOUR],
        ["at closing time", { remaining: 8 * HOUR }, 6 * HOUR, 2 * HOUR],
        ["at night", { remaining: 8 * HOUR }, 15 * HOUR, 2 * HOUR],
        ["at the next opening", { remaining: 8 * HOUR }, 22 * HOUR, 2 * HOUR],
        ["one second after it", { remaining: 8 * HOUR }, 22 * HOUR + 1, 2 * HOUR - 1],
        ["after the last window", { remaining: 8 * HOUR }, 90 * HOUR, -6 * HOUR],
        ["closed for long", { windows: [] }, 90 * HOUR, 2 * HOUR],
        ["overdue and closed", { remaining: -HOUR, windows: [] }, HOUR, -HOUR],
        ["clipped at the deadline", { windows: [[NOW, NOW + 2 * HOUR]] }, 5 * HOUR, 0],
        ["a window open before", { windows: [[NOW - HOUR, NOW + HOUR]] }, HOUR, HOUR],
        ["paused", { state: "paused" }, HOUR, 2 * HOUR],
        ["met", { state: "met", remaining: 30 }, HOUR, 30],
    ];
    for (const [title, values, after, expected] of cases) {
        test(title, () => {
            expect(remainingAt(makeTimer(values), NOW + after, NOW)).toBe(expected);
        });
    }
});

describe("isClosedAt", () => {
    const cases = [
        ["open", {}, 0, false],
        ["the last open second", {}, 6 * HOUR - 1, false],
        ["closing time", {}, 6 * HOUR, true],
        ["night", {}, 15 * HOUR, true],
        ["next opening", {}, 22 * HOUR, false],
        ["nothing known any more", {}, 90 * HOUR, false],
        ["closed for long", { windows: [] }, 0, true],
        ["paused at night", { state: "paused" }, 15 * HOUR, false],
    ];
    for (const [title, values, after, expected] of cases) {
        test(title, () => {
            expect(isClosedAt(makeTimer(values), NOW + after)).toBe(expected);
        });
    }
});

describe("deadlineIfResumed", () => {
    const cases = [
        ["today", { remaining: HOUR }, 0, NOW + HOUR],
        ["exactly at closing time", { remaining: 6 * HOUR }, 0, NOW + 6 * HOUR],
        ["tomorrow", { remaining: 6 * HOUR }, HOUR, NOW + 23 * HOUR],
        ["resumed at night", { remaining: MINUTE }, 15 * HOUR, NOW + 22 * HOUR + MINUTE],
        ["beyond what is known", { remaining: 40 * HOUR }, 0, null],
        ["nothing known", { windows: [] }, 0, null],
        ["already overdue", { remaining: -HOUR }, 0, null],
    ];
    for (const [title, values, after, expected] of cases) {
        test(title, () => {
            const timer = makeTimer({ state: "paused", deadline: null, ...values });
            expect(deadlineIfResumed(timer, NOW + after)).toBe(expected);
        });
    }
});

describe("toneOf", () => {
    const late = { deadline: NOW - HOUR, breached: true };
    const cases = [
        ["ok", {}, 2 * HOUR],
        ["ok", { warn_at: null }, 2 * HOUR],
        ["risk", { at_risk: true }, 2 * HOUR],
        ["risk", { warn_at: NOW }, 2 * HOUR],
        ["risk", { at_risk: true, deadline: NOW }, 0],
        ["overdue", { deadline: null }, -1],
        // The target is used up, but the deadline that a person agreed on has not passed.
        ["ok", { deadline: NOW }, -HOUR],
        ["overdue", { deadline: NOW - 1, windows: [] }, 0],
        ["overdue", late, HOUR],
        ["paused", { state: "paused", deadline: null }, HOUR],
        ["paused", { state: "paused", deadline: null, at_risk: true }, HOUR],
        ["overdue", { state: "paused", ...late }, -HOUR],
        ["met", { state: "met" }, HOUR],
        ["met", { state: "met" }, 0],
        ["missed", { state: "missed", ...late }, -HOUR],
        ["off", { state: "cancelled", ...late }, -HOUR],
    ];
    for (const [tone, values, remaining] of cases) {
        test(`${tone}: ${JSON.stringify(values)}, ${remaining} s`, () => {
            expect(toneOf(makeTimer(values), remaining, NOW)).toBe(tone);
        });
    }
});
