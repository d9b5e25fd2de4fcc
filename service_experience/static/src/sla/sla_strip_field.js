import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useSlaFaces } from "./use_sla_faces";

/** All timers of a record side by side, for its form. */
export class SlaStripField extends Component {
    static template = "service_experience.SlaStripField";
    static props = {
        ...standardFieldProps,
        open: { type: Boolean, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.live = useSlaFaces(() => this.props.record.data[this.props.name]);
    }

    /** @param {ReturnType<typeof import("./timer_face").faceOf>} face */
    tooltip({ policy, target }) {
        return _t("Policy: %(policy)s, target: %(target)s of working time", { policy, target });
    }

    /** @param {number} timerId */
    openTimer(timerId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "service.sla.timer",
            res_id: timerId,
            views: [[false, "form"]],
        });
    }
}

export const slaStripField = {
    component: SlaStripField,
    displayName: _t("SLA timers"),
    supportedTypes: ["json"],
    supportedOptions: [
        {
            label: _t("Open timers"),
            name: "open",
            type: "boolean",
            help: _t("Let users open a timer. Only for users who may read timers."),
        },
    ],
    isEmpty: (record, fieldName) => !record.data[fieldName]?.timers?.length,
    extractProps: ({ options }) => ({ open: Boolean(options.open) }),
};

registry.category("fields").add("service_sla_strip", slaStripField);
