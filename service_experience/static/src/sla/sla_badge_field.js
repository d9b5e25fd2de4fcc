import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useSlaFaces } from "./use_sla_faces";

/** The most urgent timer of a record in one pill, for cards and lists. */
export class SlaBadgeField extends Component {
    static template = "service_experience.SlaBadgeField";
    static props = { ...standardFieldProps };

    setup() {
        this.live = useSlaFaces(() => this.mostUrgent);
    }

    get mostUrgent() {
        const status = this.props.record.data[this.props.name];
        return status && { now: status.now, timers: status.timers.slice(0, 1) };
    }

    /** @returns {string} one sentence a line */
    tooltip({ label, status, moment, notes }) {
        const first = _t("%(label)s: %(status)s", { label, status });
        return [first, moment, ...notes].filter(Boolean).join("\n");
    }
}

export const slaBadgeField = {
    component: SlaBadgeField,
    displayName: _t("Most urgent SLA timer"),
    supportedTypes: ["json"],
    isEmpty: (record, fieldName) => !record.data[fieldName]?.timers?.length,
    listViewWidth: [130, 190],
};

registry.category("fields").add("service_sla_badge", slaBadgeField);
