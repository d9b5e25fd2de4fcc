const PATIENCE = 20_000;

/** The page is not this reader's any more: it was closed, or their link or session has ended. */
export class GoneError extends Error {}

/**
 * Return what the server answers; null if there is nothing new.
 *
 * @param {string} url
 * @param {AbortController} controller
 * @param {Object} [headers]
 */
export async function load(url, controller, headers = {}) {
    const timer = setTimeout(() => controller.abort(), PATIENCE);
    try {
        const options = { headers, cache: "no-store", signal: controller.signal };
        const response = await fetch(url, options);
        if ([403, 404].includes(response.status)) {
            throw new GoneError();
        }
        if (!response.ok && response.status !== 304) {
            throw new Error(response.statusText);
        }
        return response.ok ? await response.json() : null;
    } finally {
        clearTimeout(timer);
    }
}
