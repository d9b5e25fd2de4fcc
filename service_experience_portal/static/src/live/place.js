import { closestScrollableY } from "@web/core/utils/scrolling";

/** Return what identifies the `details` of a section when it is rendered anew. */
function getKeys(el) {
    const counts = {};
    return [...el.querySelectorAll("details")].map((details) => {
        const owner = details.closest("[id]");
        const id = owner && el.contains(owner) ? owner.id : "";
        counts[id] = (counts[id] ?? 0) + 1;
        return [`${id} ${counts[id]}`, details];
    });
}

/** Return which `details` are open, by what identifies them. */
export function getOpenDetails(el) {
    return new Map(getKeys(el).map(([key, details]) => [key, details.open]));
}

/** Open and close `details` as they were. */
export function restoreDetails(el, open) {
    for (const [key, details] of getKeys(el)) {
        if (open.has(key)) {
            details.open = open.get(key);
        }
    }
}

function getTop(el) {
    return el.getBoundingClientRect().top;
}

function isSeen(el) {
    const { top, bottom, height } = el.getBoundingClientRect();
    return height > 0 && bottom > 0 && top < window.innerHeight;
}

/**
 * Return what the reader looks at, with where it is: what has the focus, then what begins in the
 * window, the highest first; what began above it comes last.
 */
function getAnchors(root) {
    const focused = document.activeElement;
    const seen = [...root.querySelectorAll("[id], h1")].filter(isSeen);
    const anchors = seen.map((el) => ({ el, top: getTop(el) }));
    // What was scrolled to the edge of the window may be a fraction of a pixel above it.
    anchors.sort((one, other) => (one.top < -1) - (other.top < -1) || one.top - other.top);
    if (root.contains(focused) && isSeen(focused)) {
        anchors.unshift({ el: focused, top: getTop(focused) });
    }
    return anchors;
}

function findAgain(el) {
    return el.isConnected ? el : el.id && document.getElementById(el.id);
}

/** Do something to the page, and let what the reader looks at stay where it is in the window. */
export function keepPlace(root, change) {
    const anchors = getAnchors(root);
    change();
    const anchor = anchors.find(({ el }) => findAgain(el));
    const shift = anchor ? Math.round(getTop(findAgain(anchor.el)) - anchor.top) : 0;
    if (shift) {
        const scroller = closestScrollableY(root) ?? document.scrollingElement;
        scroller.scrollBy({ top: shift, behavior: "instant" });
    }
}
