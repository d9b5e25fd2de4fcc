import { describe, expect, mockDate, test } from "@odoo/hoot";
import { mockFetch, tick } from "@odoo/hoot-mock";
import { hideTab, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { SlaClock } from "@service_experience/sla/sla_clock_service";
import { HOUR, mockMonotonicClock, NOW } from "./sla_test_helpers";

describe.current.tags("headless");

function watchTicks() {
    patchWithCleanup(SlaClock.prototype, {
        _tick() {
            expect.step("tick");
            super._tick();
        },
    });
}

test("counts from the server's time, whatever the browser's clock says", async () => {
    const { elapse } = mockMonotonicClock();
    const clock = new SlaClock();
    clock.sync(NOW);
    mockDate("2031-01-01 00:00:00");
    expect(clock.now).toBe(NOW);
    await elapse(3);
    expect(clock.now).toBe(NOW + 3);
});

test("an older reading does not turn the clock back, a fresher one corrects it", () => {
    const { jump } = mockMonotonicClock();
    const clock = new SlaClock();
    clock.sync(NOW - HOUR); // from a cached view
    clock.sync(NOW);
    clock.sync(NOW - 20);
    jump(10);
    expect(clock.now).toBe(NOW + 10);
});

test("one tick a second for all, none when nobody listens", async () => {
    const { elapse } = mockMonotonicClock();
    watchTicks();
    const clock = new SlaClock();
    const listen = (name) => clock.subscribe(() => expect.step(name));
    const stops = [listen("a"), listen("b")];
    expect.verifySteps(["tick", "a"]);
    await elapse(2);
    expect.verifySteps(["tick", "a", "b", "tick", "a", "b"]);
    stops[0]();
    await elapse(1);
    expect.verifySteps(["tick", "b"]);
    stops[1]();
    await elapse(2);
    expect.verifySteps([]);
});

test("nothing ticks in a hidden tab; when it is seen again it is right at once", async () => {
    const { elapse } = mockMonotonicClock();
    const clock = new SlaClock();
    clock.sync(NOW);
    const stop = clock.subscribe(() => expect.step(clock.now - NOW));
    expect.verifySteps([0]);
    await hideTab();
    await elapse(30);
    expect.verifySteps([]);
    document.dispatchEvent(new Event("visibilitychange"));
    expect.verifySteps([30]);
    stop();
});

test("asks the server when the computer slept", async () => {
    const { elapse } = mockMonotonicClock();
    let slept = 0;
    patchWithCleanup(Date, {
        now() {
            return super.now() + slept;
        },
    });
    mockFetch((url) => {
        expect.step(url);
        return new window.Response("{}", { headers: { Date: "Tue, 24 Nov 2026 18:00:00 GMT" } });
    });
    const clock = new SlaClock();
    clock.sync(NOW);
    const stop = clock.subscribe(() => {});
    await elapse(2);
    expect.verifySteps([]);
    slept = 8 * HOUR * 1000; // the monotonic clock stood still
    await elapse(1);
    await tick();
    expect.verifySteps(["/web/health"]);
    expect(clock.now).toBe(NOW + 8 * HOUR);
    stop();
});
