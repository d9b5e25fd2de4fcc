import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Tells the server that the customer sees what is asked of them. Only a page that is visible in a
 * browser does so: programs that open the links of mails to look for malware see nothing.
 */
export class ServiceSeen extends Interaction {
    static selector = ".o_service_page[data-seen-url]";
    dynamicContent = {
        _document: { "t-on-visibilitychange": this.tell },
    };

    setup() {
        this.isTold = false;
    }

    start() {
        this.tell();
    }

    async tell() {
        if (this.isTold || document.visibilityState !== "visible") {
            return;
        }
        this.isTold = true;
        const body = new FormData();
        body.append("csrf_token", odoo.csrf_token);
        await this.waitFor(
            fetch(this.el.dataset.seenUrl, { method: "POST", body }).catch(() => {
                this.isTold = false; // offline: the next look at the page tries again
            })
        );
    }
}

registry.category("public.interactions").add("service_experience_portal.service_seen", ServiceSeen);
