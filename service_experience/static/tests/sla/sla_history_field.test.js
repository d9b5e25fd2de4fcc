import { animationFrame, expect, test } from "@odoo/hoot";
import { hover, press, queryAll, queryAllTexts, queryOne, queryRect } from "@odoo/hoot-dom";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import {
    HOUR,
    makeEvent,
    makeHistory,
    makePiece,
    MINUTE,
    mockMonotonicClock,
    monday,
    NOW,
} from "./sla_test_helpers";

class SlaTimer extends models.Model {
    _name = "service.sla.timer";
    name = fields.Char();
    history = fields.Json();
}
defineMailModels();
defineModels([SlaTimer]);

const LIFE = ".o_service_sla_history";
const BAR = `${LIFE}_bar`;
const SIGN = `${LIFE}_lane ${LIFE}_sign`;
const ROW = `${LIFE}_row`;

async function mountHistory(history) {
    const clock = mockMonotonicClock();
    SlaTimer._records = [{ id: 1, name: "Resolution", history }];
    await mountView({
        type: "form",
        resModel: "service.sla.timer",
        resId: 1,
        arch: `<form edit="false"><sheet>
            <field name="history" widget="service_sla_history" nolabel="1" colspan="2"/>
            <field name="name"/>
        </sheet></form>`,
    });
    return clock;
}

const plain = (text) => text.replace(/[\u2009\u202f\u00a0]/g, " ");
const rows = (part) => queryAllTexts(`${ROW} ${LIFE}_${part}`).map(plain);
const labelOf = (selector) => plain(queryOne(selector).getAttribute("aria-label"));
const labels = (selector) => queryAll(selector).map((el) => plain(el.getAttribute("aria-label")));
const startOf = (selector) => parseFloat(queryOne(selector).style.insetInlineStart);

test("a life in words: who, why, how long, and the total so far", async () => {
    await mountHistory(makeHistory());
    expect(rows("when")).toEqual([
        "Mon, Nov 23, 9:00 – 11:00 AM",
        "Mon, Nov 23, 11:00 AM – 3:00 PM",
        "Mon, Nov 23, 3:00 PM – now",
    ]);
    expect(rows("what")).toEqual([
        "Running · 2 h spent",
        "Waiting for the customer, by Emil · “Photo of the type plate” · " +
            "4 h of working time not counted",
        "Running · 4 h spent",
    ]);
    expect(rows("total")).toEqual(["2 h of 16 h", "2 h of 16 h", "6 h of 16 h"]);
    expect(LIFE).toHaveText(/10 h left\s*6 h of 16 h spent\s*Due Wed, Nov 25, 1:00/);
});

test("pieces differ in more than colour, and everybody can reach them", async () => {
    await mountHistory(makeHistory());
    expect(BAR).toHaveCount(3);
    expect(`${BAR}:eq(1)`).toHaveClass("o_service_sla_history_paused");
    expect(queryRect(`${BAR}:eq(1)`).height).toBeLessThan(queryRect(`${BAR}:eq(0)`).height);
    expect(`${LIFE}_word:eq(1) i`).toHaveClass("fa-pause");
    expect(`${LIFE}_word:eq(1)`).toHaveText("Waiting for the customer, by Emil");
    expect(labelOf(`${BAR}:eq(1)`)).toBe(
        "Waiting for the customer, by Emil: Mon, Nov 23, 11:00 AM – 3:00 PM. " +
            "“Photo of the type plate”. 4 h of working time not counted",
    );
});

test("hover and focus explain a piece", async () => {
    await mountHistory(makeHistory());
    for (const time of ["first", "again"]) {
        await hover(`${BAR}:eq(1)`);
        await animationFrame();
        const message = `${time}: the piece is explained`;
        expect(".o_popover").toHaveText(/by Emil: .*“Photo of the type plate”/s, { message });
        await hover(`${ROW}:eq(0)`);
        await animationFrame();
        expect(".o_popover").toHaveCount(0);
    }
    queryOne(`${BAR}:eq(0)`).focus();
    await animationFrame();
    expect(".o_popover").toHaveText(/Running: Mon, Nov 23.*2 h spent/s);
    await press("Tab");
    await animationFrame();
    expect(".o_popover").toHaveText(/by Emil/);
});

