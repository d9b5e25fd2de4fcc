import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const TICK_MS = 1000;
const SLEEP_MS = 5000;

/**
 * The server's time on this page, and one tick a second shared by all who show it.
 *
 * It counts with the monotonic clock of the browser from the server times found in what was read, so
 * a wrong or changed browser clock does not matter. A reading is always a little old (network, cached
 * views): of all readings the one that puts the server's time latest is the truest.
 */
export class SlaClock {
    constructor() {
        this.offset = -Infinity; // milliseconds from the monotonic clock to the server's time
        this.listeners = new Set();
        this.interval = null;
        this.onVisibilityChange = () => this._adjust();
    }

    /** @returns {number} whole epoch seconds of the server */
    get now() {
        return Math.floor(Math.round(browser.performance.now() + this.offset) / 1000);
    }

    /** @param {number} serverNow epoch seconds of the server in something just received */
    sync(serverNow) {
        this.offset = Math.max(this.offset, serverNow * 1000 - browser.performance.now());
    }

    /**
     * @param {() => void} listener called every second while the page is visible
     * @returns {() => void} ends the subscription
     */
    subscribe(listener) {
        this.listeners.add(listener);
        if (this.listeners.size === 1) {
            document.addEventListener("visibilitychange", this.onVisibilityChange);
            this._adjust();
        }
        return () => {
            this.listeners.delete(listener);
            if (!this.listeners.size) {
                document.removeEventListener("visibilitychange", this.onVisibilityChange);
                this._adjust();
            }
        };
    }

    _adjust() {
        const isNeeded = this.listeners.size && document.visibilityState !== "hidden";
        if (isNeeded && this.interval === null) {
            this.interval = browser.setInterval(() => this._tick(), TICK_MS);
            this._tick();
        } else if (!isNeeded && this.interval !== null) {
            browser.clearInterval(this.interval);
            this.interval = null;
        }
    }

    _tick() {
        this._checkSleep();
        for (const listener of [...this.listeners]) {
            listener();
        }
    }

    /**
     * On some systems the monotonic clock stands still while the computer sleeps. Then the two clocks
     * of the browser move apart; which one is right only the server knows.
     */
    _checkSleep() {
        const apart = Date.now() - browser.performance.now();
        if (Math.abs(apart - (this.apart ?? apart)) > SLEEP_MS) {
            this._askServer();
        }
        this.apart = apart;
    }

    async _askServer() {
        try {
            const response = await browser.fetch("/web/health", { cache: "no-store" });
            const date = Date.parse(response.headers.get("Date"));
            if (date) {
                this.sync(date / 1000);
            }
        } catch {
            // Offline: the next reading corrects the clock.
        }
    }
}

export const slaClockService = { start: () => new SlaClock() };

registry.category("services").add("service_sla_clock", slaClockService);
