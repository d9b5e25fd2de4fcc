import { _t } from "@web/core/l10n/translation";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const PRECISE_BELOW = 10 * MINUTE;

/**
 * @param {number} seconds the sign is ignored
 * @returns {string} hours and minutes: "13 h 20 min", "16 h", "4 min", "less than 1 min"
 */
export function formatDuration(seconds) {
    const total = Math.abs(seconds);
    const hours = Math.floor(total / HOUR);
    const minutes = Math.floor((total % HOUR) / MINUTE);
    if (hours && minutes) {
        const padded = String(minutes).padStart(2, "0");
        return _t("%(hours)s h %(minutes)s min", { hours, minutes: padded });
    }
    if (hours) {
        return _t("%(hours)s h", { hours });
    }
    return minutes ? _t("%(minutes)s min", { minutes }) : _t("less than 1 min");
}

/**
 * @param {number} seconds working seconds left, not negative
 * @returns {string} as `formatDuration`, but with seconds ("3:05") in the last ten minutes
 */
export function formatCountdown(seconds) {
    if (seconds >= PRECISE_BELOW) {
        return formatDuration(seconds);
    }
    const left = Math.max(0, seconds);
    return `${Math.floor(left / MINUTE)}:${String(left % MINUTE).padStart(2, "0")}`;
}
