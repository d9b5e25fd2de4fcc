import { expect, freezeTime, getFixture, mockDate, mockFetch } from "@odoo/hoot";
import { advanceTime, Deferred, tick } from "@odoo/hoot-dom";
import { onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Tuesday 24 November 2026, 10:00 UTC: when a test begins, by the clock of the device. */
export const NOW = Date.UTC(2026, 10, 24, 10);

/** Let every clock stand still until a test lets time pass. */
export function stopClocks() {
    mockDate("2026-11-24 10:00:00");
    freezeTime();
    patchWithCleanup(performance, { now: () => Date.now() - NOW });
}

/** Let time pass in steps: what is asked for in one step is answered before the next. */
export async function elapse(time, step = SECOND) {
    for (let passed = 0; passed < time; passed += step) {
        await advanceTime(Math.min(step, time - passed), { animationFrame: false });
        await tick();
    }
}

/** Let the page be `hidden` or `visible` from now on. */
export function setVisibility(visibilityState) {
    patchWithCleanup(document, { visibilityState });
    document.dispatchEvent(new Event("visibilitychange"));
}

/** Let chance be this number, from 0 to 1. */
export function mockChance(number) {
    patchWithCleanup(Math, { random: () => number });
}

/** A browser gives up a question that is aborted; the network of HOOT does not. */
function heedSignals() {
    const { fetch } = window;
    patchWithCleanup(window, {
        fetch: (url, { signal, ...options } = {}) =>
            new Promise((resolve, reject) => {
                const giveUp = () => {
                    expect.step("aborted");
                    reject(signal.reason);
                };
                signal?.addEventListener("abort", giveUp);
                fetch(url, options)
                    .then(resolve, reject)
                    .then(() => signal?.removeEventListener("abort", giveUp));
            }),
    });
}

export function makeJsonResponse(value) {
    const headers = { "Content-Type": "application/json" };
    return new window.Response(JSON.stringify(value), { headers });
}

/**
 * Note as a step what a page asks for; each question waits until the test answers it.
 *
 * @returns {Object} `answer(value)`, `refuse(status)` and `fail()` settle the oldest question
 */
export function mockServerOfPage() {
    const waiting = [];
    const ask = (url, headers) => {
        const known = headers.get("If-None-Match");
        expect.step(known ? `${url} ${known}` : url);
        waiting.push(new Deferred());
        return waiting.at(-1);
    };
    heedSignals();
    mockFetch((url, { headers }) => ask(url, headers));
    // The same for a page that has all of its services, which ask other questions, too.
    onRpc("/my/service/*", ({ url, headers }) => {
        const { pathname, search } = new window.URL(url);
        return ask(pathname + search, headers);
    });
    const settle = async (how, value) => {
        waiting.shift()[how](value);
        await tick();
    };
    return {
        answer: (value) => settle("resolve", makeJsonResponse(value)),
        refuse: (status) => settle("resolve", new window.Response(null, { status })),
        fail: () => settle("reject", new TypeError("Failed to fetch")),
    };
}

/** Show a page instead of the one before, and return what holds it. */
export function setPage(html) {
    const fixture = getFixture();
    fixture.innerHTML = html;
    return fixture;
}

export const makeChip = () => `
    <p class="o_service_live_chip" hidden="hidden">
        <span data-state="live"><span>Live</span></span>
        <span data-state="polling"><span>Checked every 30 seconds</span></span>
        <span data-state="offline"><span>Offline. Showing the state of <time></time></span></span>
        <span data-state="ended">
            <span>This page is not available any more. <a href="/my/service/5">Reload it.</a></span>
        </span>
    </p>`;

const WORDS = `
    <p class="o_service_live_said" role="status"></p>
    <div class="o_service_live_words" hidden="hidden">
        <p class="o_service_live_news"><button type="button">New information, show</button></p>
        <label class="o_service_live_kept">
            <span>Copy it:</span>
            <textarea readonly="readonly"></textarea>
        </label>
    </div>`;

export const makeSlot = (name, html, stamp = "old") =>
    `<div class="o_service_slot" data-section="${name}" data-stamp="${stamp}">${html}</div>`;

/**
 * The page of a service, as the server makes it.
 *
 * @param {Object} [sections] their content by their names
 * @param {Object} [values] of the attributes of its live part; null for none
 */
export function makePage(sections = {}, values = {}) {
    const all = {
        service: "5",
        path: "/my/service/5",
        version: "7",
        channel: "signed:channel",
        "refresh-in": DAY / SECOND,
        now: NOW,
        zone: "UTC",
        ...values,
    };
    const attributes = Object.entries(all)
        .filter(([, value]) => value !== null)
        .map(([name, value]) => `data-${name}="${value}"`);
    const slots = Object.entries(sections).map(([name, html]) => makeSlot(name, html));
    return `
        <article class="o_service_page" lang="en-US">
            <div class="o_service_live" ${attributes.join(" ")}>
                ${makeSlot("title", "<h1>Pump</h1>")}
                ${makeChip()}
                <p class="o_service_page_updated">
                    Updated <time datetime="2026-11-24T10:00:00Z">Nov 24</time>
                </p>
                ${slots.join("")}
                ${WORDS}
            </div>
        </article>`;
}
