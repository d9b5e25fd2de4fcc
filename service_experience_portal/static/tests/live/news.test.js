import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { News } from "@service_experience_portal/live/news";

describe.current.tags("headless");

const held = new Map();
let news;

beforeEach(() => {
    held.clear();
    const page = document.createElement("article");
    page.addEventListener("service_seen", ({ detail }) => expect.step(`seen ${detail}`));
    const announcer = { mute: () => expect.step("mute") };
    news = new News(page, { sections: { held }, head: { announcer } });
});

test("what is shown is told at once, and its consequences are no news", () => {
    news.note("/seen");
    expect.verifySteps(["mute", "seen /seen"]);
});

test("it is told once", () => {
    news.note("/seen");
    news.tell();
    news.note(null);
    expect.verifySteps(["mute", "seen /seen"]);
});

test("an answer without news tells nothing", () => {
    news.note(null);
    news.note(undefined);
    news.note("");
    expect.verifySteps([]);
});

test("what is held back is told when it is shown", () => {
    held.set("needs", {});
    news.note("/seen");
    news.tell();
    expect.verifySteps([]);
    held.clear();
    news.tell();
    expect.verifySteps(["mute", "seen /seen"]);
});

test("an answer without news does not take back what has to be told", () => {
    held.set("needs", {});
    news.note("/seen");
    news.note(null);
    held.clear();
    news.tell();
    expect.verifySteps(["mute", "seen /seen"]);
});
