import { describe, expect, test } from "@odoo/hoot";
import { click, edit, queryOne, select, setInputFiles } from "@odoo/hoot-dom";
import { carryOver, isInUse } from "@service_experience_portal/live/typed";
import { setPage } from "./live_test_helpers";

const ROOMS = `
    <option value="1">Cellar</option>
    <option value="2">Kitchen</option>
    <option value="3">Attic</option>`;

const leave = () => document.activeElement.blur();

async function write(selector, text) {
    await click(selector);
    await edit(text);
    leave();
}

async function choose(selector, ...values) {
    await click(selector);
    await select(values.length > 1 ? values : values[0]);
    leave();
}

async function mark(selector) {
    await click(selector);
    leave();
}

async function attach(selector, name) {
    await click(selector);
    await setInputFiles([new window.File(["photo"], name)]);
    leave();
}

describe("in use", () => {
    const cases = [
        ["a text", `<input name="it" value="a">`, () => write("input", "ab")],
        ["a text that was taken out", `<input name="it" value="a">`, () => write("input", "")],
        ["a long text", `<textarea name="it">a</textarea>`, () => write("textarea", "ab")],
        ["a number", `<input type="number" value="1">`, () => write("input", "2")],
        ["a mark", `<input type="checkbox">`, () => mark("input")],
        ["a mark that was taken out", `<input type="checkbox" checked>`, () => mark("input")],
        ["a choice", `<input type="radio" name="it">`, () => mark("input")],
        ["one of a list", `<select>${ROOMS}</select>`, () => choose("select", "2")],
        ["several of a list", `<select multiple>${ROOMS}</select>`, () => choose("select", "1")],
        ["a file", `<input type="file">`, () => attach("input", "plate.jpg")],
    ];
    for (const [title, html, enter] of cases) {
        test(title, async () => {
            const el = setPage(html);
            expect(isInUse(el)).toBe(false);
            await enter();
            expect(isInUse(el)).toBe(true);
        });
    }

    test("not if everything is as it was", async () => {
        const el = setPage(`
            <input name="text" value="a"><input type="checkbox" checked>
            <select>${ROOMS}</select>
            <select class="preset">${ROOMS.replace('"2"', '"2" selected')}</select>`);
        expect(isInUse(el)).toBe(false);
        await write("input[name=text]", "ab");
        await write("input[name=text]", "a");
        await mark("input[type=checkbox]");
        await mark("input[type=checkbox]");
        await choose("select.preset", "3");
        expect(isInUse(el)).toBe(true);
        await choose("select.preset", "2");
        expect(isInUse(el)).toBe(false);
    });

    test("by the focus, but not that of a title", () => {
        const el = setPage(`
            <div><h1 tabindex="-1">Pump</h1><h2 tabindex="-1">Dates</h2><a href="#">Answer</a></div>
            <button>Elsewhere</button>`);
        const section = el.firstElementChild;
        const isInUseBy = (selector) => {
            queryOne(selector).focus();
            expect(selector).toBeFocused();
            return isInUse(section);
        };
        expect(["a", "h1", "h2", "button"].map(isInUseBy)).toEqual([true, false, false, false]);
    });

    test("by a dialog that is open", () => {
        const el = setPage(`<dialog>Are you sure?</dialog>`);
        expect(isInUse(el)).toBe(false);
        queryOne("dialog").setAttribute("open", "");
        expect(isInUse(el)).toBe(true);
    });
});

