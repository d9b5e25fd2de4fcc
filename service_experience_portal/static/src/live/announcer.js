const PAUSE = 20_000;

/** Says what changed to whoever cannot see it: seldom, and the latest news only. */
export class Announcer {
    constructor(el) {
        this.el = el;
        this.saidAt = -PAUSE;
        this.next = "";
    }

    say(sentence) {
        if (!sentence) {
            return;
        }
        this.next = sentence;
        this.timer ??= setTimeout(() => this.utter(), this.saidAt + PAUSE - performance.now());
    }

    utter() {
        this.timer = null;
        this.saidAt = performance.now();
        // A node of its own each time: the same words twice are two changes.
        this.el.replaceChildren(Object.assign(document.createElement("span"), { textContent: this.next }));
    }

    stop() {
        clearTimeout(this.timer);
    }
}
