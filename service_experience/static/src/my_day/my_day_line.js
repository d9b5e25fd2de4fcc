import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { BADGES, dateText, peopleText } from "./words";

/** What can be done with a line without opening it, per section. */
const DEEDS = {
    delays: [
        { method: "action_open_explain", text: _t("Explain"), className: "btn-primary" },
        { method: "action_open_dismiss", text: _t("Dismiss"), className: "btn-secondary" },
    ],
    handoffs: [
        { method: "action_open_accept", text: _t("Accept"), className: "btn-primary" },
        { method: "action_open_return", text: _t("Return"), className: "btn-secondary" },
    ],
    reviews: [
        { method: "action_done", text: _t("Good"), className: "btn-primary" },
        { method: "action_open_return", text: _t("Return"), className: "btn-secondary" },
    ],
    steps: [{ method: "action_done", text: _t("Done"), className: "btn-secondary" }],
};

/** One thing to do: what, for whom, until when. */
export class MyDayLine extends Component {
    static template = "service_experience.MyDayLine";
    static props = {
        line: Object,
        sectionKey: String,
        today: String,
        isBusy: Boolean,
        open: Function,
        act: Function,
    };

    get badge() {
        return BADGES[this.props.line.badge];
    }

    get deeds() {
        return DEEDS[this.props.sectionKey] || [];
    }

    get date() {
        return dateText(this.props.line, this.props.today);
    }

    get people() {
        return peopleText(this.props.line);
    }

    /** The address of the record, so that it can be opened in another tab. */
    get href() {
        const { model, id } = this.props.line;
        return `/odoo/${model}/${id}`;
    }

    get serviceHref() {
        return `/odoo/project.project/${this.props.line.service[0]}`;
    }

    openRecord() {
        const { model, id } = this.props.line;
        this.props.open(model, id);
    }

    openService() {
        this.props.open("project.project", this.props.line.service[0]);
    }

    /** Leave it to the browser to open another tab or window. */
    onClick(ev, open) {
        if (!(ev.ctrlKey || ev.metaKey || ev.shiftKey)) {
            ev.preventDefault();
            open.call(this);
        }
    }

    deedLabel({ text }) {
        return _t("%(deed)s: %(title)s", { deed: text, title: this.props.line.title });
    }
}
