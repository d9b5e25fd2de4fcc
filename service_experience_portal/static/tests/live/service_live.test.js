import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { lockWebsocketConnect } from "@bus/../tests/bus_test_helpers";
import { WEBSOCKET_CLOSE_CODES } from "@bus/workers/websocket_worker";
import { startInteractions } from "@web/../tests/public/helpers";
import {
    ASKED,
    bus,
    CHIP,
    DATES,
    FETCHED,
    FETCHED_8,
    hide,
    isHeard,
    makeAnswer,
    openLivePage,
    openPage,
    SAID,
    SECTIONS,
    setUpPage,
    show,
    tellChange,
} from "./live_page_helpers";
import { elapse, makePage, MINUTE, SECOND, setVisibility } from "./live_test_helpers";

let server;

beforeEach(() => {
    server = setUpPage();
});

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
        await openLivePage(server);
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
        await openLivePage(server);
        await tellChange(8, { id: 6 });
        expect.verifySteps([]);
    });

    test("a change that was told and is not there yet is looked for", async () => {
        await openLivePage(server);
        await tellChange(9);
        await server.answer(makeAnswer());
        expect.verifySteps([FETCHED]);
        await elapse(SECOND);
        expect.verifySteps([FETCHED_8]);
        await server.answer(makeAnswer({ version: 9 }));
    });

    test("a connection that is lost is noticed, and when it is back the page looks", async () => {
        await openLivePage(server);
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
        await openLivePage(server);
        await tellChange(8);
        await server.answer(makeAnswer({ channel: "signed:later" }));
        await elapse(SECOND, 100);
        expect([isHeard(), isHeard("signed:later")]).toEqual([false, true]);
        expect(CHIP).toHaveText("Live");
        await tellChange(9, { channel: "signed:later" });
        await server.answer(makeAnswer({ version: 9, channel: null }));
        await elapse(SECOND, 100);
        expect([isHeard(), isHeard("signed:later"), isHeard(null)]).toEqual([false, false, false]);
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
        await openLivePage(server);
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
        await elapse(600, 100);
        expect(isHeard()).toBe(true);
        expect.verifySteps([]);
        await server.refuse(304);
        expect(CHIP).toHaveText("Live");
        await elapse(100);
        expect.verifySteps([ASKED]); // and for what was told in between
        await server.refuse(304);
    });

    test("who is back within a minute has missed nothing", async () => {
        await openLivePage(server);
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
        await openLivePage(server, { "refresh-in": 100 });
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

    test("a look fetches what has changed by itself", async () => {
        await openLivePage(server, { "refresh-in": 101 });
        await elapse(102 * SECOND, SECOND);
        expect.verifySteps([]);
        window.dispatchEvent(new Event("online"));
        expect.verifySteps([ASKED]);
        await server.refuse(304);
        await elapse(3 * SECOND);
        window.dispatchEvent(new Event("online"));
        expect.verifySteps([FETCHED]);
        await server.answer(makeAnswer());
    });

    test("how long ago it changed is told", async () => {
        await openLivePage(server);
        await elapse(2 * MINUTE, 5 * SECOND);
        expect(".o_service_page_updated").toHaveText("Updated 2 min. ago");
    });
});
