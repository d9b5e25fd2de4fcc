import { beforeEach, describe, expect, mockFetch, test } from "@odoo/hoot";
import { tick } from "@odoo/hoot-dom";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { Feed, SECTIONS, VERSION } from "@service_experience_portal/live/feed";
import {
    elapse,
    makeJsonResponse,
    MINUTE,
    mockChance,
    mockServerOfPage,
    NOW,
    SECOND,
    stopClocks,
} from "./live_test_helpers";

describe.current.tags("headless");

const STAMPS = "status.1a,needs.2b";
const VERSION_7 = '/my/service/5/version "7"';
const SECTIONS_7 = "/my/service/5/sections?since=7&have=status.1a%2Cneeds.2b";
const SECTIONS_8 = SECTIONS_7.replace("since=7", "since=8");

let server;

beforeEach(() => {
    stopClocks();
    mockChance(0.5); // a pause is as long as it is meant
    server = mockServerOfPage();
});

function makeFeed(values = {}) {
    return new Feed("/my/service/5", 7, {
        getStamps: () => STAMPS,
        onNews: ({ version }) => expect.step(`news ${version}`),
        onChange: () => expect.step("done"),
        ...values,
    });
}

describe("questions", () => {
    test("there is nothing new", async () => {
        makeFeed().ask(VERSION);
        expect.verifySteps([VERSION_7]);
        await server.refuse(304);
        expect.verifySteps(["done"]);
    });

    test("the version that is known is nothing new, whatever is between", async () => {
        makeFeed().ask(VERSION);
        await server.answer({ version: 7 });
        expect.verifySteps([VERSION_7, "done"]);
    });

    test("another version brings the sections", async () => {
        const feed = makeFeed();
        feed.ask(VERSION);
        await server.answer({ version: 8 });
        expect.verifySteps([VERSION_7, "done", SECTIONS_7]);
        await server.answer({ version: 8 });
        expect.verifySteps(["news 8", "done"]);
        feed.ask(SECTIONS);
        await server.answer({ version: 9 });
        expect.verifySteps([SECTIONS_8, "news 9", "done"]);
    });

    test("a lower version is another one: the database may be a restored copy", async () => {
        makeFeed().ask(VERSION);
        await server.answer({ version: 3 });
        expect.verifySteps([VERSION_7, "done", SECTIONS_7]);
        await server.answer({ version: 3 });
        expect.verifySteps(["news 3", "done"]);
    });

    test("no copy of the browser answers", async () => {
        mockFetch((url, { cache }) => {
            expect.step(cache);
            return makeJsonResponse({ version: 7 });
        });
        makeFeed().ask(SECTIONS);
        await tick();
        expect.verifySteps(["no-store", "news 7", "done"]);
    });
});

describe("one at a time", () => {
    test("what is asked for meanwhile is asked once, afterwards", async () => {
        const feed = makeFeed();
        feed.ask(VERSION);
        expect.verifySteps([VERSION_7]);
        feed.ask(VERSION);
        feed.ask(VERSION);
        feed.askAgain(VERSION);
        await elapse(5 * SECOND);
        expect.verifySteps([]);
        await server.refuse(304);
        expect.verifySteps(["done", VERSION_7]);
        await server.refuse(304);
        expect.verifySteps(["done"]);
    });

    test("the most that was asked for meanwhile counts", async () => {
        const feed = makeFeed();
        feed.ask(VERSION);
        feed.ask(SECTIONS);
        feed.ask(VERSION);
        await server.refuse(304);
        expect.verifySteps([VERSION_7, "done", SECTIONS_7]);
        await server.answer({ version: 8 });
        expect.verifySteps(["news 8", "done"]);
    });
});

