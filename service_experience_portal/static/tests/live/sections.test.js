import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, edit, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { startInteraction } from "@web/../tests/public/helpers";
import { Interaction } from "@web/public/interaction";
import { Sections } from "@service_experience_portal/live/sections";
import { makePage } from "./live_test_helpers";

const OLD = {
    needs: `<section><h2>Needs</h2><form action="/step/1"><textarea name="note"></textarea></form></section>`,
    dates: `<section><h2>Dates</h2><p>Friday</p></section>`,
};
const NEEDS = OLD.needs.replace("Needs", "New needs");
const DATES = OLD.dates.replace("Friday", "Monday");

const life = [];

/** Something on the page that was made alive, and is not by being copied. */
class Alive extends Interaction {
    static selector = "h2";

    setup() {
        life.push(`start ${this.el.textContent}`);
    }

    destroy() {
        life.push(`stop ${this.el.textContent}`);
    }
}

const slotOf = (name) => queryOne(`[data-section=${name}]`);
const notice = (name) => `[data-section=${name}] .o_service_live_news`;

// A page that is longer than its window.
const TALL = { dates: `<h2 id="dates">Dates</h2><p style="height: 2000px"></p>` };

const topOfDates = () => queryOne("#dates").getBoundingClientRect().top;

/** Scroll until the dates are the first in the window, and return where they are. */
function scrollToDates() {
    const window = queryOne("#wrapwrap");
    Object.assign(window.style, { height: "200px", overflowY: "auto", overflowAnchor: "none" });
    window.scrollTop += topOfDates() - window.getBoundingClientRect().top;
    return topOfDates();
}

async function makeSections(sections = OLD, interactions = []) {
    const { core } = await startInteraction(interactions, makePage(sections));
    return new Sections(queryOne(".o_service_live"), core, () => expect.step("shown"));
}

function take(sections, changes, stamp = "new") {
    const stamps = Object.keys(changes).map((name) => [name, stamp]);
    sections.take(changes, Object.fromEntries(stamps));
}

async function write(text) {
    await click("textarea[name=note]");
    await edit(text);
}

const leave = () => document.activeElement.blur();

beforeEach(() => life.splice(0));

describe("nobody is at work", () => {
    test("a section is replaced, the others stay as they are", async () => {
        const sections = await makeSections();
        const others = [...slotOf("needs").childNodes, ...slotOf("title").childNodes];
        take(sections, { dates: DATES });
        expect("[data-section=dates] p").toHaveText("Monday");
        expect("[data-section=dates] section").toHaveClass("o_service_live_changed");
        expect([...slotOf("needs").childNodes, ...slotOf("title").childNodes]).toEqual(others);
        expect(".o_service_live_changed").toHaveCount(1);
        expect(sections.getStamps()).toBe("title.old,needs.old,dates.new");
        expect.verifySteps([]); // it is no surprise
    });

    test("what the reader has already is not shown again", async () => {
        const sections = await makeSections();
        take(sections, { dates: DATES }, "old");
        expect("[data-section=dates] p").toHaveText("Friday");
    });

    test("a section that is not on this page does not matter", async () => {
        const sections = await makeSections();
        take(sections, { documents: "<p>New</p>", dates: DATES });
        expect("[data-section=dates] p").toHaveText("Monday");
        expect(sections.getStamps()).toBe("title.old,needs.old,dates.new");
    });

    test("a section may become empty, and come back", async () => {
        const sections = await makeSections();
        take(sections, { dates: "" }, "none");
        expect(slotOf("dates")).toHaveInnerHTML("");
        take(sections, { dates: DATES });
        expect("[data-section=dates] p").toHaveText("Monday");
    });

    test("what was open stays open", async () => {
        const html = `<section><details><summary>Moves</summary></details></section>`;
        const sections = await makeSections({ dates: html });
        queryOne("details").open = true;
        take(sections, { dates: html });
        expect("details").toHaveProperty("open", true);
    });

    test("what is alive is stopped, and what comes is started", async () => {
        const sections = await makeSections(OLD, Alive);
        expect(life.splice(0)).toEqual(["start Needs", "start Dates"]);
        take(sections, { dates: DATES.replace("Dates", "New dates") });
        expect(life).toEqual(["stop Dates", "start New dates"]);
    });

    test("a title that has the focus keeps it", async () => {
        const sections = await makeSections();
        sections.focusTitle(slotOf("dates"));
        take(sections, { dates: DATES });
        expect("[data-section=dates] p").toHaveText("Monday");
        expect("[data-section=dates] h2").toBeFocused();
    });

    test("the reader's place is kept", async () => {
        const sections = await makeSections({ facts: "<p>Few</p>", ...TALL });
        const before = scrollToDates();
        take(sections, { facts: `<p style="height: 300px">Many</p>` });
        expect(topOfDates()).toBeCloseTo(before, { margin: 1 });
    });

    test("the focus is taken from nobody", async () => {
        const sections = await makeSections();
        take(sections, { dates: DATES });
        expect(document.body).toBeFocused();
    });
});

