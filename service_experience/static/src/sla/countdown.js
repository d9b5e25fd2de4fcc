/**
 * Arithmetic of a countdown in working time. Nothing here reads a clock or the page: every function
 * gets the server's time as an argument, in whole epoch seconds.
 *
 * @typedef {Object} SlaTimer one entry of the field `sla_status`
 * @property {number} id
 * @property {string} label
 * @property {string} policy
 * @property {"sla" | "ola"} kind
 * @property {"running" | "paused" | "met" | "missed" | "cancelled"} state
 * @property {number | null} deadline epoch seconds
 * @property {boolean} breached
 * @property {boolean} at_risk
 * @property {number | null} warn_at epoch seconds
 * @property {number} target working seconds
 * @property {number} remaining working seconds left when it was read, negative when overdue
 * @property {[number, number][]} windows open intervals from the reading on, epoch seconds, half-open
 * @property {number | null} stopped epoch seconds
 * @property {string | null} reason why the timer is paused
 *
 * @typedef {"ok" | "risk" | "overdue" | "paused" | "met" | "missed" | "off"} SlaTone
 */

const FINAL_TONES = { met: "met", missed: "missed", cancelled: "off" };

/**
 * @param {[number, number][]} windows open intervals, epoch seconds, half-open
 * @param {number} from epoch seconds
 * @param {number} to epoch seconds
 * @returns {number} open seconds between two instants
 */
export function openSeconds(windows, from, to) {
    const shared = ([open, close]) => Math.max(0, Math.min(close, to) - Math.max(open, from));
    return windows.reduce((sum, window) => sum + shared(window), 0);
}

/**
 * Working time left. Outside the windows it stands still, and so it does after the last known one.
 *
 * @param {SlaTimer} timer
 * @param {number} serverNow epoch seconds
 * @param {number} [readAt] epoch seconds at which `timer.remaining` was true
 * @returns {number} working seconds, negative when overdue
 */
export function remainingAt(timer, serverNow, readAt = 0) {
    if (timer.state !== "running") {
        return timer.remaining;
    }
    return timer.remaining - openSeconds(timer.windows, readAt, serverNow);
}

/**
 * Whether a running timer stands still because nobody works now. After the last known window
 * nothing is known, and nothing is claimed.
 *
 * @param {SlaTimer} timer
 * @param {number} serverNow epoch seconds
 * @returns {boolean}
 */
export function isClosedAt(timer, serverNow) {
    const { state, windows } = timer;
    if (state !== "running" || windows.some(([from, to]) => from <= serverNow && serverNow < to)) {
        return false;
    }
    return !windows.length || windows.some(([from]) => serverNow < from);
}

/**
 * The deadline a paused timer would get if work resumed now.
 *
 * @param {SlaTimer} timer
 * @param {number} serverNow epoch seconds
 * @returns {number | null} epoch seconds, null when the known windows do not reach that far
 */
export function deadlineIfResumed(timer, serverNow) {
    let left = timer.remaining;
    for (const [open, close] of left > 0 ? timer.windows : []) {
        const from = Math.max(open, serverNow);
        if (close - from >= left) {
            return from + left;
        }
        left -= Math.max(0, close - from);
    }
    return null;
}

/**
 * Stopping exactly at the deadline still keeps the promise. Where there is a deadline it alone
 * decides: one that a person agreed on may come long after the time of the target is used up.
 */
function isOverdue({ breached, deadline }, remaining, serverNow) {
    return breached || (deadline ? serverNow > deadline : remaining < 0);
}

function isAtRisk({ at_risk: atRisk, warn_at: warnAt }, serverNow) {
    return atRisk || Boolean(warnAt && serverNow >= warnAt);
}

/**
 * @param {SlaTimer} timer
 * @param {number} remaining working seconds, see `remainingAt`
 * @param {number} [serverNow] epoch seconds
 * @returns {SlaTone} a breach stays visible through a pause: a pause heals nothing
 */
export function toneOf(timer, remaining, serverNow = 0) {
    if (timer.state in FINAL_TONES) {
        return FINAL_TONES[timer.state];
    }
    if (isOverdue(timer, remaining, serverNow)) {
        return "overdue";
    }
    if (timer.state === "paused") {
        return "paused";
    }
    return isAtRisk(timer, serverNow) ? "risk" : "ok";
}
