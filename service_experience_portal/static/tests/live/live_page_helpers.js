import { expect } from "@odoo/hoot";
import { tick } from "@odoo/hoot-dom";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";
import { MockServer } from "@web/../tests/web_test_helpers";
import {
    elapse,
    makePage,
    mockChance,
    mockServerOfPage,
    SECOND,
    setVisibility,
    stopClocks,
} from "./live_test_helpers";

export const CHIP = ".o_service_live_chip";
export const SAID = ".o_service_live_said";
export const DATES = ".day";
const CHANNEL = "signed:channel";
export const ASKED = '/my/service/5/version "7"';
export const FETCHED = "/my/service/5/sections?since=7&have=title.old%2Cdates.old";
export const FETCHED_8 = "/my/service/5/sections?since=8&have=title.old%2Cdates.new";
export const SECTIONS = {
    dates: `
        <section>
            <h2>Dates</h2>
            <p class="day">Friday</p>
            <input name="note"><input name="other">
        </section>`,
};

/** Prepare for a page that is opened later, and return the server it asks. */
export function setUpPage() {
    stopClocks();
    mockChance(0.5);
    setupInteractionWhiteList(["service_experience_portal.service_live"]);
    return mockServerOfPage();
}

/** Open the page of a service and let its socket connect, if it can. */
export async function openPage(values) {
    const page = await startInteractions(makePage(SECTIONS, values));
    await elapse(2 * SECOND, 100);
    return page;
}

/** Open a page that listens, and answer the question it asks first. */
export async function openLivePage(server, values) {
    const page = await openPage(values);
    expect.verifySteps([ASKED]);
    await server.refuse(304);
    expect(CHIP).toHaveText("Live");
    return page;
}

export const makeAnswer = (values = {}) => ({
    version: 8,
    sections: { dates: SECTIONS.dates.replace("Friday", "Monday") },
    stamps: { dates: "new" },
    refresh_in: 86_400,
    now: Date.now(),
    updated: `Updated <time datetime="${new Date().toISOString()}">today</time>`,
    announce: "Dates: Monday",
    channel: CHANNEL,
    seen_url: null,
    ...values,
});

export const bus = () => MockServer.env["bus.bus"];
export const isHeard = (channel = CHANNEL) =>
    Object.values(bus().channelsByUser).flat().includes(channel);

/** Tell all pages that the service has changed. */
export async function tellChange(version, { id = 5, channel = CHANNEL } = {}) {
    bus()._sendone(channel, "service_experience/changed", { id, version });
    await elapse(100, 100);
}

export async function hide() {
    setVisibility("hidden");
    await tick();
}

export async function show() {
    setVisibility("visible");
    await tick();
}