describe("carried over", () => {
    const make = (html) => {
        const el = document.createElement("div");
        el.innerHTML = html;
        return el;
    };

    /** Enter something, and carry it over to the same form as it is rendered later. */
    async function carry(html, enter, later = html) {
        const from = setPage(html);
        await enter();
        const to = make(later);
        return { to, lost: carryOver(from, to) };
    }

    const valuesOf = (el) => [...el.querySelectorAll("input, textarea")].map((one) => one.value);
    const marksOf = (el) => [...el.querySelectorAll("input")].map((one) => one.checked);
    const chosenOf = (el) =>
        [...el.querySelector("select").selectedOptions].map((option) => option.value);

    test("texts, and only those that were changed", async () => {
        const { to, lost } = await carry(
            `<input name="one" value="a"><input name="two" value="b"><textarea name="it"></textarea>`,
            async () => {
                await write("input[name=two]", "mine");
                await write("textarea", "my long text");
            },
            `<input name="two" value="y"><input name="one" value="x"><textarea name="it"></textarea>`
        );
        expect(valuesOf(to)).toEqual(["mine", "x", "my long text"]);
        expect(lost).toEqual([]);
    });

    test("marks, by their value", async () => {
        const boxes = ["a", "b", "c"].map((it) => `<input type="checkbox" name="it" value="${it}">`);
        boxes[2] = boxes[2].replace(">", " checked>");
        const { to, lost } = await carry(
            boxes.join(""),
            async () => {
                await mark("[value=b]");
                await mark("[value=c]");
            },
            boxes.toReversed().join("")
        );
        expect(marksOf(to)).toEqual([false, true, false]);
        expect(valuesOf(to)).toEqual(["c", "b", "a"]);
        expect(lost).toEqual([]);
    });

    test("a choice", async () => {
        const html = ["a", "b"]
            .map((it) => `<input type="radio" name="it" value="${it}">`)
            .join("");
        const { to } = await carry(html, () => mark("[value=b]"));
        expect(marksOf(to)).toEqual([false, true]);
    });

    test("one of a list, and several", async () => {
        const one = await carry(`<select name="it">${ROOMS}</select>`, () => choose("select", "3"));
        expect(chosenOf(one.to)).toEqual(["3"]);
        const preset = ROOMS.replace('"2"', '"2" selected');
        const html = `<select name="it" multiple>${preset}</select>`;
        const several = await carry(html, () => choose("select", "1", "3"));
        expect(chosenOf(several.to)).toEqual(["1", "3"]);
    });

    test("files", async () => {
        const html = `<input type="file" name="it">`;
        const { to } = await carry(html, () => attach("input", "plate.jpg"));
        expect([...to.firstElementChild.files].map((file) => file.name)).toEqual(["plate.jpg"]);
    });

    const form = (step) => `<form action="/step/${step}"><input name="note"></form>`;

    test("into the form that it was entered for", async () => {
        const { to, lost } = await carry(
            form(1) + form(2),
            () => write("form:last input", "mine"),
            form(2) + form(1)
        );
        expect(valuesOf(to)).toEqual(["mine", ""]);
        expect(lost).toEqual([]);
    });

    test("a text without a place is given back", async () => {
        const { to, lost } = await carry(form(1), () => write("input", "mine"), form(2));
        expect(valuesOf(to)).toEqual([""]);
        expect(lost).toEqual(["mine"]);
    });

    test("a control of another kind is no place", async () => {
        const { to, lost } = await carry(
            `<textarea name="it"></textarea>`,
            () => write("textarea", "mine"),
            `<input name="it"><input type="checkbox" name="it" value="mine">`
        );
        expect(valuesOf(to)).toEqual(["", "mine"]);
        expect(lost).toEqual(["mine"]);
    });

    test("a control without a name is no place", async () => {
        const { to, lost } = await carry("<input>", () => write("input", "mine"));
        expect(valuesOf(to)).toEqual([""]);
        expect(lost).toEqual(["mine"]);
    });

    test("only texts are given back, and no empty ones", async () => {
        const { lost } = await carry(
            `<input name="a" value="x"><input name="b"><input type="checkbox" name="c">
             <input type="number" name="d"><textarea name="e"></textarea>`,
            async () => {
                await write("[name=a]", "");
                await write("[name=b]", "   ");
                await mark("[name=c]");
                await write("[name=d]", "7");
                await write("[name=e]", " mine\nand yours ");
            },
            ""
        );
        expect(lost).toEqual([" mine\nand yours "]);
    });
});
