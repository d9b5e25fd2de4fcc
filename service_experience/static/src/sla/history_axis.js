/**
 * Where an instant lies on the axis of a life. Closed time is drawn narrower than working time:
 * nights and weekends may take a quarter of the axis together, so that the work stays readable.
 */
const CLOSED_SHARE = 0.25;
/** Signs closer than this are drawn as one. */
const SIGN_PX = 26;
/** A day of a long life is never narrower than this: the axis scrolls instead. */
const DAY_PX = 8;
const WIDEST_PX = 4000;
const DAY = 24 * 3600;

/** Seconds of the intervals that lie before `at`. */
function sumBefore(intervals, at) {
    let sum = 0;
    for (const [from, to] of intervals) {
        if (from >= at) {
            break;
        }
        sum += Math.min(to, at) - from;
    }
    return sum;
}

/**
 * @param {number} from epoch seconds
 * @param {number} to epoch seconds
 * @param {[number, number][]} closed closed intervals in the order of time
 */
export function makeAxis(from, to, closed) {
    const shut = sumBefore(closed, to) - sumBefore(closed, from);
    const open = to - from - shut;
    const narrow = (CLOSED_SHARE / (1 - CLOSED_SHARE)) * open;
    const weight = shut && open ? Math.min(1, narrow / shut) : 1;
    const total = open + weight * shut;
    const measure = (at) => at - from - (1 - weight) * sumBefore(closed, at);
    return {
        from,
        to,
        closed,
        /** Share of the axis that a second of working time takes. */
        perSecond: 1 / total,
        /** @returns {number} percent from the start of the axis; what lies outside is at its ends */
        at: (instant) => {
            const inside = Math.min(to, Math.max(from, instant));
            return Math.round((1000 * measure(inside)) / total) / 10;
        },
        isOpen: (instant) => !closed.some(([shuts, opens]) => shuts <= instant && instant < opens),
    };
}

/**
 * @param {number} from epoch seconds
 * @param {number} to epoch seconds
 * @returns {number} pixels that this life needs to be readable
 */
export function leastWidth(from, to) {
    return Math.min(WIDEST_PX, Math.round(((to - from) / DAY) * DAY_PX));
}

/**
 * Draw signs that would cover each other as one.
 *
 * @template {{ pos: number, rank: number }} Sign
 * @param {Sign[]} signs in the order of time
 * @param {number} width of the axis in pixels
 * @returns {{ pos: number, first: Sign, signs: Sign[] }[]} `first` is the one with the lowest rank
 */
export function cluster(signs, width) {
    const clusters = [];
    for (const sign of signs) {
        const last = clusters.at(-1);
        if (last && ((sign.pos - last.end) * width) / 100 < SIGN_PX) {
            last.end = sign.pos;
            last.signs.push(sign);
        } else {
            clusters.push({ start: sign.pos, end: sign.pos, signs: [sign] });
        }
    }
    return clusters.map(({ start, end, signs: members }) => ({
        pos: (start + end) / 2,
        first: members.reduce((one, other) => (other.rank < one.rank ? other : one)),
        signs: members,
    }));
}
