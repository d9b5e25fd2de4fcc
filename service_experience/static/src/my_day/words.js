import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const { DateTime } = luxon;

/** What a section is called, and what its lines are. */
export const SECTIONS = {
    delays: { title: _t("Delays to explain"), icon: "fa-commenting-o" },
    handoffs: { title: _t("Handoffs to accept"), icon: "fa-exchange" },
    handoffs_back: { title: _t("Handoffs that came back to me"), icon: "fa-reply" },
    commitments: { title: _t("Commitments to keep"), icon: "fa-handshake-o" },
    reviews: { title: _t("Answers to review"), icon: "fa-inbox" },
    updates: { title: _t("Customers to inform"), icon: "fa-bullhorn" },
    steps: { title: _t("My steps"), icon: "fa-check-square-o" },
    asked: { title: _t("Asked and overdue: call them"), icon: "fa-phone" },
    requests: { title: _t("Requests at risk"), icon: "fa-clock-o" },
};

/** Text and colour of how urgent a line is; the colour is never the only sign. */
export const BADGES = {
    overdue: { text: _t("Overdue"), className: "text-bg-danger" },
    at_risk: { text: _t("At risk"), className: "text-bg-warning" },
    today: { text: _t("Today"), className: "text-bg-info" },
    tomorrow: { text: _t("Tomorrow"), className: "text-bg-light border" },
};

const LIST_NAMES = {
    "project.project": _t("All services"),
    "project.task": _t("All requests"),
};

/**
 * @param {Object} section with one list, or one per model
 * @param {Object} list
 * @returns {string} what the button of a list says
 */
export function listName(section, list) {
    return section.lists.length > 1 ? LIST_NAMES[list.model] : _t("All");
}

/** @returns {string} how many there are, at least */
export function countText({ count, is_partial: isPartial }) {
    return isPartial ? _t("%(count)s or more", { count }) : String(count);
}

/**
 * @param {{ date: string | false, at: string | false }} line
 * @param {string} today ISO
 * @returns {string} "Fri, Nov 27", "Fri, Nov 27, 2:30 PM" or "Today, 2:30 PM"
 */
export function dateText({ date, at }, today) {
    if (!date) {
        return "";
    }
    const day = { weekday: "short", month: "short", day: "numeric" };
    if (!at) {
        return deserializeDate(date).toLocaleString(day);
    }
    const moment = deserializeDateTime(at);
    return date === today
        ? _t("Today, %(time)s", { time: moment.toLocaleString(DateTime.TIME_SIMPLE) })
        : moment.toLocaleString({ ...day, ...DateTime.TIME_SIMPLE });
}

/** @returns {string} who was asked and for which customer, without saying the customer twice */
export function peopleText({ asked, customer }) {
    const people = asked && customer && asked.startsWith(customer) ? [asked] : [asked, customer];
    return people.filter(Boolean).join(" · ");
}

/** @param {string} today ISO */
export function todayText(today) {
    return deserializeDate(today).toLocaleString(DateTime.DATE_HUGE);
}
