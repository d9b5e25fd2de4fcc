import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryFirst } from "@odoo/hoot-dom";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { Announcer } from "@service_experience_portal/live/announcer";
import { elapse, MINUTE, SECOND, setPage, stopClocks } from "./live_test_helpers";

const SAID = ".said";

let announcer;

beforeEach(() => {
    stopClocks();
    announcer = new Announcer(setPage(`<p class="said" role="status"></p>`).querySelector(SAID));
});

/** Begin when the page has been open for long. */
const settleIn = () => elapse(MINUTE, 10 * SECOND);

async function say(...sentences) {
    sentences.forEach((sentence) => announcer.say(sentence));
    await elapse(1);
}

describe("right after the page was opened", () => {
    test("nothing is said, not even later", async () => {
        await elapse(5 * SECOND - 1);
        await say("A");
        await elapse(MINUTE);
        expect(SAID).toHaveText("");
    });

    test("five seconds later, the first news is said at once", async () => {
        await elapse(5 * SECOND);
        await say("A");
        expect(SAID).toHaveText("A");
    });
});

describe("when the page has been open", () => {
    beforeEach(settleIn);

    test("news is said at once", async () => {
        await say("A");
        expect(SAID).toHaveText("A");
    });

    test("the next news is said 20 seconds after it, the latest only", async () => {
        await say("A");
        await elapse(5 * SECOND);
        await say("B");
        await elapse(5 * SECOND);
        await say("C");
        await elapse(10 * SECOND - 5);
        expect(SAID).toHaveText("A");
        await elapse(5);
        expect(SAID).toHaveText("C");
        await say("D");
        await elapse(20 * SECOND - 5);
        expect(SAID).toHaveText("C");
        await elapse(5);
        expect(SAID).toHaveText("D");
    });

    test("what comes at the same time is one news", async () => {
        patchWithCleanup(queryFirst(SAID), {
            replaceChildren(words) {
                expect.step(words.textContent);
            },
        });
        await say("A", "B");
        await elapse(MINUTE);
        expect.verifySteps(["B"]);
    });

    test("nothing is no news", async () => {
        await say("A", "", null, undefined);
        expect(SAID).toHaveText("A");
    });

    test("the same words twice are two changes", async () => {
        await say("A");
        const first = queryFirst(`${SAID} span`);
        await elapse(20 * SECOND);
        await say("A");
        expect(SAID).toHaveText("A");
        expect(`${SAID} span`).toHaveCount(1);
        expect(queryFirst(`${SAID} span`)).not.toBe(first);
    });

    test("words are text", async () => {
        await say("<b>A</b>");
        expect(SAID).toHaveText("<b>A</b>");
    });

    test("what follows from a look is not said for a moment, what came before is", async () => {
        await say("A");
        await elapse(10 * SECOND);
        await say("B");
        announcer.mute();
        await say("C");
        await elapse(5 * SECOND - 2);
        await say("D");
        await elapse(10 * SECOND);
        expect(SAID).toHaveText("B");
        await elapse(20 * SECOND);
        await say("E");
        expect(SAID).toHaveText("E");
    });

    test("nothing is said on a page that was left", async () => {
        await say("A");
        await say("B");
        announcer.stop();
        await elapse(MINUTE);
        expect(SAID).toHaveText("A");
    });
});