test("a paused life tells who let it stand still, and what resuming would give", async () => {
    await mountHistory(
        makeHistory({
            state: "paused",
            deadline: null,
            remaining: 14 * HOUR,
            spent: 2 * HOUR,
            windows: [
                [NOW, NOW + 6 * HOUR],
                [NOW + 22 * HOUR, NOW + 30 * HOUR],
            ],
            pieces: [
                makePiece(monday(0), monday(2), 2),
                makePiece(monday(2), null, 8, { cause: "Agreed pause", by: "Petra" }),
            ],
        }),
    );
    expect(rows("what")[1]).toBe("Agreed pause, by Petra · 8 h of working time not counted");
    expect(labels(SIGN)).toEqual(["Deadline if work resumed now: Wed, Nov 25, 5:00 PM"]);
    expect(`${LIFE}_stem`).toHaveClass("o_service_sla_history_computed");
});

test("closed hours are drawn narrower than they are long", async () => {
    await mountHistory(makeHistory());
    expect(`${LIFE}_band`).toHaveCount(2);
    const [night] = queryAll(`${LIFE}_band`);
    const hour = parseFloat(queryAll(BAR)[0].style.width) / 2;
    expect(parseFloat(night.style.width)).toBeLessThan(4 * hour);
    expect(parseFloat(night.style.insetInlineStart)).toBeWithin(8 * hour - 0.3, 8 * hour + 0.3);
    expect(`${LIFE}_legend`).toHaveText(/Closed hours/);
});

test("now, warning and deadline stand where they are", async () => {
    await mountHistory(makeHistory({ warn_at: NOW + HOUR }));
    expect(labels(SIGN)).toEqual([
        "At risk from: Tue, Nov 24, 12:00 PM",
        "Deadline: Wed, Nov 25, 1:00 PM",
    ]);
    const now = startOf(`${LIFE}_now`);
    expect(startOf(`${SIGN}:eq(0)`)).toBeGreaterThan(now);
    expect(startOf(`${SIGN}:eq(1)`)).toBe(100);
});

test("a breach: sign, late part of the bar, and the excuse", async () => {
    const breachedAt = NOW - 2 * HOUR;
    await mountHistory(
        makeHistory({
            state: "missed",
            deadline: breachedAt,
            computed_deadline: breachedAt,
            breached: true,
            breached_at: breachedAt,
            end: NOW,
            stopped: NOW,
            closed: [],
            pieces: [makePiece(NOW - 4 * HOUR, NOW, 4)],
            started: NOW - 4 * HOUR,
            events: [
                makeEvent("breached", breachedAt, { label: "Breached" }),
                makeEvent("missed", NOW, { label: "Missed" }),
                makeEvent("excused", NOW + 24 * HOUR, {
                    label: "Excused",
                    by: "Lena",
                    reason: "Flood",
                }),
            ],
        }),
    );
    expect(labels(SIGN)).toEqual([
        "Breach of the deadline: Tue, Nov 24, 9:00 AM",
        "Missed: Tue, Nov 24, 11:00 AM. Excused, by Lena: Wed, Nov 25, 11:00 AM. “Flood”",
    ]);
    expect(`${LIFE}_late`).toHaveAttribute("style", "width: 50%");
    expect(`${LIFE}_now`).toHaveCount(0);
    expect(rows("what").slice(1)).toEqual(["Breached", "Missed", "Excused, by Lena · “Flood”"]);
});

test("a breach that the page sees happen", async () => {
    const soon = NOW + 2;
    const { elapse } = await mountHistory(
        makeHistory({ deadline: soon, computed_deadline: soon, end: soon, remaining: 2 }),
    );
    expect(labels(SIGN)[0]).toMatch(/^Deadline: /);
    await elapse(3);
    expect(labels(SIGN)[0]).toMatch(/^Breach of the deadline: /);
    expect(LIFE).toHaveText(/Overdue/);
});

