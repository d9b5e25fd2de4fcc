import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { Chip } from "@service_experience_portal/live/chip";
import { Clock } from "@service_experience_portal/live/clock";
import { makeChip, MINUTE, NOW, setPage, stopClocks } from "./live_test_helpers";

const CHIP = ".o_service_live_chip";
const SEEN = `${CHIP} [data-state]:not([hidden])`;
const ENDED = "This page is not available any more. Reload it.";

let chip;

beforeEach(() => {
    stopClocks();
    setPage(makeChip());
    chip = new Chip(queryOne(CHIP), new Clock("en-US", "UTC", NOW));
});

test("says nothing while nothing is known", () => {
    expect(chip.show(null, NOW)).toBe("");
    expect(CHIP).toHaveProperty("hidden", true);
    expect(CHIP).not.toHaveAttribute("data-state");
});

describe("the words of a state", () => {
    const cases = [
        ["live", "Live", ""],
        ["polling", "Checked every 30 seconds", ""],
        ["offline", "Offline. Showing the state of 10:00 AM", "Offline. Showing the state of 10:00 AM"],
        ["ended", ENDED, ENDED],
    ];
    for (const [state, seen, said] of cases) {
        test(state, () => {
            expect(chip.show(state, NOW)).toBe(said);
            expect(queryAllTexts(SEEN)).toEqual([seen]);
            expect(CHIP).toBeVisible();
            expect(CHIP).toHaveAttribute("data-state", state);
        });
    }
});

test("bad news is said once", () => {
    expect(chip.show("offline", NOW)).toMatch(/^Offline/);
    expect(chip.show("offline", NOW)).toBe("");
    expect(chip.show("ended", NOW)).toBe(ENDED);
    expect(chip.show("ended", NOW)).toBe("");
    expect(chip.show("live", NOW)).toBe("");
    expect(queryAllTexts(SEEN)).toEqual(["Live"]);
    expect(chip.show("offline", NOW)).toMatch(/^Offline/);
});

test("the moment it speaks of stays right", () => {
    chip.show("offline", NOW);
    chip.show("offline", NOW + 5 * MINUTE);
    expect(queryAllTexts(SEEN)).toEqual(["Offline. Showing the state of 10:05 AM"]);
});

test("disappears when nothing can be said any more", () => {
    chip.show("live", NOW);
    expect(chip.show(null, NOW)).toBe("");
    expect(CHIP).toHaveProperty("hidden", true);
    expect(CHIP).not.toHaveAttribute("data-state");
    expect(queryAllTexts(SEEN)).toEqual([]);
    chip.show("live", NOW);
    expect(CHIP).toBeVisible();
    expect(queryAllTexts(SEEN)).toEqual(["Live"]);
});
