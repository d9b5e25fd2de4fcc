import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, click, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { Deferred, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

describe.current.tags("desktop");
defineMailModels();

const LINE = ".o_service_my_day_line";
const DEED = `${LINE}:eq(0) .o_service_my_day_deeds button`;
const SERVICE = [7, "Heat pump Nordlicht"];

function makeLine(values) {
    return {
        id: 1,
        model: "service.step",
        title: "Order the pump",
        service: SERVICE,
        customer: "Nordlicht Bakery",
        asked: false,
        date: "2026-11-24",
        at: false,
        badge: "today",
        ...values,
    };
}

function makeSection(key, ...lines) {
    const list = { model: "service.step", domain: [["id", ">", 0]], count: lines.length };
    return { key, count: lines.length, is_partial: false, lines, lists: [list] };
}

const makeDay = (...sections) => ({ today: "2026-11-24", sections });

/** Open the page; `answer` is what the server says, or a function of how often it was asked. */
async function openMyDay(answer) {
    mockDate("2026-11-24 10:00:00");
    let asked = 0;
    onRpc("service.my.day", "get_day", () =>
        typeof answer === "function" ? answer(++asked) : answer
    );
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "service_experience.my_day",
        name: "My Day",
    });
    await animationFrame();
}

function catchActions() {
    patchWithCleanup(getService("action"), { doAction: (action) => expect.step(action) });
}

test("what is to do, section by section; empty ones are left out", async () => {
    const late = makeLine({ id: 2, title: "Quote sent", badge: "overdue", date: "2026-11-20" });
    await openMyDay(
        makeDay(
            makeSection("commitments", late),
            makeSection("reviews"),
            makeSection("steps", makeLine())
        )
    );
    expect("h1").toHaveText("Tuesday, November 24, 2026");
    expect(queryAllTexts("h2")).toEqual(["Commitments to keep 1", "My steps 1"]);
    expect(queryAllTexts(`${LINE} .o_service_my_day_title`)).toEqual([
        "Quote sent",
        "Order the pump",
    ]);
    expect(`${LINE}:eq(0) .badge`).toHaveText("Overdue");
    expect(`${LINE}:eq(0) .o_service_my_day_when`).toHaveText("Overdue\nFri, Nov 20");
    expect(`${LINE}:eq(1)`).toHaveText(/Nordlicht Bakery · Heat pump Nordlicht/);
});

test("who was asked, and at what time", async () => {
    const at = "2026-11-24 13:30:00";
    await openMyDay(makeDay(makeSection("asked", makeLine({ asked: "The grid operator", at }))));
    expect(LINE).toHaveText(/The grid operator · Nordlicht Bakery · Heat pump/);
    expect(queryOne(".o_service_my_day_when").innerText).toMatch(/Today, 2:30\sPM/);
});

test("more than was counted", async () => {
    const section = makeSection("updates", makeLine());
    await openMyDay(makeDay({ ...section, count: 200, is_partial: true }));
    expect("h2 .badge").toHaveText("200 or more");
});

test("nothing to do", async () => {
    await openMyDay(makeDay(makeSection("steps")));
    expect(".o_service_my_day_free").toHaveText(/^Everything is done\./);
    expect("h2").toHaveCount(0);
});

test("loading, then the day", async () => {
    const answer = new Deferred();
    await openMyDay(() => answer);
    expect(".o_service_my_day_loading").toHaveCount(1);
    answer.resolve(makeDay(makeSection("steps", makeLine())));
    await animationFrame();
    expect(".o_service_my_day_loading").toHaveCount(0);
    expect(LINE).toHaveCount(1);
});

test("a failure says so, keeps what was shown, and can be tried again", async () => {
    await openMyDay((asked) => {
        if (asked === 2) {
            throw new Error("no");
        }
        return makeDay(makeSection("steps", makeLine()));
    });
    await contains(".o_service_my_day_refresh").click();
    expect(".alert-danger").toHaveCount(1);
    expect(LINE).toHaveCount(1);
    await contains(".alert-danger button").click();
    expect(".alert-danger").toHaveCount(0);
});

