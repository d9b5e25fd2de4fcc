import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { getState } from "@service_experience_portal/live/state";
import { elapse, NOW, SECOND, stopClocks } from "./live_test_helpers";

describe.current.tags("headless");

beforeEach(stopClocks);

function stateOf({ isEnded = false, failures = 0, isLive = false, channel = "c", age = 0 }) {
    const [feed, socket] = [{ isEnded, failures }, { isLive }];
    return getState({ feed, socket, channel, startedAt: NOW - age });
}

const CASES = [
    ["live", { isLive: true }],
    ["live", { isLive: true, age: 60 * SECOND }],
    [null, {}],
    [null, { age: 3 * SECOND - 1 }],
    ["polling", { age: 3 * SECOND }],
    ["polling", { age: 60 * SECOND }],
    // A service that is over.
    [null, { channel: null, age: 60 * SECOND }],
    [null, { channel: "", age: 60 * SECOND }],
    ["offline", { failures: 1 }],
    ["offline", { failures: 1, isLive: true }],
    ["offline", { failures: 1, channel: null }],
    ["ended", { isEnded: true }],
    ["ended", { isEnded: true, failures: 2, isLive: true }],
    ["ended", { isEnded: true, channel: null }],
];

for (const [state, values] of CASES) {
    test(`${state}: ${JSON.stringify(values)}`, () => expect(stateOf(values)).toBe(state));
}

test("a page that cannot connect says so after three seconds", async () => {
    await elapse(3 * SECOND - 1);
    expect(stateOf({})).toBe(null);
    await elapse(1);
    expect(stateOf({})).toBe("polling");
});
