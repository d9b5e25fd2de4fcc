/** Lets `ServiceSeen` tell the server that news were shown, as soon as they are. */
export class News {
    /**
     * @param {HTMLElement} page
     * @param {Object} live `sections` and `head` of the page
     */
    constructor(page, { sections, head }) {
        Object.assign(this, { page, sections, head });
        this.url = null;
    }

    /** @param {?string} url where it is told, if an answer of the server holds any */
    note(url) {
        this.url = url ?? this.url;
        this.tell();
    }

    tell() {
        if (this.url && !this.sections.held.size) {
            this.head.announcer.mute();
            this.page.dispatchEvent(new CustomEvent("service_seen", { detail: this.url }));
            this.url = null;
        }
    }
}
