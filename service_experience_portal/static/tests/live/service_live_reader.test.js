import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, edit, queryOne } from "@odoo/hoot-dom";
import {
    ASKED,
    CHIP,
    DATES,
    FETCHED,
    hide,
    isHeard,
    makeAnswer,
    openLivePage,
    openPage,
    SAID,
    setUpPage,
    show,
    tellChange,
} from "./live_page_helpers";
import { elapse, MINUTE, SECOND } from "./live_test_helpers";

let server;

beforeEach(() => {
    server = setUpPage();
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
        await openLivePage(server);
        await elapse(3 * MINUTE, 5 * SECOND);
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
        await openLivePage(server);
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

    test("a page that was left hears, shows and says nothing any more", async () => {
        const { core } = await openLivePage(server);
        await elapse(5 * SECOND);
        await tellChange(8);
        await server.answer(makeAnswer());
        core.stopInteractions(); // before it is said
        await elapse(2 * MINUTE, 5 * SECOND);
        expect(SAID).toHaveText("");
        expect(".o_service_page_updated").toHaveText("Updated now");
        expect(isHeard()).toBe(false);
        expect.verifySteps([FETCHED]);
    });

    test("a page that was left asks nothing", async () => {
        const { core } = await openLivePage(server);
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
        await openLivePage(server);
        queryOne(".o_service_page").addEventListener("service_seen", ({ detail }) =>
            expect.step(`seen ${detail}`)
        );
        await click("input[name=note]");
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

    test("they go from one field to the next", async () => {
        await openLivePage(server);
        await click("input[name=note]");
        await tellChange(8);
        await server.answer(makeAnswer());
        await click("input[name=other]");
        await elapse(1);
        expect(DATES).toHaveText("Friday");
        expect("input[name=other]").toBeFocused();
        expect.verifySteps([FETCHED]);
    });

    for (const type of ["input", "change"]) {
        test(`they take back what they entered, without the focus: ${type}`, async () => {
            await openLivePage(server);
            queryOne("input[name=note]").value = "mine"; // a browser may not focus what is clicked
            await tellChange(8);
            await server.answer(makeAnswer());
            expect(DATES).toHaveText("Friday");
            queryOne("input[name=note]").value = "";
            queryOne("input[name=note]").dispatchEvent(new Event(type, { bubbles: true }));
            await elapse(1);
            expect(DATES).toHaveText("Monday");
            expect.verifySteps([FETCHED]);
        });
    }

    test("what is shown at once is told to be seen at once", async () => {
        await openLivePage(server);
        queryOne(".o_service_page").addEventListener("service_seen", ({ detail }) =>
            expect.step(`seen ${detail}`)
        );
        await tellChange(8);
        await server.answer(makeAnswer({ seen_url: "/my/service/5/seen" }));
        expect.verifySteps([FETCHED, "seen /my/service/5/seen"]);
    });
});
