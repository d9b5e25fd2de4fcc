/** Says in words how fresh the page is; hidden while that is not known. */
export class Chip {
    constructor(el, clock) {
        this.el = el;
        this.clock = clock;
    }

    /**
     * @param {?string} state `live`, `polling`, `offline`, `ended`
     * @param {number} at when the page was last known to be right
     * @returns {string} the words, if they are new and bad
     */
    show(state, at) {
        const former = this.el.dataset.state ?? null;
        if (state === "offline") {
            this.clock.write(this.el.querySelector("time"), at);
        }
        if (state === former) {
            return "";
        }
        this.el.hidden = state === null;
        for (const words of this.el.children) {
            words.hidden = words.dataset.state !== state;
        }
        if (state === null) {
            delete this.el.dataset.state;
            return "";
        }
        this.el.dataset.state = state;
        const isBad = ["offline", "ended"].includes(state);
        return isBad ? this.el.querySelector(`[data-state=${state}]`).textContent.trim() : "";
    }
}
