// So long the first connection may take before a page says that it has none.
const HURRY = 3_000;

export function isVisible() {
    return document.visibilityState === "visible";
}

/**
 * Return how fresh a page is: `live`, `polling`, `offline` or `ended`; null if nothing can be said.
 *
 * @param {Object} page `feed` and `socket`, the `channel` that it may listen to, if any, and when it
 *     was opened: `startedAt`
 */
export function getState({ feed, socket, channel, startedAt }) {
    if (feed.isEnded || feed.failures) {
        return feed.isEnded ? "ended" : "offline";
    }
    if (!channel) {
        return null; // a service that is over does not change
    }
    if (socket.isLive) {
        return "live";
    }
    return Date.now() - startedAt < HURRY ? null : "polling";
}
