import { getOpenDetails, keepPlace, restoreDetails } from "./place";
import { carryOver, isInUse } from "./typed";

/**
 * Replaces the sections that changed. One that the reader is at work in stays as it is until they
 * are done, or ask for it; then nothing that they entered is lost.
 */
export class Sections {
    /**
     * @param {HTMLElement} root
     * @param {Object} interactions the service `public.interactions`
     * @param {() => void} onShown when sections that were held back are shown
     */
    constructor(root, interactions, onShown) {
        Object.assign(this, { root, interactions, onShown });
        this.words = root.querySelector(".o_service_live_words");
        this.held = new Map();
    }

    /** Return what the reader has, so that the server sends the rest: `status.1a2b3c4d,...`. */
    getStamps() {
        return [...this.root.querySelectorAll("[data-section]")]
            .map((slot) => {
                const name = slot.dataset.section;
                return `${name}.${this.held.get(name)?.stamp ?? slot.dataset.stamp}`;
            })
            .join(",");
    }

    /** Show new sections, or offer them. */
    take(sections, stamps) {
        keepPlace(this.root, () => {
            for (const [name, html] of Object.entries(sections)) {
                const slot = this.root.querySelector(`[data-section="${name}"]`);
                if (slot) {
                    this.takeOne(slot, { html, stamp: stamps[name] });
                }
            }
        });
    }

    takeOne(slot, section) {
        if (section.stamp === slot.dataset.stamp) {
            this.release(slot); // as it was before
        } else if (isInUse(slot)) {
            this.hold(slot, section);
        } else {
            this.replace(slot, section);
        }
    }

    /** Show the sections that the reader is done with. */
    settle() {
        const slots = [...this.held.keys()].map((name) =>
            this.root.querySelector(`[data-section="${name}"]`)
        );
        const free = slots.filter((slot) => !isInUse(slot));
        if (free.length) {
            keepPlace(this.root, () => {
                free.forEach((slot) => this.replace(slot, this.held.get(slot.dataset.section)));
            });
            this.onShown();
        }
    }

    hold(slot, section) {
        if (!slot.querySelector(".o_service_live_news")) {
            const news = this.words.querySelector(".o_service_live_news").cloneNode(true);
            news.querySelector("button").addEventListener("click", () => this.show(slot));
            (slot.firstElementChild ?? slot).prepend(news);
        }
        this.held.set(slot.dataset.section, section);
    }

    release(slot) {
        slot.querySelector(".o_service_live_news")?.remove();
        this.held.delete(slot.dataset.section);
    }

    /** Show what the reader asked for, with all that they entered. */
    show(slot) {
        const former = slot.cloneNode(false);
        former.append(...slot.childNodes);
        this.replace(slot, this.held.get(slot.dataset.section), former);
        carryOver(former, slot).forEach((text) => this.keepText(slot, text));
        this.focusTitle(slot).scrollIntoView({ block: "nearest", behavior: "instant" });
        this.onShown();
    }

    focusTitle(slot) {
        const title = slot.querySelector("h2") ?? this.root.querySelector("h1");
        title.tabIndex = -1;
        title.focus({ preventScroll: true });
        return title;
    }

    keepText(slot, text) {
        const note = this.words.querySelector(".o_service_live_kept").cloneNode(true);
        note.querySelector("textarea").value = text;
        (slot.firstElementChild ?? slot).append(note);
    }

    replace(slot, { html, stamp }, former = slot) {
        const isFocused = slot.contains(document.activeElement); // its title, at most
        const open = getOpenDetails(former);
        for (const child of former.children) {
            this.interactions.stopInteractions(child);
        }
        slot.innerHTML = html;
        slot.dataset.stamp = stamp;
        this.held.delete(slot.dataset.section);
        restoreDetails(slot, open);
        slot.firstElementChild?.classList.add("o_service_live_changed");
        this.interactions.startInteractions(slot);
        if (isFocused) {
            this.focusTitle(slot);
        }
    }
}
