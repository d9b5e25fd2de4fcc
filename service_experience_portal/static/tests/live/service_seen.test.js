import { beforeEach, expect, mockFetch, test } from "@odoo/hoot";
import { queryOne, tick } from "@odoo/hoot-dom";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { setVisibility, stopClocks } from "./live_test_helpers";

const URL = "/my/service/5/seen";
const PAGE = `<article class="o_service_page" data-seen-url="${URL}"></article>`;

let isOffline;

beforeEach(() => {
    stopClocks();
    isOffline = false;
    patchWithCleanup(odoo, { csrf_token: "token" });
    setupInteractionWhiteList(["service_experience_portal.service_seen"]);
});

/** Open a page that nobody has seen yet. */
async function openPage(html = PAGE) {
    setVisibility("hidden");
    const page = await startInteractions(html);
    mockFetch((url, { method, body }) => {
        expect.step(`${method} ${url} ${body.get("csrf_token")}`);
        if (isOffline) {
            throw new TypeError("Failed to fetch");
        }
        return "";
    });
    await look("hidden");
    return page;
}

async function look(state = "visible") {
    setVisibility(state);
    await tick();
}

async function note(url) {
    queryOne(".o_service_page").dispatchEvent(
        new window.CustomEvent("service_seen", { detail: url })
    );
    await tick();
}

test("a page that nobody looks at tells nothing, and is seen once", async () => {
    await openPage();
    expect.verifySteps([]);
    await look();
    expect.verifySteps([`POST ${URL} token`]);
    await look("hidden");
    await look();
    expect.verifySteps([]);
});

test("a page without news tells nothing", async () => {
    await openPage(`<article class="o_service_page"></article>`);
    await look();
    expect.verifySteps([]);
});

test("a page that is looked at tells at once", async () => {
    setVisibility("visible");
    mockFetch(() => "");
    patchWithCleanup(window, {
        fetch(url) {
            if (url === URL) {
                expect.step("told");
                return Promise.resolve();
            }
            return super.fetch(...arguments);
        },
    });
    await startInteractions(PAGE);
    expect.verifySteps(["told"]);
});

test("news of a live page are told", async () => {
    await openPage();
    await look();
    await note("/my/service/5/seen?later");
    expect.verifySteps([`POST ${URL} token`, "POST /my/service/5/seen?later token"]);
});

test("news of a live page that nobody looks at are told when somebody does", async () => {
    await openPage(`<article class="o_service_page"></article>`);
    await note(URL);
    expect.verifySteps([]);
    await look();
    expect.verifySteps([`POST ${URL} token`]);
});

test("without a network, the next look tries again", async () => {
    await openPage();
    isOffline = true;
    await look();
    isOffline = false;
    await look();
    await look();
    expect.verifySteps([`POST ${URL} token`, `POST ${URL} token`]);
});
