import { describe, expect, test } from "@odoo/hoot";
import { findDate } from "@service_experience/composer/find_date";

const { DateTime } = luxon;

const US = { locale: "en-US", dateFormat: "MM/dd/yyyy" };
const AUSTRIA = { locale: "de-AT", dateFormat: "dd.MM.yyyy" };
const FRANCE = { locale: "fr-FR", dateFormat: "dd/MM/yyyy" };

/** Tuesday 24 November 2026, in the afternoon. */
const find = (text, user = US) =>
    findDate(text, { today: DateTime.local(2026, 11, 24, 15, 30), ...user })?.toISODate();

const NAMED = [
    ["We install it on 2026-11-27.", "2026-11-27"],
    ["(2026-12-01)", "2026-12-01"],
    ["Day:2026-11-30", "2026-11-30"],
    ["It ends today, 2026-11-24", "2026-11-24"],
    ["We come on 11/27/2026, in the morning.", "2026-11-27"],
    ["We come on 1/5/2027", "2027-01-05"],
    ["The pump arrives on 27 November.", "2026-11-27"],
    ["The pump arrives on 27 November 2026", "2026-11-27"],
    ["on the 27th of November, as you wished", "2026-11-27"],
    ["November 27 suits us", "2026-11-27"],
    ["By November 27th, 2026 at the latest", "2026-11-27"],
    ["Nov 27, 10:30", "2026-11-27"],
    ["27 Nov. at 10:30", "2026-11-27"],
    ["27 November 10:30", "2026-11-27"],
    ["Aug 3rd", "2027-08-03"],
    ["15 sept 2027", "2027-09-15"],
    ["3 march", undefined],
    ["On 3 March we are done.", "2027-03-03"],
    ["5 January", "2027-01-05"],
    ["May 5, 2027", "2027-05-05"],
    ["27\u00a0November", "2026-11-27"],
    ["27\nNovember", "2026-11-27"],
    ["on Friday", "2026-11-27"],
    ["We come on friday.", "2026-11-27"],
    ["You have it by Monday!", "2026-11-30"],
    ["on Tuesday", "2026-12-01"],
    ["until Wednesday", "2026-11-25"],
    ["You hear from us tomorrow.", "2026-11-25"],
    ["Tomorrow, then", "2026-11-25"],
    ["the day after tomorrow", "2026-11-26"],
    ["On Friday, 4 December, we come.", "2026-12-04"],
    ["We looked on 20 November and come on 4 December.", "2026-12-04"],
    ["4 December or 27 November", "2026-12-04"],
    ["29 February 2028", "2028-02-29"],
];

const NOT_NAMED = [
    "",
    "No date at all",
    "It was installed on 2026-11-23.",
    "Your letter of 11/20/2026",
    "Since 20 November it is cold.",
    "Your letter of 3 September",
    "27 November 2025",
    "on 2026-13-01",
    "31 November",
    "29 February 2027",
    "1.5",
    "Version 19.0.1.2",
    "1/2 of it",
    "24/7",
    "in 2026",
    "November 2026",
    "Call +43 664 2026 11 27",
    "Call 555-2026-11-27",
    "Order 2026-11-27-003",
    "SO/2026-11-27",
    "It costs 27.11 EUR.",
    "€ 27 November",
    "It costs 1,127.11",
    "November 27.50",
    "Room 27",
    "you may 3 times",
    "last Friday",
    "On Fridays we are closed.",
    "tomorrow's world",
    "since Friday",
    "27.11.2026",
    "ada+2026-11-27@nordlicht.example",
    "https://nordlicht.example/2026-11-27",
    "27.11.2026.1",
];

describe("named", () => {
    for (const [text, day] of NAMED) {
        test(text, () => expect(find(text)).toBe(day));
    }
});

describe("not named", () => {
    for (const text of NOT_NAMED) {
        test(text || "an empty text", () => expect(find(text)).toBe(undefined));
    }
});

describe("as the user writes", () => {
    const texts = [
        ["Wir kommen am 27.11.2026.", AUSTRIA, "2026-11-27"],
        ["Wir kommen am 3.12.2026, vormittags", AUSTRIA, "2026-12-03"],
        ["am 3. Dezember", AUSTRIA, "2026-12-03"],
        ["am 3. Jänner", AUSTRIA, "2027-01-03"],
        ["11/27/2026", AUSTRIA, undefined],
        ["Es kostet 27.11", AUSTRIA, undefined],
        ["le 04/12/2026", FRANCE, "2026-12-04"],
        ["le 4 décembre", FRANCE, "2026-12-04"],
        ["on 4 December", FRANCE, "2026-12-04"],
        ["04/12/2026", US, undefined],
        ["2026-11-27", AUSTRIA, "2026-11-27"],
    ];
    for (const [text, user, day] of texts) {
        test(`${user.locale}: ${text}`, () => expect(find(text, user)).toBe(day));
    }
});
