import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAll, queryOne } from "@odoo/hoot-dom";
import { getOpenDetails, keepPlace, restoreDetails } from "@service_experience_portal/live/place";
import { setPage } from "./live_test_helpers";

/** A page of blocks, 100 pixels high, in a window of 300. */
function setBlocks(...names) {
    const blocks = names.map((name) => {
        const content = `<p class="block" style="height: 100px; margin: 0">${name}</p>`;
        return `<div class="slot">${content.replace("<p", `<p id="${name}" tabindex="-1"`)}</div>`;
    });
    const style = "height: 300px; overflow-y: auto; overflow-anchor: none; position: relative";
    setPage(`<div class="scroller" style="${style}"><div class="root">${blocks.join("")}
        <div style="height: 1000px"></div></div></div>`);
}

const rootOf = () => queryOne(".root");
const scroller = () => queryOne(".scroller");
const topOf = (id) =>
    document.getElementById(id).getBoundingClientRect().top -
    scroller().getBoundingClientRect().top;

function scrollTo(top) {
    scroller().scrollTop = top;
}

function setHeight(id, height) {
    document.getElementById(id).style.height = `${height}px`;
}

/** Render a block anew: another element with the same id. */
function renew(id, height = 100) {
    const slot = document.getElementById(id).closest(".slot");
    const html = slot.innerHTML;
    slot.innerHTML = html;
    setHeight(id, height);
}

describe("the place of the reader", () => {
    beforeEach(() => setBlocks("a", "b", "c", "d", "e", "f", "g", "h"));

    test("what begins in the window stays, whatever grows above it", () => {
        scrollTo(250); // c began above, d is the first that begins in the window
        keepPlace(rootOf(), () => setHeight("a", 180));
        expect(topOf("d")).toBe(50);
        expect(scroller().scrollTop).toBe(330);
        keepPlace(rootOf(), () => setHeight("b", 20));
        expect(topOf("d")).toBe(50);
    });

    test("what began above the window gives way", () => {
        scrollTo(250);
        keepPlace(rootOf(), () => setHeight("c", 140));
        expect(topOf("d")).toBe(50);
    });

    test("nothing moves for what grows below", () => {
        scrollTo(250);
        keepPlace(rootOf(), () => setHeight("d", 400));
        expect(scroller().scrollTop).toBe(250);
    });

    test("what was rendered anew is found again", () => {
        scrollTo(250);
        keepPlace(rootOf(), () => {
            renew("a", 170);
            renew("d", 130);
        });
        expect(topOf("d")).toBe(50);
    });

    test("what is gone leaves its place to the next", () => {
        scrollTo(250);
        keepPlace(rootOf(), () => {
            setHeight("a", 180);
            document.getElementById("d").remove();
        });
        expect(topOf("e")).toBe(150);
    });

    test("what is at the edge of the window, or a hair above, is the first", () => {
        document.getElementById("a").style.height = "100.4px";
        scrollTo(100); // b begins 0.4 pixels below
        scroller().scrollTop = 101; // and now 0.6 pixels above
        const before = topOf("b");
        expect(before).toBeLessThan(0);
        keepPlace(rootOf(), () => setHeight("b", 200));
        expect(topOf("b")).toBe(before);
    });

    test("what has the focus comes first", () => {
        scrollTo(250);
        document.getElementById("e").focus({ preventScroll: true });
        keepPlace(rootOf(), () => setHeight("d", 160));
        expect(topOf("e")).toBe(150);
    });

    test("a focus that nobody sees does not count", () => {
        scrollTo(250);
        document.getElementById("a").focus({ preventScroll: true });
        keepPlace(rootOf(), () => setHeight("b", 160));
        expect(topOf("d")).toBe(50);
    });

    test("nor does a focus elsewhere", () => {
        scroller().insertAdjacentHTML("afterbegin", `<button style="position: sticky; top: 0">`);
        queryOne("button").focus({ preventScroll: true });
        scrollTo(250);
        const before = topOf("d");
        keepPlace(rootOf(), () => setHeight("a", 160));
        expect(topOf("d")).toBe(before);
    });

    test("what is empty is not looked at, and may be filled", () => {
        setHeight("d", 0);
        scrollTo(250);
        expect(topOf("e")).toBe(50);
        keepPlace(rootOf(), () => setHeight("d", 160));
        expect(topOf("e")).toBe(50);
    });

    test("what is below the window is not looked at", () => {
        setHeight("c", 3000);
        scrollTo(250);
        keepPlace(rootOf(), () => setHeight("c", 3100));
        expect(topOf("c")).toBe(-50);
        keepPlace(rootOf(), () => setHeight("a", 160));
        expect(topOf("c")).toBe(-50);
    });

    test("a page without anything to hold on to changes all the same", () => {
        rootOf().querySelectorAll("[id]").forEach((el) => el.removeAttribute("id"));
        keepPlace(rootOf(), () => expect.step("changed"));
        expect.verifySteps(["changed"]);
    });

    test("the title of the page holds it, too", () => {
        rootOf().querySelectorAll("[id]").forEach((el) => el.removeAttribute("id"));
        rootOf().insertAdjacentHTML("afterbegin", `<p class="new" style="height: 50px; margin: 0">`);
        rootOf().querySelector(".slot").innerHTML = `<h1 style="height: 100px; margin: 0">Pump</h1>`;
        scrollTo(20);
        keepPlace(rootOf(), () => (queryOne(".new").style.height = "90px"));
        expect(scroller().scrollTop).toBe(60);
    });
});

describe("what is open", () => {
    const PROMISES = `
        <details><summary>All</summary></details>
        <div id="promise_1"><details><summary>Moves</summary></details></div>
        <div id="promise_2"><details><summary>Moves</summary></details>
            <details open><summary>Reasons</summary></details></div>`;

    const open = () => queryAll("details").map((one) => one.open);

    test("stays open, and closed, when it is rendered anew", () => {
        const el = setPage(PROMISES);
        const details = queryAll("details");
        details[2].open = true;
        details[3].open = false;
        const before = getOpenDetails(el);
        el.innerHTML = PROMISES;
        expect(open()).toEqual([false, false, false, true]);
        restoreDetails(el, before);
        expect(open()).toEqual([false, false, true, false]);
    });

    test("is known by what it belongs to, wherever it stands", () => {
        const el = setPage(PROMISES);
        queryAll("details")[1].open = true;
        const before = getOpenDetails(el);
        el.innerHTML = `
            <div id="promise_3"><details><summary>Moves</summary></details></div>
            <div id="promise_2"><details><summary>Moves</summary></details></div>
            <div id="promise_1"><details><summary>Moves</summary></details></div>`;
        restoreDetails(el, before);
        expect(open()).toEqual([false, false, true]);
    });

    test("what is new is as the server made it", () => {
        const el = setPage(PROMISES);
        const before = getOpenDetails(el);
        el.innerHTML = `<div id="promise_4"><details open><summary>Moves</summary></details></div>`;
        restoreDetails(el, before);
        expect(open()).toEqual([true]);
    });

    test("what surrounds a section tells nothing about it", () => {
        const html = `<div class="slot"><details><summary>All</summary></details></div>`;
        setPage(`<div id="one">${html}</div>`);
        const slot = queryOne(".slot");
        queryOne("details").open = true;
        const before = getOpenDetails(slot);
        slot.parentElement.id = "two";
        slot.innerHTML = `<details><summary>All</summary></details>`;
        restoreDetails(slot, before);
        expect(open()).toEqual([true]);
    });
});
