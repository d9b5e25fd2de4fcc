import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { SECTIONS, VERSION } from "@service_experience_portal/live/feed";
import { Plan } from "@service_experience_portal/live/plan";
import { DAY, elapse, MINUTE, mockChance, NOW, SECOND, stopClocks } from "./live_test_helpers";

describe.current.tags("headless");

beforeEach(stopClocks);

describe("how often", () => {
    const cases = [
        ["every 30 seconds", 0.5, false, 30],
        ["a little earlier", 0, false, 24],
        ["a little later", 1, false, 36],
        ["seldom", 0.5, true, 300],
        ["seldom, a little earlier", 0, true, 240],
        ["seldom, a little later", 1, true, 360],
    ];
    for (const [title, chance, isSeldom, seconds] of cases) {
        test(title, async () => {
            mockChance(chance);
            const plan = new Plan(DAY / SECOND);
            await elapse(seconds * SECOND - 1, MINUTE);
            expect(plan.isDue(NOW, isSeldom)).toBe(false);
            await elapse(1);
            expect(plan.isDue(NOW, isSeldom)).toBe(true);
            expect(plan.isDue(NOW + 1, isSeldom)).toBe(false);
            expect(plan.getWanted()).toBe(VERSION);
        });
    }

    test("another time after each answer", async () => {
        mockChance(0);
        const plan = new Plan(DAY / SECOND);
        await elapse(25 * SECOND);
        expect(plan.isDue(NOW, false)).toBe(true);
        mockChance(1);
        plan.set(DAY / SECOND);
        expect(plan.isDue(NOW, false)).toBe(false);
    });
});

describe("what changes by itself", () => {
    const cases = [
        ["on time", 100, 0, 100],
        ["a little later than the others", 100, 0.5, 105],
        ["at most a tenth later", 100, 1, 110],
        ["at most half a minute later", 6000, 1, 6030],
        ["at once", 0, 1, 0],
    ];
    for (const [title, seconds, chance, after] of cases) {
        test(title, async () => {
            mockChance(chance);
            const plan = new Plan(seconds);
            if (after) {
                await elapse(after * SECOND - 1, 10 * MINUTE);
                expect(plan.getWanted()).toBe(VERSION);
                expect(plan.isDue(Date.now(), true)).toBe(false);
                await elapse(1);
            }
            expect(plan.getWanted()).toBe(SECTIONS);
            expect(plan.isDue(Date.now(), true)).toBe(true);
        });
    }

    test("is known anew after each answer", async () => {
        mockChance(0);
        const plan = new Plan(10);
        await elapse(10 * SECOND);
        plan.set(10);
        expect(plan.getWanted()).toBe(VERSION);
        await elapse(10 * SECOND);
        expect(plan.getWanted()).toBe(SECTIONS);
    });
});
