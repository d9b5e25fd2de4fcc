import { Component, onMounted, onPatched, useExternalListener, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { MyDayLine } from "./my_day_line";
import { countText, listName, SECTIONS, todayText } from "./words";

/** What the user owes to customers now, the most urgent first. */
export class MyDay extends Component {
    static template = "service_experience.MyDay";
    static components = { Layout, MyDayLine };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.keepLast = new KeepLast();
        this.words = { SECTIONS, countText, listName, todayText };
        this.display = { controlPanel: {} };
        this.state = useState({ day: null, isLoading: false, hasFailed: false, isBusy: false });
        this.openRecord = this.openRecord.bind(this);
        onMounted(() => this.load());
        onPatched(() => this.restoreFocus());
        useExternalListener(document, "visibilitychange", () => this.onVisibilityChange());
    }

    /** @returns {Object[]} the sections that have something */
    get sections() {
        return this.state.day.sections.filter((section) => section.count);
    }

    async load() {
        this.state.isLoading = true;
        try {
            const day = this.orm.silent.call("service.my.day", "get_day", []);
            this.state.day = await this.keepLast.add(day);
            this.state.hasFailed = false;
        } catch {
            this.state.hasFailed = true;
        }
        this.state.isLoading = false;
    }

    onVisibilityChange() {
        if (document.visibilityState === "visible" && !this.state.isBusy) {
            this.load();
        }
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openList(section, { model, domain }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: SECTIONS[section.key].title.toString(),
            res_model: model,
            domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    /** Do something with a line by a method of its model, which may ask back in a dialog. */
    async act(section, line, method) {
        // A dialog would wait for what its closing returns.
        const reload = () => void this.reloadAt(section.key);
        this.state.isBusy = true;
        try {
            await this.action.doActionButton({
                type: "object",
                name: method,
                resModel: line.model,
                resId: line.id,
                resIds: [line.id],
                onClose: reload,
            });
        } catch (error) {
            reload(); // it was refused: a colleague may have been faster
            throw error;
        } finally {
            this.state.isBusy = false;
        }
    }

    async reloadAt(key) {
        await this.load();
        this.focusAt = key;
        this.render();
    }

    /** Leave the keyboard where it was: the line that had it may be gone. */
    restoreFocus() {
        const root = this.root.el;
        if (this.focusAt && !document.activeElement?.closest(".modal")) {
            (root.querySelector(`[data-section="${this.focusAt}"] a`) || root).focus();
        }
        this.focusAt = null;
    }
}

registry.category("actions").add("service_experience.my_day", MyDay);
