import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { SlaBadgeField } from "@service_experience/sla/sla_badge_field";
import { SlaClock } from "@service_experience/sla/sla_clock_service";
import { HOUR, makeStatus, mockMonotonicClock, NOW } from "./sla_test_helpers";

class ProjectTask extends models.Model {
    _name = "project.task";
    name = fields.Char();
    sla_status = fields.Json();
}
defineMailModels();
defineModels([ProjectTask]);

const KANBAN = `<kanban><templates><t t-name="card">
    <field name="name"/><field name="sla_status" widget="service_sla_badge"/>
</t></templates></kanban>`;
const LIST = `<list><field name="name"/><field name="sla_status" widget="service_sla_badge"/></list>`;
const PILL = ".o_service_sla_pill";

async function mountBadges(type, statuses) {
    const clock = mockMonotonicClock();
    ProjectTask._records = statuses.map((status, index) => ({
        id: index + 1,
        name: `Task ${index + 1}`,
        sla_status: status,
    }));
    const arch = type === "list" ? LIST : KANBAN;
    await mountView({ type, resModel: "project.task", arch, limit: 200 });
    return clock;
}

const STATUSES = [
    makeStatus({ remaining: 2 * HOUR + 300 }, { label: "Resolution" }),
    makeStatus({ breached: true, deadline: NOW - HOUR, remaining: -HOUR }),
    makeStatus({ state: "paused", deadline: null, reason: "Waiting for Azure" }),
    makeStatus({ state: "met", stopped: NOW }),
    false,
];
const TEXTS = ["2 h 05 min", "Overdue 1 h", "Paused", "Met"];

for (const type of ["kanban", "list"]) {
    test(`${type}: the most urgent timer, nothing where there is none`, async () => {
        await mountBadges(type, STATUSES);
        expect(queryAllTexts(`${PILL} bdi`)).toEqual(TEXTS);
        expect(".o_field_service_sla_badge:eq(4)").toHaveText("");
        expect(`${PILL}:eq(1)`).toHaveClass("o_service_sla_overdue");
        expect(`${PILL}:eq(1) i`).toHaveClass("fa-exclamation-circle");
    });
}

test("the title tells the promise, its date and the reason", async () => {
    await mountBadges("kanban", STATUSES);
    const title = (index) => queryOne(`${PILL}:eq(${index})`).title.replace(/\u202f/g, " ");
    expect(title(1)).toBe("First response: Overdue 1 h\nWas due Tue, Nov 24, 10:00 AM");
    expect(title(2)).toMatch(/Waiting for Azure$/);
});

test("many cards share one tick and render only what changed", async () => {
    const soon = makeStatus({ remaining: 120, deadline: NOW + 120 });
    const { elapse } = await mountBadges("kanban", [soon, ...Array(60).fill(makeStatus({}))]);
    await elapse(1); // "2 h" becomes "1 h 59 min" everywhere
    patchWithCleanup(SlaClock.prototype, {
        _tick() {
            expect.step("tick");
            super._tick();
        },
    });
    patchWithCleanup(SlaBadgeField.prototype, {
        tooltip() {
            expect.step("render");
            return super.tooltip(...arguments);
        },
    });
    await elapse(1);
    expect(`${PILL}:eq(0) bdi`).toHaveText("1:58");
    expect(`${PILL}:eq(1) bdi`).toHaveText("1 h 59 min");
    expect.verifySteps(["tick", "render"]);
});