describe("somebody is at work", () => {
    test("their section stays, with an offer; the others are replaced", async () => {
        const sections = await makeSections();
        await write("mine");
        take(sections, { needs: NEEDS, dates: DATES });
        expect(queryAllTexts("h2")).toEqual(["Needs", "Dates"]);
        expect("textarea[name=note]").toHaveValue("mine");
        expect("textarea[name=note]").toBeFocused();
        expect("[data-section=dates] p").toHaveText("Monday");
        expect(`${notice("needs")} button`).toHaveText("New information, show");
        expect(queryOne(notice("needs")).parentElement).toBe(slotOf("needs").firstElementChild);
        expect([...sections.held.keys()]).toEqual(["needs"]);
        expect(sections.getStamps()).toBe("title.old,needs.new,dates.new");
    });

    test("the latest is offered, once", async () => {
        const sections = await makeSections();
        await write("mine");
        take(sections, { needs: NEEDS });
        take(sections, { needs: NEEDS.replace("New", "Newest") }, "newest");
        expect(notice("needs")).toHaveCount(1);
        expect(sections.getStamps()).toBe("title.old,needs.newest,dates.old");
        await click(`${notice("needs")} button`);
        expect("[data-section=needs] h2").toHaveText("Newest needs");
        expect.verifySteps(["shown"]);
    });

    test("nothing is offered any more when it is as it was", async () => {
        const sections = await makeSections();
        await write("mine");
        take(sections, { needs: NEEDS });
        take(sections, { needs: OLD.needs }, "old");
        expect(notice("needs")).toHaveCount(0);
        expect(sections.held.size).toBe(0);
        leave();
        sections.settle();
        expect("textarea[name=note]").toHaveValue("mine");
        expect.verifySteps([]);
    });

    test("an empty section that is in use makes its offer, too", async () => {
        const sections = await makeSections({ needs: "" });
        slotOf("needs").tabIndex = -1;
        slotOf("needs").focus();
        take(sections, { needs: NEEDS });
        expect(notice("needs")).toHaveCount(1);
    });
});

describe("they are done", () => {
    test("what was held back is shown", async () => {
        const sections = await makeSections(OLD, Alive);
        await click("textarea[name=note]");
        take(sections, { needs: NEEDS });
        leave();
        sections.settle();
        expect("[data-section=needs] h2").toHaveText("New needs");
        expect(notice("needs")).toHaveCount(0);
        expect(sections.held.size).toBe(0);
        expect(sections.getStamps()).toBe("title.old,needs.new,dates.old");
        expect(life).toEqual(["start Needs", "start Dates", "stop Needs", "start New needs"]);
        expect.verifySteps(["shown"]);
    });

    test("not if they have left something that is not sent", async () => {
        const sections = await makeSections();
        await write("mine");
        take(sections, { needs: NEEDS });
        leave();
        sections.settle();
        expect("textarea[name=note]").toHaveValue("mine");
        expect(notice("needs")).toHaveCount(1);
        expect.verifySteps([]);
    });

    test("with one of several only", async () => {
        const other = `<section><h2>Facts</h2><input name="fact"></section>`;
        const sections = await makeSections({ ...OLD, facts: other });
        await write("mine");
        await click("[name=fact]");
        take(sections, { needs: NEEDS, facts: other.replace("Facts", "New facts") });
        leave();
        sections.settle();
        expect(queryAllTexts("h2")).toEqual(["Needs", "Dates", "New facts"]);
        expect([...sections.held.keys()]).toEqual(["needs"]);
        expect.verifySteps(["shown"]);
    });

    test("the reader's place is kept", async () => {
        const sections = await makeSections({ needs: OLD.needs, ...TALL });
        await click("textarea[name=note]");
        take(sections, { needs: `<p style="height: 300px">Many</p>` });
        leave();
        const before = scrollToDates();
        sections.settle();
        expect(topOfDates()).toBeCloseTo(before, { margin: 1 });
        expect.verifySteps(["shown"]);
    });

    test("nothing was held back", async () => {
        const sections = await makeSections();
        sections.settle();
        expect.verifySteps([]);
    });
});