describe("failures", () => {
    test("pauses double, up to a minute", async () => {
        makeFeed().ask(VERSION);
        for (const seconds of [2, 4, 8, 16, 32, 60, 60, 60]) {
            expect.verifySteps([VERSION_7]);
            await server.fail();
            expect.verifySteps(["done"]);
            await elapse(seconds * SECOND - 1, 10 * SECOND);
            expect.verifySteps([]);
            await elapse(1);
        }
        expect.verifySteps([VERSION_7]);
    });

    for (const [chance, seconds] of [
        [0, 1],
        [1, 3],
    ]) {
        test(`pauses differ from page to page: ${chance}`, async () => {
            mockChance(chance);
            makeFeed().ask(VERSION);
            await server.fail();
            await elapse(seconds * SECOND - 1);
            expect.verifySteps([VERSION_7, "done"]);
            await elapse(1);
            expect.verifySteps([VERSION_7]);
        });
    }

    test("after a success, pauses are short again", async () => {
        const feed = makeFeed();
        feed.ask(VERSION);
        for (const seconds of [2, 4, 8]) {
            await server.fail();
            await elapse(seconds * SECOND);
        }
        expect(feed.failures).toBe(3);
        await server.refuse(304);
        expect(feed.failures).toBe(0);
        feed.ask(VERSION);
        await server.fail();
        expect.verifySteps(Array(5).fill([VERSION_7, "done"]).flat());
        await elapse(2 * SECOND);
        expect.verifySteps([VERSION_7]);
    });

    for (const status of [429, 500, 502]) {
        test(`status ${status} is a failure`, async () => {
            const feed = makeFeed();
            feed.ask(VERSION);
            await server.refuse(status);
            expect(feed.failures).toBe(1);
            expect(feed.isEnded).toBe(false);
            feed.askAgain(SECTIONS);
            await server.refuse(status);
            expect(feed.failures).toBe(2);
            await elapse(4 * SECOND);
            expect.verifySteps([VERSION_7, "done", SECTIONS_7, "done", SECTIONS_7]);
        });
    }

    test("a pause is waited for, and what failed is not forgotten", async () => {
        const feed = makeFeed();
        feed.ask(SECTIONS);
        await server.fail();
        feed.ask(VERSION);
        await elapse(2 * SECOND - 1);
        expect.verifySteps([SECTIONS_7, "done"]);
        await elapse(1);
        expect.verifySteps([SECTIONS_7]);
        await server.answer({ version: 8 });
        expect.verifySteps(["news 8", "done"]);
    });

    test("a reason to believe that it works again ends a pause", async () => {
        const feed = makeFeed();
        feed.ask(SECTIONS);
        await server.fail();
        feed.askAgain(VERSION);
        expect.verifySteps([SECTIONS_7, "done", SECTIONS_7]);
        await server.answer({ version: 8 });
        await elapse(5 * SECOND);
        expect.verifySteps(["news 8", "done"]);
    });

    test("an answer that does not come is given up after 20 seconds", async () => {
        const feed = makeFeed();
        feed.ask(VERSION);
        await elapse(20 * SECOND - 1);
        expect.verifySteps([VERSION_7]);
        await elapse(1);
        expect.verifySteps(["aborted", "done"]);
        expect(feed.failures).toBe(1);
        await elapse(2 * SECOND);
        expect.verifySteps([VERSION_7]);
    });

    test("an answer that came is not given up", async () => {
        makeFeed().ask(VERSION);
        await server.refuse(304);
        patchWithCleanup(AbortController.prototype, { abort: () => expect.step("given up") });
        await elapse(MINUTE, 10 * SECOND);
        expect.verifySteps([VERSION_7, "done"]);
    });

    test("knows when it tried, and when it was right", async () => {
        const feed = makeFeed();
        expect([feed.triedAt, feed.checkedAt]).toEqual([NOW, NOW]);
        await elapse(5 * SECOND);
        feed.ask(VERSION);
        await elapse(3 * SECOND);
        await server.refuse(304);
        expect([feed.triedAt, feed.checkedAt]).toEqual([NOW + 5 * SECOND, NOW + 8 * SECOND]);
        feed.ask(VERSION);
        await elapse(SECOND);
        await server.fail();
        expect([feed.triedAt, feed.checkedAt]).toEqual([NOW + 8 * SECOND, NOW + 8 * SECOND]);
        expect.verifySteps([VERSION_7, "done", VERSION_7, "done"]);
    });
});

describe("changes that were told", () => {
    test("a change that is not known yet is fetched", async () => {
        makeFeed().expect(8);
        await server.answer({ version: 8 });
        await elapse(10 * SECOND);
        expect.verifySteps([SECTIONS_7, "news 8", "done"]);
    });

    test("one that may be known is asked for", async () => {
        makeFeed().expect(7);
        await server.refuse(304);
        expect.verifySteps([VERSION_7, "done"]);
    });

    test("it is looked for six times in all, once a second", async () => {
        const feed = makeFeed();
        feed.expect(8);
        for (let look = 1; look < 6; look++) {
            await server.answer({ version: 7 });
            expect.verifySteps([SECTIONS_7, "news 7", "done"]);
            await elapse(SECOND - 1);
            expect.verifySteps([]);
            await elapse(1);
        }
        await server.answer({ version: 7 });
        expect.verifySteps([SECTIONS_7, "news 7", "done"]);
        await elapse(2 * MINUTE, 10 * SECOND);
        expect.verifySteps([]);
        feed.expect(8); // told again: it is looked for again
        await server.answer({ version: 7 });
        await elapse(SECOND);
        expect.verifySteps([SECTIONS_7, "news 7", "done", SECTIONS_7]);
    });

    test("the latest of several is looked for", async () => {
        const feed = makeFeed();
        feed.expect(9);
        feed.expect(8);
        await server.answer({ version: 7 });
        expect.verifySteps([SECTIONS_7, "news 7", "done"]);
        await elapse(SECOND);
        await server.answer({ version: 8 });
        expect.verifySteps([SECTIONS_7, "news 8", "done"]);
        await elapse(SECOND);
        await server.answer({ version: 9 });
        await elapse(5 * SECOND);
        expect.verifySteps([SECTIONS_8, "news 9", "done"]);
    });
});

describe("the end", () => {
    for (const status of [403, 404]) {
        test(`status ${status} ends it`, async () => {
            const feed = makeFeed();
            feed.ask(VERSION);
            feed.ask(SECTIONS);
            await server.refuse(status);
            expect(feed.isEnded).toBe(true);
            expect(feed.failures).toBe(0);
            feed.ask(SECTIONS);
            feed.askAgain(SECTIONS);
            await elapse(2 * MINUTE, 10 * SECOND);
            expect.verifySteps([VERSION_7, "done"]);
        });
    }

    test("a question under way is given up", async () => {
        const feed = makeFeed();
        feed.ask(SECTIONS);
        feed.stop();
        expect.verifySteps([SECTIONS_7, "aborted"]);
        await elapse(2 * MINUTE, 10 * SECOND);
        expect.verifySteps(["done"]);
        expect(feed.failures).toBe(0);
    });

    test("nothing is asked after a pause", async () => {
        const feed = makeFeed();
        feed.ask(SECTIONS);
        await server.fail();
        feed.stop();
        await elapse(2 * MINUTE, 10 * SECOND);
        expect.verifySteps([SECTIONS_7, "done"]);
    });
});
