import { describe, expect, mockTimeZone, test } from "@odoo/hoot";
import { allowTranslations, patchTranslations } from "@web/../tests/web_test_helpers";
import { formatCountdown, formatDuration } from "@service_experience/sla/durations";
import { faceOf } from "@service_experience/sla/timer_face";
import { formatMoment, momentText, statusText } from "@service_experience/sla/words";
import { HOUR, makeTimer, MINUTE, NOW } from "./sla_test_helpers";

describe.current.tags("headless");

test("formatDuration", () => {
    allowTranslations();
    const cases = [
        [0, "less than 1 min"],
        [59, "less than 1 min"],
        [MINUTE, "1 min"],
        [4 * MINUTE + 59, "4 min"],
        [HOUR, "1 h"],
        [2 * HOUR + 5 * MINUTE, "2 h 05 min"],
        [13 * HOUR + 20 * MINUTE, "13 h 20 min"],
        [120 * HOUR, "120 h"],
        [-HOUR, "1 h"],
    ];
    for (const [seconds, expected] of cases) {
        expect(formatDuration(seconds)).toBe(expected);
    }
});

test("formatCountdown counts seconds in the last ten minutes", () => {
    allowTranslations();
    const cases = [
        [10 * MINUTE, "10 min"],
        [10 * MINUTE - 1, "9:59"],
        [3 * MINUTE + 5, "3:05"],
        [9, "0:09"],
        [0, "0:00"],
    ];
    for (const [seconds, expected] of cases) {
        expect(formatCountdown(seconds)).toBe(expected);
    }
});

test("words are whole translatable phrases", () => {
    patchTranslations({
        service_experience: {
            "%(hours)s h %(minutes)s min": "%(hours)s ó %(minutes)s p",
            "Overdue %(duration)s": "%(duration)s késés",
        },
    });
    const timer = makeTimer({ breached: true });
    expect(statusText(timer, -(2 * HOUR + 5 * MINUTE), NOW)).toBe("2 ó 05 p késés");
});

test("statusText", () => {
    allowTranslations();
    const late = { deadline: NOW - HOUR, breached: true };
    const cases = [
        [{}, 2 * HOUR + 5 * MINUTE, "2 h 05 min"],
        [{ at_risk: true }, 185, "3:05"],
        [late, -HOUR, "Overdue 1 h"],
        [late, -59, "Overdue"],
        [{ state: "paused" }, HOUR, "Paused"],
        [{ state: "paused", ...late }, -HOUR, "Paused, overdue 1 h"],
        [{ state: "paused", ...late }, 0, "Paused, overdue"],
        [{ state: "met" }, HOUR, "Met"],
        [{ state: "missed", ...late }, -HOUR, "Missed"],
        [{ state: "cancelled" }, HOUR, "Cancelled"],
    ];
    for (const [values, remaining, expected] of cases) {
        expect(statusText(makeTimer(values), remaining, NOW)).toBe(expected);
    }
});

test("formatMoment: weekday, zone of the user, year only when it is another", () => {
    mockTimeZone("Asia/Tokyo");
    expect(formatMoment(NOW, NOW).replace(/\s/g, " ")).toBe("Tue, Nov 24, 7:00 PM");
    expect(formatMoment(NOW + 60 * 24 * HOUR, NOW)).toMatch(/^Sat, Jan 23, 2027/);
});

test("momentText", () => {
    allowTranslations();
    const stopped = NOW - HOUR;
    const cases = [
        ["ok", {}, "Due Tue, Nov 24, 1:00 PM"],
        ["overdue", { deadline: NOW - HOUR }, "Was due Tue, Nov 24, 10:00 AM"],
        ["met", { state: "met", stopped }, "Done Tue, Nov 24, 10:00 AM"],
        [
            "missed",
            { state: "missed", stopped, deadline: stopped - HOUR },
            "Done Tue, Nov 24, 10:00 AM, was due Tue, Nov 24, 9:00 AM",
        ],
        [
            "paused",
            { state: "paused", deadline: null },
            "If work resumed now: due Tue, Nov 24, 1:00 PM",
        ],
        ["paused", { state: "paused", deadline: null, windows: [] }, ""],
        ["off", { state: "cancelled", stopped }, ""],
    ];
    for (const [tone, values, expected] of cases) {
        const text = momentText(makeTimer(values), tone, NOW).replace(/\u202f/g, " ");
        expect(text).toBe(expected);
    }
});

test("faceOf: used share of the target stays within the bar", () => {
    allowTranslations();
    const used = (remaining) => faceOf(makeTimer({ remaining }), NOW, NOW).used;
    expect([4 * HOUR, 3 * HOUR, 0, -HOUR, 9 * HOUR].map(used)).toEqual([0, 25, 100, 100, 0]);
});
