import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { Feed } from "../live/feed";
import { Head } from "../live/head";
import { News } from "../live/news";
import { Plan } from "../live/plan";
import { Sections } from "../live/sections";
import { Socket } from "../live/socket";
import { getState, isVisible } from "../live/state";

const BEAT = 5_000;
// How long a page that nobody looks at keeps its channel.
const GRACE = 60_000;

/** Keeps the page of a service as the server would show it now. */
export class ServiceLive extends Interaction {
    static selector = ".o_service_live";
    dynamicContent = {
        _document: { "t-on-visibilitychange": this.onVisibility },
        _window: { "t-on-online": this.look, "t-on-offline": this.look },
        _root: {
            "t-on-focusout": this.onIdle,
            "t-on-input": this.onIdle,
            "t-on-change": this.onIdle,
        },
    };

    setup() {
        const { service, path, version, channel, refreshIn } = this.el.dataset;
        const page = this.el.closest(".o_service_page");
        this.channel = channel ?? null;
        this.startedAt = Date.now();
        this.plan = new Plan(Number(refreshIn));
        this.head = new Head(this.el, page.lang);
        const interactions = this.services["public.interactions"];
        this.sections = new Sections(this.el, interactions, () => this.news.tell());
        this.news = new News(page, this);
        this.feed = new Feed(path, Number(version), {
            getStamps: () => this.sections.getStamps(),
            onNews: (answer) => this.take(answer),
            onChange: () => this.showState(),
        });
        this.socket = new Socket(this.services.bus_service, {
            onMessage: ({ id, version }) => id === Number(service) && this.feed.expect(version),
            // Not all at once after a restart, and not before the channel is heard.
            onConnect: () => this.waitForTimeout(this.look, 400 + 600 * Math.random()),
            onLost: () => this.showState(),
        });
    }

    start() {
        this.timer = setInterval(() => this.beat(), BEAT);
        this.beat();
    }

    destroy() {
        clearInterval(this.timer);
        clearTimeout(this.grace);
        this.socket.close();
        this.feed.stop();
        this.head.stop();
    }

    /** Listen, as long as somebody looks and something can change. */
    connect() {
        if (!this.channel || this.feed.isEnded) {
            this.socket.leave();
        } else if (isVisible()) {
            this.socket.join(this.channel);
        }
    }

    beat() {
        const isSeldom = this.socket.isLive || !this.channel || !isVisible();
        if (this.plan.isDue(this.feed.triedAt, isSeldom)) {
            this.feed.ask(this.plan.getWanted());
        }
        this.showState();
    }

    look() {
        this.feed.askAgain(this.plan.getWanted());
    }

    onVisibility() {
        clearTimeout(this.grace);
        if (isVisible()) {
            this.connect();
            this.look();
        } else {
            this.grace = this.waitForTimeout(() => this.socket.leave(), GRACE);
        }
    }

    onIdle() {
        // The focus is still on its way to another place.
        this.waitForTimeout(() => this.sections.settle(), 0);
    }

    /** Show an answer of the server. */
    take(answer) {
        this.plan.set(answer.refresh_in);
        this.sections.take(answer.sections, answer.stamps);
        this.head.take(answer);
        this.channel = answer.channel;
        this.news.note(answer.seen_url);
    }

    showState() {
        this.connect();
        this.head.show(getState(this), this.feed.checkedAt);
    }
}

registry.category("public.interactions").add("service_experience_portal.service_live", ServiceLive);
