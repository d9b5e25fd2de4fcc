const PAUSE = 20_000;
// What changes right after the page was opened, or because it was looked at, is no news.
const SILENCE = 5_000;

/** Says what changed to whoever cannot see it: seldom, and the latest news only. */
export class Announcer {
    constructor(el) {
        this.el = el;
        this.saidAt = -PAUSE;
        this.next = "";
        this.mute();
    }

    /** Say nothing for a moment. */
    mute() {
        this.mutedUntil = performance.now() + SILENCE;
    }

    say(sentence) {
        const now = performance.now();
        if (sentence && now >= this.mutedUntil) {
            this.next = sentence;
            this.timer ??= setTimeout(() => this.utter(), this.saidAt + PAUSE - now);
        }
    }

    utter() {
        this.timer = null;
        this.saidAt = performance.now();
        // A node of its own each time: the same words twice are two changes.
        const words = document.createElement("span");
        words.textContent = this.next;
        this.el.replaceChildren(words);
    }

    stop() {
        clearTimeout(this.timer);
    }
}