describe("they ask for it", () => {
    async function ask(html, stamp) {
        const sections = await makeSections(OLD, Alive);
        await write("mine");
        take(sections, { needs: html }, stamp);
        life.splice(0);
        await click(`${notice("needs")} button`);
        return sections;
    }

    test("it is shown, with what they have entered", async () => {
        const sections = await ask(NEEDS);
        expect("[data-section=needs] h2").toHaveText("New needs");
        expect("textarea[name=note]").toHaveValue("mine");
        expect(".o_service_slot .o_service_live_kept").toHaveCount(0);
        expect(notice("needs")).toHaveCount(0);
        expect(sections.held.size).toBe(0);
        expect(sections.getStamps()).toBe("title.old,needs.new,dates.old");
        expect(life).toEqual(["stop Needs", "start New needs"]);
        expect.verifySteps(["shown"]);
    });

    test("a text without a place is kept for them", async () => {
        await ask(NEEDS.replace("/step/1", "/step/2"));
        expect("textarea[name=note]").toHaveValue("");
        expect("section > .o_service_live_kept").toHaveCount(1);
        expect("[data-section=needs] .o_service_live_kept textarea").toHaveValue("mine");
        expect.verifySteps(["shown"]);
    });

    test("also if nothing else is left", async () => {
        await ask("");
        expect("[data-section=needs] .o_service_live_kept textarea").toHaveValue("mine");
        expect("h1").toBeFocused();
        expect(life).toEqual(["stop Needs"]);
        expect.verifySteps(["shown"]);
    });

    test("its title is in sight", async () => {
        const sections = await makeSections();
        const window = queryOne("#wrapwrap");
        Object.assign(window.style, { height: "200px", overflowY: "auto" });
        await write("mine");
        take(sections, { needs: NEEDS.replace("<h2>", `<p style="height: 500px"></p><h2>`) });
        await click(`${notice("needs")} button`);
        const { bottom } = queryOne("[data-section=needs] h2").getBoundingClientRect();
        expect(Math.floor(bottom)).not.toBeGreaterThan(window.getBoundingClientRect().bottom);
        expect.verifySteps(["shown"]);
    });

    test("its title has the focus", async () => {
        await ask(NEEDS);
        expect("[data-section=needs] h2").toBeFocused();
        expect.verifySteps(["shown"]);
    });

    test("what was open stays open", async () => {
        const more = `<details><summary>More</summary></details></section>`;
        const html = OLD.needs.replace("</section>", more);
        const sections = await makeSections({ needs: html });
        queryOne("details").open = true;
        await write("mine");
        take(sections, { needs: html.replace("Needs", "New needs") });
        await click(`${notice("needs")} button`);
        expect("details").toHaveProperty("open", true);
        expect.verifySteps(["shown"]);
    });

    test("it can be offered again", async () => {
        const sections = await ask(NEEDS);
        take(sections, { needs: NEEDS.replace("New", "Newest") }, "newest");
        expect("[data-section=needs] h2").toHaveText("New needs");
        await click(`${notice("needs")} button`);
        expect("[data-section=needs] h2").toHaveText("Newest needs");
        expect("textarea[name=note]").toHaveValue("mine");
        expect.verifySteps(["shown", "shown"]);
    });
});
