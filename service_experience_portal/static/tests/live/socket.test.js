import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { EventBus } from "@odoo/owl";
import { Socket } from "@service_experience_portal/live/socket";

describe.current.tags("headless");

/** The bus, as far as a page uses it. */
class Bus extends EventBus {
    workerState = "IDLE";
    listeners = new Map();

    addChannel(name) {
        expect.step(`add ${name}`);
    }

    deleteChannel(name) {
        expect.step(`delete ${name}`);
    }

    subscribe(type, callback) {
        this.listeners.set(callback, type);
    }

    unsubscribe(type, callback) {
        expect(this.listeners.get(callback)).toBe(type);
        this.listeners.delete(callback);
    }

    become(state) {
        this.trigger("BUS:WORKER_STATE_UPDATED", state);
    }
}

let bus;

beforeEach(() => {
    bus = new Bus();
});

function makeSocket(state = "IDLE") {
    bus.workerState = state;
    return new Socket(bus, {
        onMessage: () => {},
        onConnect: () => expect.step("connected"),
        onLost: () => expect.step("lost"),
    });
}

test("nothing is opened before a page joins", () => {
    const socket = makeSocket();
    expect(socket.isLive).toBe(false);
    expect.verifySteps([]);
    expect([...bus.listeners.values()]).toEqual(["service_experience/changed"]);
});

test("is live once the channel is joined and the socket open", () => {
    const socket = makeSocket();
    socket.join("a");
    expect(socket.isLive).toBe(false);
    bus.become("CONNECTING");
    expect(socket.isLive).toBe(false);
    bus.become("CONNECTED");
    expect(socket.isLive).toBe(true);
    expect.verifySteps(["add a", "connected"]);
});

test("joins a socket that another page has opened", () => {
    const socket = makeSocket("CONNECTED");
    expect(socket.isLive).toBe(false);
    socket.join("a");
    expect(socket.isLive).toBe(true);
    expect.verifySteps(["add a", "connected"]);
});

test("another page's connection is none of ours", () => {
    const socket = makeSocket();
    bus.become("CONNECTED");
    expect(socket.isLive).toBe(false);
    expect.verifySteps([]);
});

test("the same channel is joined once", () => {
    const socket = makeSocket("CONNECTED");
    socket.join("a");
    socket.join("a");
    expect.verifySteps(["add a", "connected"]);
});

test("a new channel takes the place of the former, without a gap", () => {
    const socket = makeSocket("CONNECTED");
    socket.join("a");
    socket.join("b");
    expect(socket.isLive).toBe(true);
    expect.verifySteps(["add a", "connected", "add b", "delete a"]);
});

describe("a connection that is lost", () => {
    const ways = [
        ["by the network", () => bus.become("CONNECTING")],
        ["on purpose", () => bus.trigger("BUS:DISCONNECT")],
    ];
    for (const [title, lose] of ways) {
        test(title, () => {
            const socket = makeSocket("CONNECTED");
            socket.join("a");
            lose();
            lose();
            expect(socket.isLive).toBe(false);
            bus.become("CONNECTED");
            bus.become("CONNECTED");
            expect(socket.isLive).toBe(true);
            expect.verifySteps(["add a", "connected", "lost", "connected"]);
        });
    }
});

test("gives up its channel, and can join it again", () => {
    const socket = makeSocket("CONNECTED");
    socket.join("a");
    socket.leave();
    socket.leave();
    expect(socket.isLive).toBe(false);
    socket.join("a");
    expect(socket.isLive).toBe(true);
    expect.verifySteps(["add a", "connected", "delete a", "add a", "connected"]);
});

test("hears nothing any more when it is closed", () => {
    const socket = makeSocket("CONNECTED");
    socket.join("a");
    socket.close();
    expect(bus.listeners.size).toBe(0);
    bus.become("CONNECTING");
    bus.become("CONNECTED");
    bus.trigger("BUS:DISCONNECT");
    expect.verifySteps(["add a", "connected", "delete a"]);
});
