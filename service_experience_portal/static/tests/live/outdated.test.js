import { expect, test } from "@odoo/hoot";
import { startInteraction } from "@web/../tests/public/helpers";
import { getService, mockService } from "@web/../tests/web_test_helpers";
import "@service_experience_portal/live/outdated";

async function showThatItIsOutdated(page) {
    mockService("notification", {
        add() {
            expect.step("reload");
            return () => {};
        },
    });
    await startInteraction([], page);
    getService("bus.outdated_page_watcher").showOutdatedPageNotification();
}

test("nobody has to load a live page again", async () => {
    await showThatItIsOutdated(`<div class="o_service_live"></div>`);
    expect.verifySteps([]);
});

test("other pages say that they are outdated", async () => {
    await showThatItIsOutdated(`<div class="o_service_page"></div>`);
    expect.verifySteps(["reload"]);
});
