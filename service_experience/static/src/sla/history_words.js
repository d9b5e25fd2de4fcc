import { _t } from "@web/core/l10n/translation";
import { formatDuration } from "./durations";
import { formatMoment, momentFormat } from "./words";

const { DateTime, Interval } = luxon;

/**
 * @param {number} from epoch seconds
 * @param {number | null} to epoch seconds, null while it goes on
 * @param {number} serverNow epoch seconds; its year is not repeated
 * @returns {string} "Mon, Mar 2, 9:00 AM – 3:00 PM", in the zone and language of the user
 */
export function formatSpan(from, to, serverNow) {
    if (to === null) {
        return _t("%(start)s – now", { start: formatMoment(from, serverNow) });
    }
    const [start, end] = [from, to].map((epoch) => DateTime.fromSeconds(epoch));
    return Interval.fromDateTimes(start, end).toLocaleString(momentFormat(start, serverNow));
}

function causeOf({ kind, cause, by }) {
    if (kind === "running") {
        return _t("Running");
    }
    const words = cause || _t("Paused");
    return by ? _t("%(cause)s, by %(name)s", { cause: words, name: by }) : words;
}

function effectOf({ kind, seconds }) {
    if (!seconds) {
        return _t("outside working hours");
    }
    const duration = formatDuration(seconds);
    return kind === "running"
        ? _t("%(duration)s spent", { duration })
        : _t("%(duration)s of working time not counted", { duration });
}

/**
 * @param {import("./history_life").LifePiece} piece grown to now
 * @param {number} serverNow epoch seconds
 */
export function pieceWords(piece, serverNow) {
    const { from, to, isOpen, reason, due } = piece;
    const date = due && formatMoment(due, serverNow);
    return {
        when: formatSpan(from, isOpen ? null : to, serverNow),
        what: causeOf(piece),
        notes: [
            reason && quote(reason),
            effectOf(piece),
            date && _t("deadline from then on: %(date)s", { date }),
        ].filter(Boolean),
    };
}

function quote(words) {
    return _t("“%(words)s”", { words });
}

function deadlineNote({ before, after }, when) {
    if (before && after && before !== after) {
        return _t("Deadline moved from %(before)s to %(after)s", {
            before: when(before),
            after: when(after),
        });
    }
    return after && after !== before ? _t("Deadline: %(date)s", { date: when(after) }) : null;
}

/**
 * @param {import("./history_life").LifeEvent} event
 * @param {number} serverNow epoch seconds
 */
export function eventWords(event, serverNow) {
    const { label, by, cause, reason } = event;
    const when = (epoch) => formatMoment(epoch, serverNow);
    return {
        when: when(event.at),
        what: by ? _t("%(what)s, by %(name)s", { what: label, name: by }) : label,
        notes: [cause, reason && quote(reason), deadlineNote(event, when)].filter(Boolean),
    };
}

/** @returns {string[]} one sentence a line, for tooltips and for those who listen */
export function inLines({ when, what, notes = [] }) {
    return [_t("%(what)s: %(when)s", { what, when }), ...notes];
}

/** @returns {string} "6 h of 16 h" */
export function spentText(spent, target) {
    return _t("%(spent)s of %(target)s", {
        spent: spent ? formatDuration(spent) : _t("0 min"),
        target: formatDuration(target),
    });
}
