import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, edit, queryOne, tick } from "@odoo/hoot-dom";
import { lockWebsocketConnect } from "@bus/../tests/bus_test_helpers";
import { WEBSOCKET_CLOSE_CODES } from "@bus/workers/websocket_worker";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";
import { MockServer } from "@web/../tests/web_test_helpers";
import {
    elapse,
    makePage,
    MINUTE,
    mockChance,
    mockServerOfPage,
    SECOND,
    setVisibility,
    stopClocks,
} from "./live_test_helpers";

const [CHIP, SAID, DATES] = [
    ".o_service_live_chip",
    ".o_service_live_said",
    ".day",
];
const CHANNEL = "signed:channel";
const ASKED = '/my/service/5/version "7"';
const FETCHED = "/my/service/5/sections?since=7&have=title.old%2Cdates.old";
const FETCHED_8 = "/my/service/5/sections?since=8&have=title.old%2Cdates.new";
const SECTIONS = { dates: `<section><h2>Dates</h2><p class="day">Friday</p><input name="note"></section>` };

let server;

beforeEach(() => {
    stopClocks();
    mockChance(0.5);
    server = mockServerOfPage();
    setupInteractionWhiteList(["service_experience_portal.service_live"]);
});

/** Open the page of a service and let its socket connect, if it can. */
async function openPage(values) {
    const page = await startInteractions(makePage(SECTIONS, values));
    await elapse(2 * SECOND, 100);
    return page;
}

/** Open a page that listens, and answer the question it asks first. */
async function openLivePage(values) {
    const page = await openPage(values);
    expect.verifySteps([ASKED]);
    await server.refuse(304);
    expect(CHIP).toHaveText("Live");
    return page;
}

const makeAnswer = (values = {}) => ({
    version: 8,
    sections: { dates: SECTIONS.dates.replace("Friday", "Monday") },
    stamps: { dates: "new" },
    refresh_in: 86_400,
    now: Date.now(),
    updated: `Updated <time datetime="${new Date().toISOString()}">today</time>`,
    announce: "Dates: Monday",
    channel: CHANNEL,
    seen_url: null,
    ...values,
});

const bus = () => MockServer.env["bus.bus"];
const isHeard = (channel = CHANNEL) =>
    Object.values(bus().channelsByUser).flat().includes(channel);

/** Tell all pages that the service has changed. */
async function tellChange(version, { id = 5, channel = CHANNEL } = {}) {
    bus()._sendone(channel, "service_experience/changed", { id, version });
    await elapse(100, 100);
}

async function hide() {
    setVisibility("hidden");
    await tick();
}

async function show() {
    setVisibility("visible");
    await tick();
}

describe("with a socket", () => {
    test("a page looks once when it is connected, and is live", async () => {
        await startInteractions(makePage(SECTIONS));
        expect(CHIP).not.toBeVisible();
        await elapse(2 * SECOND, 100);
        expect.verifySteps([ASKED]);
        await server.refuse(304);
        expect(CHIP).toHaveText("Live");
        expect(isHeard()).toBe(true);
        await elapse(4 * MINUTE, 5 * SECOND);
        expect.verifySteps([]);
        await elapse(MINUTE + 5 * SECOND, 5 * SECOND);
        expect.verifySteps([ASKED]); // for whatever was not told
        await server.refuse(304);
    });

    test("a change that is told is shown and said", async () => {
        await openLivePage();
        await elapse(5 * SECOND);
        await tellChange(8);
        expect.verifySteps([FETCHED]);
        await server.answer(makeAnswer());
        await elapse(1);
        expect(DATES).toHaveText("Monday");
        expect(SAID).toHaveText("Dates: Monday");
        expect(".o_service_page_updated").toHaveText("Updated now");
    });

    test("a change of another service is not ours", async () => {
        await openLivePage();
        await tellChange(8, { id: 6 });
        expect.verifySteps([]);
    });

    test("a change that was told and is not there yet is looked for", async () => {
        await openLivePage();
        await tellChange(9);
        await server.answer(makeAnswer());
        expect.verifySteps([FETCHED]);
        await elapse(SECOND);
        expect.verifySteps([FETCHED_8]);
        await server.answer(makeAnswer({ version: 9 }));
    });

    test("a connection that is lost is noticed, and when it is back the page looks", async () => {
        await openLivePage();
        await elapse(2 * SECOND);
        const unlock = lockWebsocketConnect();
        bus()._simulateDisconnection(WEBSOCKET_CLOSE_CODES.ABNORMAL_CLOSURE);
        await elapse(100, 100);
        expect(CHIP).toHaveText("Checked every 30 seconds");
        expect.verifySteps([]);
        unlock();
        await elapse(20 * SECOND, 100);
        expect.verifySteps([ASKED]);
        await server.refuse(304);
        expect(CHIP).toHaveText("Live");
    });

    test("the channel follows what the server says", async () => {
        await openLivePage();
        await tellChange(8);
        await server.answer(makeAnswer({ channel: "signed:later" }));
        await elapse(SECOND, 100);
        expect([isHeard(), isHeard("signed:later")]).toEqual([false, true]);
        expect(CHIP).toHaveText("Live");
        await tellChange(9, { channel: "signed:later" });
        await server.answer(makeAnswer({ version: 9, channel: null }));
        await elapse(SECOND, 100);
        expect([isHeard(), isHeard("signed:later")]).toEqual([false, false]);
        expect(CHIP).not.toBeVisible();
        expect.verifySteps([FETCHED, FETCHED_8]);
    });
});

