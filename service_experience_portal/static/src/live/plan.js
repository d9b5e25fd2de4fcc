import { SECTIONS, VERSION } from "./feed";

const POLL = 30_000;
// With a socket, or while nobody looks: for whatever was not told.
const SELDOM = 5 * 60_000;

/**
 * When to look again without being told. Compares moments instead of running timers, so that a
 * sleep of the device does not matter.
 */
export class Plan {
    /** @param {number} seconds after which something on the page changes by itself */
    constructor(seconds) {
        this.set(seconds);
    }

    set(seconds) {
        // A little later than the others: a day ends for everybody at once.
        this.refreshAt = Date.now() + 1000 * (seconds + Math.random() * Math.min(30, seconds / 10));
        this.jitter = 0.8 + 0.4 * Math.random();
    }

    /** Return what to ask for when there is a reason to look. */
    getWanted() {
        return Date.now() >= this.refreshAt ? SECTIONS : VERSION;
    }

    /**
     * @param {number} triedAt when the server was last asked
     * @param {boolean} isSeldom
     */
    isDue(triedAt, isSeldom) {
        const pause = (isSeldom ? SELDOM : POLL) * this.jitter;
        return this.getWanted() === SECTIONS || Date.now() >= triedAt + pause;
    }
}
