import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { localization } from "@web/core/l10n/localization";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { Tooltip } from "@web/core/tooltip/tooltip";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { drawHistory } from "./history_drawing";
import { useSlaClock } from "./use_sla_clock";

/** Until the page has told how much room there is. */
const USUAL_WIDTH = 800;
/** A longer list shows its end first. */
const LONG_LIST = 24;
const SHOWN_OF_LONG_LIST = 12;
/** Where now is on a page that is too narrow for the whole life. */
const NOW_AT = 0.7;
const TOOLTIP = "service_experience.SlaHistoryTooltip";

/** The life of one timer: drawn on an axis, and told in words. */
export class SlaHistoryField extends Component {
    static template = "service_experience.SlaHistoryField";
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ width: USUAL_WIDTH, isWhole: false });
        this.scroller = useRef("scroller");
        this.explained = null;
        const options = {
            role: "tooltip",
            setActiveElement: false,
            onClose: () => (this.explained = null),
        };
        this.above = usePopover(Tooltip, { ...options, position: "top" });
        this.below = usePopover(Tooltip, { ...options, position: "bottom" });
        this.live = useSlaClock(
            () => this.props.record.data[this.props.name],
            (history, now) => drawHistory(history, now, this.state.width),
        );
        const observer = new ResizeObserver(() => this.measure());
        onMounted(() => this.scroller.el && observer.observe(this.scroller.el));
        onMounted(() => this.showNow());
        onWillUnmount(() => observer.disconnect());
    }

    /** The rows to show: of a long list the last ones, until all are asked for. */
    get rows() {
        const { rows } = this.live.drawing;
        return this.hidden ? rows.slice(-SHOWN_OF_LONG_LIST) : rows;
    }

    get hidden() {
        const { length } = this.live.drawing.rows;
        return this.state.isWhole || length <= LONG_LIST ? 0 : length - SHOWN_OF_LONG_LIST;
    }

    get moreText() {
        return _t("Show %(count)s earlier entries", { count: this.hidden });
    }

    measure() {
        const el = this.scroller.el;
        if (el) {
            const { paddingLeft, paddingRight } = getComputedStyle(el);
            const padding = parseFloat(paddingLeft) + parseFloat(paddingRight);
            this.state.width = Math.round(el.clientWidth - padding) || USUAL_WIDTH;
        }
    }

    /** Of a life that does not fit, show what is around now, or the end. */
    showNow() {
        this.measure();
        const el = this.scroller.el;
        if (el) {
            const now = (el.scrollWidth * (this.live.drawing.now ?? 100)) / 100;
            const from = Math.max(0, now - NOW_AT * el.clientWidth);
            el.scrollLeft = localization.direction === "rtl" ? -from : from;
        }
    }

    /** @param {Event} ev at something on the axis, or in it */
    explain(ev) {
        const el = ev.target.closest("[data-point]");
        if (el && el !== this.explained) {
            const { bars, promises, happenings } = this.live.drawing;
            const isIt = ({ point }) => point === el.dataset.point;
            const { lines } = [...bars, ...promises, ...happenings].find(isIt);
            const popover = happenings.some(isIt) ? this.below : this.above;
            this.close();
            popover.open(el, { template: TOOLTIP, info: { lines } });
            this.explained = el;
        }
    }

    /** @param {Event} ev that leaves something on the axis */
    silence(ev) {
        if (!ev.target.closest("[data-point]")?.contains(ev.relatedTarget)) {
            this.close();
        }
    }

    close() {
        this.above.close();
        this.below.close();
    }
}

export const slaHistoryField = {
    component: SlaHistoryField,
    displayName: _t("Life of an SLA timer"),
    supportedTypes: ["json"],
    isEmpty: (record, fieldName) => !record.data[fieldName],
};

registry.category("fields").add("service_sla_history", slaHistoryField);