describe("without a socket", () => {
    beforeEach(lockWebsocketConnect);

    test("a page says so after a moment, and asks every 30 seconds", async () => {
        await openPage();
        expect(CHIP).not.toBeVisible();
        await elapse(4 * SECOND);
        expect(CHIP).toHaveText("Checked every 30 seconds");
        await elapse(23 * SECOND);
        expect.verifySteps([]);
        await elapse(SECOND);
        expect.verifySteps([ASKED]);
        await server.refuse(304);
        await elapse(29 * SECOND);
        expect.verifySteps([]);
        await elapse(SECOND);
        expect.verifySteps([ASKED]);
        await server.answer({ version: 8 });
        expect.verifySteps([FETCHED]);
        await server.answer(makeAnswer());
        expect(DATES).toHaveText("Monday");
    });

    test("a page that nobody looks at asks seldom", async () => {
        await openPage();
        await hide();
        await elapse(5 * MINUTE - 5 * SECOND, 5 * SECOND);
        expect.verifySteps([]);
        await elapse(5 * SECOND);
        expect.verifySteps([ASKED]);
        await server.refuse(304);
    });
});

describe("nobody looks", () => {
    test("after a minute, the channel is given up; a look brings it back", async () => {
        await openLivePage();
        await hide();
        await elapse(MINUTE - SECOND, 5 * SECOND);
        expect(isHeard()).toBe(true);
        await elapse(2 * SECOND);
        expect(isHeard()).toBe(false);
        await elapse(2 * MINUTE, 5 * SECOND);
        expect(isHeard()).toBe(false);
        expect.verifySteps([]);
        await show();
        expect.verifySteps([ASKED]); // at once
        await server.refuse(304);
        await elapse(600, 100);
        expect(isHeard()).toBe(true);
        expect(CHIP).toHaveText("Live");
        expect.verifySteps([]);
        await elapse(100);
        expect.verifySteps([ASKED]); // and for what was told in between
        await server.refuse(304);
    });

    test("who is back within a minute has missed nothing", async () => {
        await openLivePage();
        await hide();
        await elapse(50 * SECOND, 5 * SECOND);
        await show();
        expect.verifySteps([ASKED]);
        await server.refuse(304);
        await elapse(50 * SECOND, 5 * SECOND);
        expect(isHeard()).toBe(true);
        expect.verifySteps([]);
    });

    test("a page that is opened in the background does not listen until it is seen", async () => {
        setVisibility("hidden");
        await openPage();
        expect(isHeard()).toBe(false);
        expect.verifySteps([]);
        await show();
        expect.verifySteps([ASKED]);
        await server.refuse(304);
        await elapse(500, 100);
        expect(isHeard()).toBe(true);
    });
});

describe("time passes", () => {
    test("what changes by itself is fetched then", async () => {
        await openLivePage({ "refresh-in": 100 });
        await elapse(100 * SECOND, 5 * SECOND);
        expect.verifySteps([]);
        await elapse(5 * SECOND);
        expect.verifySteps([FETCHED]);
        await server.answer(makeAnswer({ refresh_in: 50 }));
        await elapse(50 * SECOND, 5 * SECOND);
        expect.verifySteps([]);
        await elapse(5 * SECOND);
        expect.verifySteps([FETCHED_8]);
        await server.answer(makeAnswer());
    });

    test("how long ago it changed is told", async () => {
        await openLivePage();
        await elapse(2 * MINUTE, 5 * SECOND);
        expect(".o_service_page_updated").toHaveText("Updated 2 min. ago");
    });
});

