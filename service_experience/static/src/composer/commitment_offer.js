import { Component, useState } from "@odoo/owl";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { findDate } from "./find_date";

const { DateTime } = luxon;
const GROUP = "service_experience.service_experience_group_user";
const DEFAULTS = { "project.task": "default_task_id", "project.project": "default_project_id" };

/**
 * Offers to record the day that a message to a customer names. It never touches the message, and
 * records nothing by itself.
 */
export class CommitmentOffer extends Component {
    static template = "service_experience.CommitmentOffer";
    static props = { text: String, model: String, resId: Number };

    /** @returns {boolean} whether the messages of these records may make commitments */
    static isFor(model) {
        return model in DEFAULTS;
    }

    setup() {
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        // The composer does not wait for the answer, and does not mind if there is none.
        this.state = useState({ canRecord: false, settledDays: {} });
        user.hasGroup(GROUP).then(
            (canRecord) => (this.state.canRecord = canRecord),
            () => {}
        );
    }

    /** @returns {import("luxon").DateTime | null} the day to offer */
    get day() {
        if (!this.state.canRecord) {
            return null;
        }
        const { dateFormat } = localization;
        const today = DateTime.local();
        const day = findDate(this.props.text, { today, locale: today.locale, dateFormat });
        return day && !this.state.settledDays[day.toISODate()] ? day : null;
    }

    get sentence() {
        const isThisYear = this.day.year === DateTime.local().year;
        const date = this.day.toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
            ...(isThisYear ? {} : { year: "numeric" }),
        });
        return _t("You name a date: %(date)s.", { date });
    }

    record() {
        const day = this.day.toISODate();
        this.dialog.add(FormViewDialog, {
            resModel: "service.commitment",
            title: _t("Record as a commitment"),
            canExpand: false,
            context: {
                [DEFAULTS[this.props.model]]: this.props.resId,
                default_current_to: day,
                default_source_ref: _t("Message"),
            },
            onRecordSaved: () => {
                this.settle(day);
                this.notification.add(_t("The commitment is recorded."), { type: "success" });
            },
        });
    }

    /** Do not offer this day again while this message is written. */
    settle(day = this.day.toISODate()) {
        this.state.settledDays[day] = true;
    }
}