test("lines open their record or its service, All opens the list", async () => {
    await openMyDay(makeDay(makeSection("steps", makeLine())));
    catchActions();
    expect(".o_service_my_day_title").toHaveAttribute("href", "/odoo/service.step/1");
    await click(".o_service_my_day_title");
    await click(".o_service_my_day_service");
    await click("section header .btn-link");
    const form = { type: "ir.actions.act_window", views: [[false, "form"]] };
    expect.verifySteps([
        { ...form, res_model: "service.step", res_id: 1 },
        { ...form, res_model: "project.project", res_id: 7 },
        {
            type: "ir.actions.act_window",
            name: "My steps",
            res_model: "service.step",
            domain: [["id", ">", 0]],
            views: [
                [false, "list"],
                [false, "form"],
            ],
        },
    ]);
});

test("services and requests have a list each", async () => {
    const lists = ["project.project", "project.task"].map((model) => ({
        model,
        domain: [],
        count: 1,
    }));
    await openMyDay(makeDay({ ...makeSection("updates", makeLine()), lists }));
    expect(queryAllTexts("section header .btn-link")).toEqual(["All services", "All requests"]);
});

/** Catch what the buttons of the lines do; `answer` stands for the server. */
function catchButtons(answer) {
    patchWithCleanup(getService("action"), {
        async doActionButton({ type, name, resModel, resId, onClose }) {
            expect.step([type, name, resModel, resId]);
            await answer(onClose);
        },
    });
}

test("a step is done, the day is loaded again and the keyboard stays", async () => {
    const lines = [makeLine(), makeLine({ id: 2, title: "Call them" })];
    await openMyDay((asked) => makeDay(makeSection("steps", ...lines.slice(asked - 1))));
    catchButtons((onClose) => onClose());
    expect(DEED).toHaveAttribute("aria-label", "Done: Order the pump");
    await contains(DEED).click();
    await animationFrame();
    expect.verifySteps([["object", "action_done", "service.step", 1]]);
    expect(queryAllTexts(".o_service_my_day_title")).toEqual(["Call them"]);
    expect(".o_service_my_day_title").toBeFocused();
});

test("an answer is returned in a dialog; the day is loaded when it closes", async () => {
    await openMyDay((asked) => makeDay(makeSection("reviews", makeLine({ title: `${asked}` }))));
    let close;
    catchButtons((onClose) => (close = onClose));
    expect(queryAllTexts(".o_service_my_day_deeds button")).toEqual(["Good", "Return"]);
    await contains(".o_service_my_day_deeds button:contains(Return)").click();
    expect.verifySteps([["object", "action_open_return", "service.step", 1]]);
    expect(".o_service_my_day_title").toHaveText("1");
    close();
    await animationFrame();
    await animationFrame();
    expect(".o_service_my_day_title").toHaveText("2");
});

test("a handoff is accepted in a dialog", async () => {
    const line = makeLine({ model: "service.handoff", title: "No hot water", asked: "Nora" });
    await openMyDay(makeDay(makeSection("handoffs", line), makeSection("handoffs_back", line)));
    catchButtons(() => {});
    expect(queryAllTexts("h2")).toEqual(["Handoffs to accept 1", "Handoffs that came back to me 1"]);
    expect(`${LINE}:eq(0)`).toHaveText(/Nora · Nordlicht Bakery/);
    expect(queryAllTexts(".o_service_my_day_deeds button")).toEqual(["Accept", "Return"]);
    await contains(DEED).click();
    expect.verifySteps([["object", "action_open_accept", "service.handoff", 1]]);
});

test("what is refused is loaded again: somebody was faster", async () => {
    expect.errors(1);
    const lines = [makeLine()];
    await openMyDay((asked) => makeDay(makeSection("steps", ...lines.slice(asked - 1))));
    catchButtons(() => {
        throw new Error("is “Done” by now");
    });
    await contains(DEED).click();
    await animationFrame();
    expect.verifySteps([["object", "action_done", "service.step", 1]]);
    expect.verifyErrors(["is “Done” by now"]);
    expect(".o_service_my_day_free").toHaveCount(1);
});

test("it is loaded again when the user comes back to the page", async () => {
    await openMyDay((asked) => makeDay(makeSection("steps", makeLine({ title: `${asked}` }))));
    document.dispatchEvent(new Event("visibilitychange"));
    await animationFrame();
    expect(".o_service_my_day_title").toHaveText("2");
});
