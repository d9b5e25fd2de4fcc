import { _t } from "@web/core/l10n/translation";
import { isClosedAt, remainingAt, toneOf } from "./countdown";
import { formatDuration } from "./durations";
import { momentText, statusText } from "./words";

const ICONS = {
    ok: "fa-clock-o",
    risk: "fa-exclamation-triangle",
    overdue: "fa-exclamation-circle",
    paused: "fa-pause-circle-o",
    met: "fa-check-circle",
    missed: "fa-times-circle",
    off: "fa-ban",
};

/** Working time used, in whole percent of the target. */
function usedPercent(timer, remaining) {
    const percent = Math.round(100 - (100 * remaining) / timer.target);
    return Math.min(100, Math.max(0, percent));
}

/** Sentences that explain why the number is what it is. */
function notesOf(timer, tone, remaining, isClosed) {
    const notes = [];
    if (tone === "risk") {
        notes.push(_t("At risk"));
    }
    if (timer.state === "paused" && remaining > 0) {
        notes.push(_t("%(duration)s left", { duration: formatDuration(remaining) }));
    }
    if (timer.state === "paused" && timer.reason) {
        notes.push(timer.reason);
    }
    if (isClosed) {
        notes.push(_t("Outside working hours: the clock stands still"));
    }
    return notes;
}

/**
 * Everything a widget shows of one timer at one instant: plain data, so that two instants can be
 * compared and the page is only touched when something visible changed.
 *
 * @param {import("./countdown").SlaTimer} timer
 * @param {number} serverNow epoch seconds
 * @param {number} readAt epoch seconds of the reading
 */
export function faceOf(timer, serverNow, readAt) {
    const remaining = remainingAt(timer, serverNow, readAt);
    const tone = toneOf(timer, remaining, serverNow);
    const isClosed = isClosedAt(timer, serverNow);
    const status = statusText(timer, remaining, serverNow);
    const isCounting = tone === "ok" || tone === "risk";
    return {
        id: timer.id,
        label: timer.label,
        policy: timer.policy,
        isInternal: timer.kind === "ola",
        tone,
        icon: isClosed ? "fa-moon-o" : ICONS[tone],
        status,
        headline: isCounting ? _t("%(duration)s left", { duration: status }) : status,
        moment: momentText(timer, tone, serverNow),
        notes: notesOf(timer, tone, remaining, isClosed),
        target: formatDuration(timer.target),
        used: usedPercent(timer, remaining),
    };
}
