import { GoneError, load } from "./request";

/** What is asked for: whether there is something new, or the sections that changed. */
export const VERSION = 1;
export const SECTIONS = 2;

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
// A copy of the database may be behind: a change that was told is looked for so often.
const LOOKS = 5;
const LOOK_PAUSE = 1_000;

/**
 * Asks the server for news, one request at a time. What is asked for meanwhile is asked once, after
 * it; what fails is tried again later and later.
 */
export class Feed {
    /**
     * @param {string} url of the page
     * @param {number} version of the page as it is shown
     * @param {() => string} getStamps of the sections as they are shown
     * @param {(answer: Object) => void} onNews
     * @param {() => void} onChange after each attempt
     */
    constructor(url, version, { getStamps, onNews, onChange }) {
        Object.assign(this, { url, version, getStamps, onNews, onChange });
        Object.assign(this, { wanted: 0, failures: 0, looks: 0, expected: 0, pause: null });
        this.isBusy = this.isEnded = false;
        this.checkedAt = this.triedAt = Date.now();
    }

    /** Ask now, or after the request that is under way, or when a pause is over. */
    ask(what) {
        this.wanted = Math.max(this.wanted, what);
        if (!this.isBusy && !this.pause) {
            this.run();
        }
    }

    /** Ask now, whatever failed before: there is a reason to believe that it works again. */
    askAgain(what) {
        clearTimeout(this.pause);
        this.pause = null;
        this.ask(what);
    }

    /** Look for a change that was told. Transactions end in any order, so it may be known. */
    expect(version) {
        this.expected = Math.max(this.expected, version);
        this.looks = 0;
        this.ask(version > this.version ? SECTIONS : VERSION);
    }

    stop() {
        this.isEnded = true;
        clearTimeout(this.pause);
        this.controller?.abort();
    }

    async run() {
        this.isBusy = true;
        while (this.wanted && !this.pause && !this.isEnded) {
            const what = this.wanted;
            this.wanted = 0;
            await this.attempt(what);
            this.onChange();
        }
        this.isBusy = false;
    }

    async attempt(what) {
        this.triedAt = Date.now();
        this.controller = new AbortController();
        try {
            await (what === SECTIONS ? this.loadSections() : this.loadVersion());
            this.failures = 0;
            this.checkedAt = Date.now();
        } catch (error) {
            if (error instanceof GoneError) {
                this.stop();
            } else if (!this.isEnded) {
                const pause = Math.min(FIRST_PAUSE * 2 ** this.failures++, LONGEST_PAUSE);
                this.wait(what, pause * (0.5 + Math.random()));
            }
        }
    }

    async loadVersion() {
        const headers = { "If-None-Match": `"${this.version}"` };
        const answer = await load(`${this.url}/version`, this.controller, headers);
        if (answer && answer.version !== this.version) {
            this.wanted = SECTIONS;
        }
    }

    async loadSections() {
        const known = new URLSearchParams({ since: this.version, have: this.getStamps() });
        const answer = await load(`${this.url}/sections?${known}`, this.controller);
        this.version = answer.version;
        this.onNews(answer);
        if (answer.version < this.expected && this.looks++ < LOOKS) {
            this.wait(SECTIONS, LOOK_PAUSE);
        }
    }

    wait(what, delay) {
        this.wanted = Math.max(this.wanted, what);
        clearTimeout(this.pause);
        this.pause = setTimeout(() => this.askAgain(what), delay);
    }
}
