import { _t } from "@web/core/l10n/translation";
import { deadlineIfResumed, toneOf } from "./countdown";
import { formatCountdown, formatDuration } from "./durations";

const { DateTime } = luxon;

/**
 * @param {luxon.DateTime} moment
 * @param {number} serverNow epoch seconds; its year is not repeated
 * @returns {Intl.DateTimeFormatOptions} weekday, date and time
 */
export function momentFormat(moment, serverNow) {
    const format = { ...DateTime.DATETIME_MED, weekday: "short" };
    if (moment.year === DateTime.fromSeconds(serverNow).year) {
        delete format.year;
    }
    return format;
}

/**
 * @param {number} epoch seconds
 * @param {number} serverNow epoch seconds; its year is not repeated
 * @returns {string} weekday, date and time in the zone and language of the user
 */
export function formatMoment(epoch, serverNow) {
    const moment = DateTime.fromSeconds(epoch);
    return moment.toLocaleString(momentFormat(moment, serverNow));
}

function overdueText(timer, remaining) {
    const isPaused = timer.state === "paused";
    if (remaining > -60) {
        return isPaused ? _t("Paused, overdue") : _t("Overdue");
    }
    const duration = formatDuration(remaining);
    return isPaused
        ? _t("Paused, overdue %(duration)s", { duration })
        : _t("Overdue %(duration)s", { duration });
}

/**
 * @param {import("./countdown").SlaTimer} timer
 * @param {number} remaining working seconds
 * @param {number} [serverNow] epoch seconds
 * @returns {string} the shortest true words: "2 h 05 min", "Overdue 1 h", "Paused", "Met"
 */
export function statusText(timer, remaining, serverNow) {
    switch (toneOf(timer, remaining, serverNow)) {
        case "met":
            return _t("Met");
        case "missed":
            return _t("Missed");
        case "off":
            return _t("Cancelled");
        case "paused":
            return _t("Paused");
        case "overdue":
            return overdueText(timer, remaining);
        default:
            return formatCountdown(remaining);
    }
}

function doneText({ deadline, stopped }, tone, when) {
    const date = when(stopped);
    return tone === "missed" && deadline
        ? _t("Done %(date)s, was due %(deadline)s", { date, deadline: when(deadline) })
        : _t("Done %(date)s", { date });
}

function dueText({ deadline }, tone, when) {
    if (!deadline) {
        return "";
    }
    const date = when(deadline);
    return tone === "overdue" ? _t("Was due %(date)s", { date }) : _t("Due %(date)s", { date });
}

/**
 * @param {import("./countdown").SlaTimer} timer
 * @param {import("./countdown").SlaTone} tone
 * @param {number} serverNow epoch seconds
 * @returns {string} one sentence about dates: what is due, or would be, or when it ended
 */
export function momentText(timer, tone, serverNow) {
    const when = (epoch) => formatMoment(epoch, serverNow);
    if (tone === "off") {
        return "";
    }
    if (timer.stopped) {
        return doneText(timer, tone, when);
    }
    if (tone === "paused") {
        const resumed = deadlineIfResumed(timer, serverNow);
        return resumed ? _t("If work resumed now: due %(date)s", { date: when(resumed) }) : "";
    }
    return dueText(timer, tone, when);
}
