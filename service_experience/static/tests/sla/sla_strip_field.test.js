import { describe, expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    clickSave,
    contains,
    defineModels,
    fields,
    mockService,
    MockServer,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import { HOUR, makeStatus, mockMonotonicClock, NOW } from "./sla_test_helpers";

class ProjectTask extends models.Model {
    _name = "project.task";
    name = fields.Char();
    sla_status = fields.Json();
}
defineMailModels();
defineModels([ProjectTask]);

const CARD = ".o_service_sla_card";

async function mountStrip(status, options = "{}") {
    const clock = mockMonotonicClock();
    ProjectTask._records = [{ id: 1, name: "Printer", sla_status: status }];
    await mountView({
        type: "form",
        resModel: "project.task",
        resId: 1,
        arch: `<form><sheet>
            <field name="sla_status" widget="service_sla_strip" nolabel="1" options="${options}"/>
            <field name="name"/>
        </sheet></form>`,
    });
    return clock;
}

test("one card a timer, in the order of the server", async () => {
    await mountStrip(
        makeStatus(
            { breached: true, deadline: NOW - HOUR, remaining: -HOUR },
            { label: "Resolution", remaining: 13 * HOUR + 20 * 60, target: 16 * HOUR },
            { label: "Handoff", kind: "ola", state: "met", stopped: NOW - HOUR },
        ),
    );
    expect(queryAllTexts(".o_service_sla_headline")).toEqual([
        "Overdue 1 h",
        "13 h 20 min left",
        "Met",
    ]);
    expect(queryAllAttributes(CARD, "aria-label")).toEqual([
        "First response",
        "Resolution",
        "Handoff",
    ]);
    expect(`${CARD}:eq(0)`).toHaveClass("o_service_sla_overdue");
    expect(`${CARD}:eq(0)`).toHaveText(/Was due Tue, Nov 24, 10:00/);
    expect(`${CARD}:eq(1)`).toHaveText(/Due Tue, Nov 24, 1:00/);
    expect(`${CARD}:eq(2)`).toHaveText(/Internal/);
    expect(queryOne(`${CARD}:eq(1) .o_service_sla_used div`)).toHaveAttribute(
        "style",
        "width: 17%",
    );
});

test("counts down, warns, and goes on after the deadline", async () => {
    const { elapse, jump } = await mountStrip(
        makeStatus({ remaining: 185, deadline: NOW + 185, warn_at: NOW + 2 }),
    );
    expect(".o_service_sla_headline").toHaveText("3:05 left");
    expect(CARD).toHaveClass("o_service_sla_ok");
    await elapse(2);
    expect(".o_service_sla_headline").toHaveText("3:03 left");
    expect(CARD).toHaveClass("o_service_sla_risk");
    expect(CARD).toHaveText(/At risk/);
    jump(HOUR);
    await elapse(1);
    expect(".o_service_sla_headline").toHaveText("Overdue 56 min");
    expect(CARD).toHaveClass("o_service_sla_overdue");
});

test("stands still outside working hours and says so", async () => {
    const { elapse } = await mountStrip(makeStatus({ windows: [] }));
    expect(CARD).toHaveText(/Outside working hours: the clock stands still/);
    await elapse(5);
    expect(".o_service_sla_headline").toHaveText("2 h left");
});

test("a paused timer tells why, and what is left", async () => {
    await mountStrip(makeStatus({ state: "paused", deadline: null, reason: "Waiting for Azure" }));
    expect(".o_service_sla_headline").toHaveText("Paused");
    expect(CARD).toHaveText(/Waiting for Azure/);
    expect(CARD).toHaveText(/2 h left/);
    expect(CARD).toHaveText(/If work resumed now: due Tue, Nov 24, 1:00/);
});

test("nothing is announced every second, and the policy is in the tooltip", async () => {
    await mountStrip(makeStatus({}));
    expect("[role=timer]").toHaveAttribute("aria-live", "off");
    expect(CARD).toHaveAttribute("title", "Policy: Gold support, target: 4 h of working time");
});

describe("without timers", () => {
    for (const status of [false, { now: NOW, timers: [] }]) {
        test(JSON.stringify(status), async () => {
            await mountStrip(status);
            expect(".o_field_service_sla_strip ul").toHaveCount(0);
            expect(".o_field_service_sla_strip").not.toBeVisible();
        });
    }
});

test("a timer opens its record only where the view allows it", async () => {
    await mountStrip(makeStatus({}));
    expect(`${CARD} button`).toHaveCount(0);
});

test("a timer opens its record", async () => {
    mockService("action", {
        doAction: (action) => expect.step([action.res_model, action.res_id]),
    });
    await mountStrip(makeStatus({ id: 7 }), "{'open': true}");
    await contains(`${CARD} button`).click();
    expect.verifySteps([["service.sla.timer", 7]]);
});

test("a new reading replaces the old one", async () => {
    const { elapse } = await mountStrip(makeStatus({}));
    await elapse(60);
    expect(".o_service_sla_headline").toHaveText("1 h 59 min left");
    const status = makeStatus({ state: "met", stopped: NOW + 60 });
    MockServer.env["project.task"].write(1, { sla_status: { ...status, now: NOW + 60 } });
    await contains(".o_field_widget[name=name] input").edit("Scanner");
    await clickSave();
    expect(".o_service_sla_headline").toHaveText("Met");
});