describe("a service that is over", () => {
    test("nothing is said of it, nothing heard, and it is looked after seldom", async () => {
        await openPage({ channel: null });
        await elapse(10 * SECOND);
        expect(CHIP).not.toBeVisible();
        expect(isHeard()).toBe(false);
        await elapse(4 * MINUTE, 5 * SECOND);
        expect.verifySteps([]);
        await elapse(MINUTE, 5 * SECOND);
        expect.verifySteps([ASKED]);
        await server.refuse(304);
    });

    test("it may begin again", async () => {
        await openPage({ channel: null });
        window.dispatchEvent(new Event("online"));
        await server.answer({ version: 8 });
        await server.answer(makeAnswer());
        await elapse(SECOND, 100);
        expect(isHeard()).toBe(true);
        expect(CHIP).toHaveText("Live");
        const later = FETCHED.replace(/sections.*/, 'version "8"');
        expect.verifySteps([ASKED, FETCHED, later]);
        await server.refuse(304);
    });
});

describe("trouble", () => {
    test("a page that cannot ask says so, and looks when there is a network", async () => {
        await openLivePage();
        await elapse(5 * SECOND);
        window.dispatchEvent(new Event("offline"));
        await server.fail();
        expect(CHIP).toHaveText("Offline. Showing the state of 10:00 AM");
        await elapse(1);
        expect(SAID).toHaveText("Offline. Showing the state of 10:00 AM");
        expect.verifySteps([ASKED]);
        window.dispatchEvent(new Event("online"));
        expect.verifySteps([ASKED]);
        await server.refuse(304);
        expect(CHIP).not.toHaveText(/Offline/);
    });

    test("a page that is not theirs any more says so, and is silent", async () => {
        await openLivePage();
        await elapse(5 * SECOND);
        await tellChange(8);
        await server.refuse(404);
        await elapse(SECOND, 100);
        expect(CHIP).toHaveText("This page is not available any more. Reload it.");
        expect(SAID).toHaveText("This page is not available any more. Reload it.");
        expect(isHeard()).toBe(false);
        expect.verifySteps([FETCHED]);
        await hide();
        await show();
        window.dispatchEvent(new Event("online"));
        await elapse(10 * MINUTE, 5 * SECOND);
        expect(isHeard()).toBe(false);
        expect.verifySteps([]);
    });

    test("a page that was left asks and hears nothing", async () => {
        const { core } = await openLivePage();
        await tellChange(8);
        expect.verifySteps([FETCHED]);
        core.stopInteractions();
        await elapse(SECOND, 100);
        expect.verifySteps(["aborted"]);
        expect(isHeard()).toBe(false);
        document.dispatchEvent(new Event("visibilitychange"));
        window.dispatchEvent(new Event("online"));
        await elapse(10 * MINUTE, 5 * SECOND);
        expect.verifySteps([]);
    });
});

describe("somebody is at work", () => {
    test("what is new is shown when they are done, and told to be seen then", async () => {
        await openLivePage();
        queryOne(".o_service_page").addEventListener("service_seen", ({ detail }) =>
            expect.step(`seen ${detail}`)
        );
        await click("input");
        await edit("mine");
        await tellChange(8);
        await server.answer(makeAnswer({ seen_url: "/my/service/5/seen" }));
        expect(DATES).toHaveText("Friday");
        expect("[data-section=dates] .o_service_live_news").toHaveCount(1);
        await edit("");
        await elapse(100);
        expect(DATES).toHaveText("Friday"); // the focus is there
        expect.verifySteps([FETCHED]);
        document.activeElement.blur();
        await elapse(1);
        expect(DATES).toHaveText("Monday");
        expect.verifySteps(["seen /my/service/5/seen"]);
    });

    test("what is shown at once is told to be seen at once", async () => {
        await openLivePage();
        queryOne(".o_service_page").addEventListener("service_seen", ({ detail }) =>
            expect.step(`seen ${detail}`)
        );
        await tellChange(8);
        await server.answer(makeAnswer({ seen_url: "/my/service/5/seen" }));
        expect.verifySteps([FETCHED, "seen /my/service/5/seen"]);
    });
});
