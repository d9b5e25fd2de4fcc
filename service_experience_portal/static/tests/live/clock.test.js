import { beforeEach, describe, expect, mockDate, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { Clock } from "@service_experience_portal/live/clock";
import { DAY, elapse, HOUR, MINUTE, NOW, SECOND, stopClocks } from "./live_test_helpers";

describe.current.tags("headless");

beforeEach(stopClocks);

const isoOf = (moment) => new Date(moment).toISOString();

/** Write as a browser does, with whatever space it takes, in plain letters. */
const plain = (text) => text.replace(/[\u00a0\u202f]/g, " ").replace(/[\u200e\u200f]/g, "");

function makeTime(moment, text = "Nov 24") {
    const time = document.createElement("time");
    time.setAttribute("datetime", typeof moment === "number" ? isoOf(moment) : moment);
    time.textContent = text;
    return time;
}

function tell(moment, lang = "en-US") {
    const time = makeTime(moment);
    new Clock(lang, "UTC", NOW).tell(time);
    return plain(time.textContent);
}

function write(moment, { lang = "en-US", zone = "UTC", now = NOW } = {}) {
    const time = document.createElement("time");
    new Clock(lang, zone, now).write(time, moment);
    return [plain(time.textContent), time.getAttribute("datetime")];
}

describe("how long ago", () => {
    const cases = [
        ["now", 0],
        ["now", 59 * SECOND],
        ["1 min. ago", MINUTE],
        ["1 min. ago", 2 * MINUTE - 1],
        ["59 min. ago", HOUR - 1],
        ["1 hr. ago", HOUR],
        ["3 hr. ago", 4 * HOUR - 1],
        ["23 hr. ago", DAY - 1],
        ["yesterday", DAY],
        ["2 days ago", 2 * DAY],
        ["7 days ago", 7 * DAY],
        // What it said before.
        ["Nov 24", 7 * DAY + 1],
        // The clock of the server may be a little ahead.
        ["now", -5 * MINUTE],
    ];
    for (const [words, age] of cases) {
        test(`${words}: ${age / SECOND} s`, () => expect(tell(NOW - age)).toBe(words));
    }

    test("in the language of the reader", () => {
        expect(tell(NOW - 3 * HOUR, "hu-HU")).toBe("3 órával ezelőtt");
        expect(tell(NOW - 3 * HOUR, "fa-IR")).toBe("۳ ساعت پیش");
    });

    test("what it said before stays as its title", async () => {
        const time = makeTime(NOW, "Nov 24, 10:00 AM");
        const clock = new Clock("en-US", "UTC", NOW);
        clock.tell(time);
        await elapse(2 * MINUTE, MINUTE);
        clock.tell(time);
        expect([time.textContent, time.title]).toEqual(["2 min. ago", "Nov 24, 10:00 AM"]);
        await elapse(7 * DAY, DAY);
        clock.tell(time);
        expect(time.textContent).toBe("Nov 24, 10:00 AM");
    });

    test("what is no moment stays", () => {
        const clock = new Clock("en-US", "UTC", NOW);
        const times = [makeTime("soon"), document.createElement("time"), makeTime("")];
        times.forEach((time) => clock.tell(time));
        expect(times.map((time) => time.textContent)).toEqual(["Nov 24", "", "Nov 24"]);
        expect(times.map((time) => time.title)).toEqual(["", "", ""]);
        clock.tell(null); // a page that was never updated
    });
});

describe("a language without words for it", () => {
    for (const hours of ["-3 h", "\u22123 h", "\u200e\u22123 h", "\u200e-3 h", "-\u200e3 h"]) {
        test(JSON.stringify(hours), () => {
            patchWithCleanup(Intl.RelativeTimeFormat.prototype, { format: () => hours });
            expect(tell(NOW - 3 * HOUR, "kk-KZ")).toBe("Nov 24");
        });
    }

    test("Kazakh, as this browser knows it", () => {
        expect(tell(NOW - 3 * HOUR, "kk-KZ")).not.toMatch(/[-\u2212]\d/);
    });

    test("a hyphen within words is none", () => {
        patchWithCleanup(Intl.RelativeTimeFormat.prototype, { format: () => "3-h ago" });
        expect(tell(NOW - 3 * HOUR)).toBe("3-h ago");
    });
});

describe("the clock of the device", () => {
    for (const [title, date] of [
        ["a day ahead", "2026-11-25 10:00:00"],
        ["an hour behind", "2026-11-24 09:00:00"],
        ["years behind", "2001-01-01 00:00:00"],
    ]) {
        test(title, async () => {
            mockDate(date);
            const clock = new Clock("en-US", "UTC", NOW);
            await elapse(2 * MINUTE, MINUTE);
            expect(clock.getAgo(NOW)).toBe("2 min. ago");
            const time = document.createElement("time");
            clock.write(time, Date.now());
            expect(plain(time.textContent)).toBe("10:02 AM");
        });
    }

    test("is corrected by each answer", () => {
        const clock = new Clock("en-US", "UTC", NOW);
        clock.set(NOW + 5 * MINUTE);
        expect(clock.getAgo(NOW)).toBe("5 min. ago");
    });
});

describe("a moment in words", () => {
    const cases = [
        ["today", NOW, {}, "10:00 AM"],
        ["at midnight", NOW - 10 * HOUR, {}, "12:00 AM"],
        ["yesterday", NOW - 10 * HOUR - 1, {}, "Nov 23, 11:59 PM"],
        ["in the zone of the page", NOW, { zone: "Asia/Almaty" }, "3:00 PM"],
        ["the day of the zone", NOW + 8 * HOUR, { zone: "Asia/Tokyo" }, "Nov 25, 3:00 AM"],
        ["as the reader writes", NOW, { lang: "hu-HU" }, "10:00"],
        ["with the day", NOW - DAY, { lang: "hu-HU" }, "nov. 23. 10:00"],
        ["in Persian", NOW, { lang: "fa-IR", zone: "Asia/Tehran" }, "۱۳:۳۰"],
    ];
    for (const [title, moment, values, words] of cases) {
        test(title, () => expect(write(moment, values)).toEqual([words, isoOf(moment)]));
    }

    test("by the clock of the server", () => {
        const moment = NOW - 2 * HOUR;
        const now = NOW + 12 * HOUR;
        expect(write(moment, { now })).toEqual(["8:00 PM", isoOf(moment + 12 * HOUR)]);
    });
});
