import { beforeEach, expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { Head } from "@service_experience_portal/live/head";
import { elapse, makePage, MINUTE, NOW, SECOND, setPage, stopClocks } from "./live_test_helpers";

const [CHIP, SAID, UPDATED] = [
    ".o_service_live_chip",
    ".o_service_live_said",
    ".o_service_page_updated",
];

let head;

beforeEach(async () => {
    stopClocks();
    setPage(makePage({}, { zone: "Asia/Almaty", now: NOW + MINUTE }));
    head = new Head(queryOne(".o_service_live"), "en-US");
    await elapse(6 * SECOND); // what comes first is not said
});

const take = (values) =>
    head.take({
        now: NOW + MINUTE,
        updated: `Updated <time datetime="2026-11-24T10:01:00Z">today</time>`,
        announce: "",
        ...values,
    });

test("tells how long ago the page changed, by the clock of the server", async () => {
    head.show("live", NOW);
    expect(UPDATED).toHaveText("Updated 1 min. ago");
    await elapse(MINUTE);
    head.show("live", NOW);
    expect(UPDATED).toHaveText("Updated 2 min. ago");
});

test("takes what an answer says of it", () => {
    take({ now: NOW + 4 * MINUTE });
    head.show("live", NOW);
    expect(UPDATED).toHaveText("Updated 3 min. ago");
    expect(`${UPDATED} time`).toHaveAttribute("title", "today");
});

test("says what changed", async () => {
    take({ announce: "A new date" });
    await elapse(1);
    expect(SAID).toHaveText("A new date");
});

test("shows how fresh it is, in the zone of the page, and says bad news", async () => {
    head.show("live", NOW);
    await elapse(1);
    expect(CHIP).toHaveText("Live");
    expect(SAID).toHaveText("");
    head.show("offline", NOW);
    await elapse(1);
    expect(CHIP).toHaveText("Offline. Showing the state of 3:01 PM");
    expect(SAID).toHaveText("Offline. Showing the state of 3:01 PM");
});

test("says nothing any more when it is stopped", async () => {
    take({ announce: "A" });
    head.stop();
    await elapse(MINUTE);
    expect(SAID).toHaveText("");
});

test("a page that was never updated", () => {
    take({ updated: "" });
    head.show("live", NOW);
    expect(UPDATED).toHaveText("");
});
