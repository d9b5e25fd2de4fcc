import { _t } from "@web/core/l10n/translation";
import { eventWords, inLines } from "./history_words";
import { formatMoment } from "./words";

/**
 * The signs on the axis by kind: the lower the rank, the more it says. `above` are promises, the
 * others are what somebody decided or was told.
 */
const SIGNS = {
    breach: { rank: 0, above: true, icon: "fa-exclamation-circle", name: () => _t("Breach") },
    agreed: { rank: 1, above: true, icon: "fa-handshake-o", name: () => _t("Agreed deadline") },
    deadline: { rank: 2, above: true, icon: "fa-flag", name: () => _t("Deadline") },
    computed: { rank: 3, above: true, icon: "fa-flag-o", name: () => _t("Computed deadline") },
    warned: { rank: 4, above: true, icon: "fa-exclamation-triangle", name: () => _t("Warning") },
    met: { rank: 0, icon: "fa-check-circle", name: () => _t("Met") },
    missed: { rank: 0, icon: "fa-times-circle", name: () => _t("Missed") },
    cancelled: { rank: 0, icon: "fa-ban", name: () => _t("Cancelled") },
    excused: { rank: 1, icon: "fa-gavel", name: () => _t("Excused") },
    withdrawn: { rank: 1, icon: "fa-undo", name: () => _t("Excuse withdrawn") },
    recalculated: { rank: 2, icon: "fa-refresh", name: () => _t("Recalculated") },
    escalated: { rank: 3, icon: "fa-bullhorn", name: () => _t("Escalated") },
};

/** What the events say of a promise is drawn from the timer itself. */
const DRAWN_FROM_TIMER = ["breached"];

function sign(kind, at, words) {
    const { rank, above = false, icon, name } = SIGNS[kind];
    return { kind, at, rank, above, icon, name: name(), lines: inLines(words) };
}

/** @returns {string} icon of an event */
export function iconOf(kind) {
    return (SIGNS[kind === "breached" ? "breach" : kind] ?? SIGNS.recalculated).icon;
}

function deadlineSign(life, when) {
    const { deadline, manual_deadline: agreed, manual_reason: reason } = life;
    if (!deadline || deadline === life.breached_at) {
        return null;
    }
    const isAgreed = deadline === agreed;
    return sign(isAgreed ? "agreed" : "deadline", deadline, {
        what: isAgreed ? _t("Agreed deadline") : _t("Deadline"),
        when: when(deadline),
        notes: isAgreed && reason ? [reason] : [],
    });
}

function breachSign({ breached_at: at, manual_deadline: agreed }, when) {
    const what = at === agreed ? _t("Breach of the agreed deadline") : _t("Breach of the deadline");
    return at ? sign("breach", at, { what, when: when(at) }) : null;
}

function computedSign({ computed_deadline: at, deadline, state }, when) {
    if (!at || at === deadline) {
        return null;
    }
    const what = state === "paused" ? _t("Deadline if work resumed now") : _t("Computed deadline");
    return sign("computed", at, { what, when: when(at) });
}

function agreedSign({ manual_deadline: at, state }, when) {
    const isHeld = state === "paused" && at;
    const notes = [_t("Moves on when the clock goes on")];
    return isHeld ? sign("agreed", at, { what: _t("Agreed deadline"), when: when(at), notes }) : null;
}

function warningSign({ warn_at: at, state, events }, when) {
    const isTold = events.some((event) => event.kind === "warned" && Math.abs(event.at - at) < 60);
    const isDue = state === "running" && at && !isTold;
    return isDue ? sign("warned", at, { what: _t("At risk from"), when: when(at) }) : null;
}

/**
 * @param {import("./history_life").SlaHistory} life grown to now
 * @param {number} serverNow epoch seconds
 * @returns {ReturnType<typeof sign>[]} the signs of a life in the order of time
 */
export function signsOf(life, serverNow) {
    const when = (epoch) => formatMoment(epoch, serverNow);
    const told = life.events
        .filter(({ kind }) => kind in SIGNS && !DRAWN_FROM_TIMER.includes(kind))
        .map((event) => sign(event.kind, event.at, eventWords(event, serverNow)));
    const makers = [deadlineSign, breachSign, computedSign, agreedSign, warningSign];
    const own = makers.map((make) => make(life, when)).filter(Boolean);
    return [...own, ...told].sort((one, other) => one.at - other.at);
}
