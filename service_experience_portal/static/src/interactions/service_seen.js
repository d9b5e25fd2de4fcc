import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Tells the server that the customer sees what is asked of them. Only a page that is visible in a
 * browser does so: programs that open the links of mails to look for malware see nothing.
 */
export class ServiceSeen extends Interaction {
    static selector = ".o_service_page";
    dynamicContent = {
        _document: { "t-on-visibilitychange": this.tell },
        // A live page shows something that its reader has not seen yet.
        _root: { "t-on-service_seen": this.onNews },
    };

    setup() {
        this.url = this.el.dataset.seenUrl;
    }

    start() {
        this.tell();
    }

    onNews({ detail }) {
        this.url = detail;
        return this.tell();
    }

    async tell() {
        const { url } = this;
        if (!url || document.visibilityState !== "visible") {
            return;
        }
        this.url = null;
        const body = new FormData();
        body.append("csrf_token", odoo.csrf_token);
        await this.waitFor(
            fetch(url, { method: "POST", body }).catch(() => {
                this.url = url; // offline: the next look at the page tries again
            })
        );
    }
}

registry.category("public.interactions").add("service_experience_portal.service_seen", ServiceSeen);
