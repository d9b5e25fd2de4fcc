import { memoize } from "@web/core/utils/functions";

/**
 * Finds the day that somebody names in a text they write to a customer.
 *
 * It only helps to offer something, so it stays silent where a text may mean something else:
 * numbers, prices, phone numbers, days that are over.
 */

const { DateTime, Info } = luxon;

/** A day without its year that is longer ago than this means the next year. */
const PAST_DAYS = 90;
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

// A date is a word of its own: not a part of a number, a path, a version or a phone number.
const BEFORE = String.raw`(?<![\p{L}\p{N}_@#$€£+/.-]|\p{N}[,:]|[$€£+] )`;
const AFTER = String.raw`(?![\p{L}\p{N}_@€£%/-]|[.,:]\p{N}| ?[€£$%])`;
const NO_NUMBER = String.raw`(?! ?\p{N}(?!\p{N}?:\p{N}))`; // a time may follow
const DAY = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?:,? (?<year>20\d\d))?`;

const toRegExp = (...parts) => new RegExp(BEFORE + parts.join("") + AFTER, "giu");
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** @returns {Map<string, number>} month by every name it has in English and the user's language */
function monthNames(locale) {
    const names = new Map();
    for (const language of ["en", locale]) {
        for (const length of ["long", "short"]) {
            for (const [index, name] of Info.monthsFormat(length, { locale: language }).entries()) {
                // Numbers are the months of some languages.
                if (/^\p{L}{3,}\.?$/u.test(name)) {
                    names.set(name.replace(".", "").toLowerCase(), index + 1);
                }
            }
        }
    }
    return names.set("sept", 9);
}

/** "dd.MM.yyyy", "MM/dd/yyyy": the figures in the order and with the separators of the user. */
function figuresRegExp(dateFormat) {
    const groups = { d: String.raw`(?<day>\d{1,2})`, m: String.raw`(?<month>\d{1,2})` };
    const parts = dateFormat.toLowerCase().match(/d+|m+|y+|[^dmy]+/g) || [];
    const isPlain = "dmy".split("").every((part) => dateFormat.toLowerCase().includes(part));
    const pattern = parts.map((part) =>
        part[0] === "y" ? String.raw`(?<year>20\d\d)` : groups[part[0]] || escape(part)
    );
    return isPlain && !/m{3}/i.test(dateFormat) ? toRegExp(...pattern) : null;
}

const makeFinders = memoize((key) => {
    const [locale, dateFormat] = key.split("|");
    const names = monthNames(locale);
    const months = [...names.keys()].sort((a, b) => b.length - a.length).map(escape);
    const month = `(?<name>${months.join("|")})\\.?`;
    return [
        { regExp: toRegExp(String.raw`(?<year>20\d\d)-(?<month>\d\d)-(?<day>\d\d)`) },
        { regExp: figuresRegExp(dateFormat) },
        { regExp: toRegExp(DAY, String.raw`\.?(?: of)? ?`, month, YEAR, NO_NUMBER), names },
        { regExp: toRegExp(month, " ", DAY, YEAR, NO_NUMBER), names },
    ].filter(({ regExp }) => regExp);
});

/** "you may 3 times", "we march": these months are words as well, unless written as a name. */
const isMonth = (name) => !/^(may|mar|march)\.?$/.test(name);

function toDay({ year, month, day, name }, names, today) {
    const numbers = { month: Number(month) || names?.get(name?.toLowerCase()), day: Number(day) };
    if (year) {
        return DateTime.fromObject({ ...numbers, year: Number(year) });
    }
    const first = today.minus({ days: PAST_DAYS });
    return [first.year, first.year + 1]
        .map((year) => DateTime.fromObject({ ...numbers, year }))
        .find((date) => date.isValid && date >= first);
}

function findWritten(text, today, locale, dateFormat) {
    for (const { regExp, names } of makeFinders(`${locale}|${dateFormat}`)) {
        for (const { groups } of text.matchAll(regExp)) {
            const date = (!groups.name || isMonth(groups.name)) && toDay(groups, names, today);
            if (date?.isValid && date >= today) {
                return date;
            }
        }
    }
    return null;
}

function findSaid(text, today) {
    const said = new RegExp(
        String.raw`\b(?:(?<after>the day after )?(?<tomorrow>tomorrow)|` +
            String.raw`(?:on|by|until|till) (?<weekday>${WEEKDAYS.join("|")}))(?![\w’'-])`,
        "i"
    ).exec(text)?.groups;
    if (!said) {
        return null;
    }
    if (said.tomorrow) {
        return today.plus({ days: said.after ? 2 : 1 });
    }
    const days = WEEKDAYS.indexOf(said.weekday.toLowerCase()) + 1 - today.weekday;
    return today.plus({ days: days > 0 ? days : days + 7 });
}

/**
 * @param {string} text
 * @param {Object} options
 * @param {import("luxon").DateTime} options.today
 * @param {string} options.locale of the user, such as "de-AT"
 * @param {string} options.dateFormat of the user, as luxon writes it
 * @returns {import("luxon").DateTime | null} the first day from today on that the text names
 */
export function findDate(text, { today, locale, dateFormat }) {
    const plain = text.replace(/\s+/g, " ");
    const start = today.startOf("day");
    return findWritten(plain, start, locale, dateFormat) || findSaid(plain, start);
}
