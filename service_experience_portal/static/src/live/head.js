import { Announcer } from "./announcer";
import { Chip } from "./chip";
import { Clock } from "./clock";

/** What stands above the sections: how fresh the page is, in words that are seen or heard. */
export class Head {
    /**
     * @param {HTMLElement} root
     * @param {string} lang of the reader
     */
    constructor(root, lang) {
        const { zone, now } = root.dataset;
        this.clock = new Clock(lang, zone, Number(now));
        this.chip = new Chip(root.querySelector(".o_service_live_chip"), this.clock);
        this.announcer = new Announcer(root.querySelector(".o_service_live_said"));
        this.updated = root.querySelector(".o_service_page_updated");
    }

    /** Note what an answer of the server says. */
    take({ now, updated, announce }) {
        this.clock.set(now);
        this.updated.innerHTML = updated;
        this.announcer.say(announce);
    }

    /**
     * @param {?string} state see `Chip`
     * @param {number} at when the page was last known to be right
     */
    show(state, at) {
        this.clock.tell(this.updated.querySelector("time"));
        this.announcer.say(this.chip.show(state, at));
    }

    stop() {
        this.announcer.stop();
    }
}