test("an agreed deadline stands out, the computed one stays visible", async () => {
    const agreed = NOW + 30 * HOUR;
    await mountHistory(
        makeHistory({
            deadline: agreed,
            manual_deadline: agreed,
            manual_reason: "Pump arrives on Wednesday",
            end: agreed,
            events: [
                makeEvent("recalculated", NOW - HOUR, {
                    label: "Recalculated",
                    cause: "A person agreed on a date",
                    reason: "Pump arrives on Wednesday",
                    by: "Lena",
                    before: NOW + 26 * HOUR,
                    after: agreed,
                }),
            ],
        }),
    );
    expect(labels(SIGN).slice(0, 2)).toEqual([
        "Computed deadline: Wed, Nov 25, 1:00 PM",
        "Agreed deadline: Wed, Nov 25, 5:00 PM. Pump arrives on Wednesday",
    ]);
    expect(`${SIGN}:eq(0)`).toHaveClass("o_service_sla_history_computed");
    expect(`${SIGN}:eq(1)`).toHaveClass("o_service_sla_history_agreed");
    expect(rows("what").at(-1)).toBe(
        "Recalculated, by Lena · A person agreed on a date · “Pump arrives on Wednesday” · " +
            "Deadline moved from Wed, Nov 25, 1:00 PM to Wed, Nov 25, 5:00 PM",
    );
});

test("the deadline that a pause moved is told where the clock goes on", async () => {
    const resumed = makeEvent("resumed", monday(6), { after: NOW + 26 * HOUR });
    await mountHistory(makeHistory({ events: [makeEvent("paused", monday(2)), resumed] }));
    expect(ROW).toHaveCount(3);
    expect(rows("what")[2]).toBe(
        "Running · 4 h spent · deadline from then on: Wed, Nov 25, 1:00 PM",
    );
});

test("the last piece grows while the clock runs", async () => {
    const { elapse } = await mountHistory(makeHistory());
    const width = parseFloat(queryOne(`${BAR}:eq(2)`).style.width);
    await elapse(10 * 60);
    expect(rows("total")[2]).toBe("6 h 10 min of 16 h");
    expect(parseFloat(queryOne(`${BAR}:eq(2)`).style.width)).toBeGreaterThan(width);
    expect(LIFE).toHaveText(/9 h 50 min left/);
});

test("thirty minutes and three months are both readable", async () => {
    const short = { started: NOW - 12 * MINUTE, end: NOW + 18 * MINUTE, closed: [] };
    await mountHistory(
        makeHistory({ ...short, pieces: [makePiece(NOW - 12 * MINUTE, null, 0.2)] }),
    );
    expect(queryAllTexts(`${LIFE}_ticks span`).map(plain)).toInclude("11:10 AM");
    expect(queryOne(`${LIFE}_axis`).style.minWidth).toBe("");
});

test("a long life scrolls, nights collapse, and its list begins with the end", async () => {
    const day = 24 * HOUR;
    const started = NOW - 200 * day;
    const pieces = Array.from({ length: 30 }, (_, index) =>
        makePiece(started + index * day, started + (index + 1) * day, 8),
    );
    const nights = Array.from({ length: 190 }, (_, index) => [
        started + index * day + 8 * HOUR,
        started + (index + 1) * day,
    ]);
    await mountHistory(
        makeHistory({ started, pieces, closed: nights, end: NOW, state: "met", stopped: NOW }),
    );
    expect(queryOne(`${LIFE}_axis`).style.minWidth).toBe("1600px");
    expect(`${LIFE}_band`).toHaveCount(0);
    expect(ROW).toHaveCount(12);
    await contains(`${LIFE} > button:contains(18 earlier)`).click();
    expect(ROW).toHaveCount(30);
});

test("signs that would cover each other are one, and tell all", async () => {
    const escalations = [0, 1, 2].map((index) =>
        makeEvent("escalated", NOW - HOUR + index, { label: "Escalated" }),
    );
    await mountHistory(makeHistory({ events: escalations }));
    expect(`${SIGN}.o_service_sla_history_escalated`).toHaveCount(1);
    expect(`${SIGN}.o_service_sla_history_escalated sup`).toHaveText("3");
    expect(labelOf(`${SIGN}.o_service_sla_history_escalated`).match(/Escalated/g)).toHaveLength(3);
});

test("nothing is shown of a timer without a history", async () => {
    await mountHistory(false);
    expect(LIFE).toHaveCount(0);
    expect(".o_field_service_sla_history").not.toBeVisible();
});
