/**
 * The life of a timer as it is at one instant. Nothing here reads a clock or the page.
 *
 * @typedef {Object} LifePiece a closed piece, or the open one
 * @property {"running" | "paused"} kind
 * @property {number} from epoch seconds
 * @property {number | null} to epoch seconds, null while it goes on
 * @property {number} seconds working seconds
 * @property {string | null} cause why the clock stood still
 * @property {string | null} by who let it stand still
 * @property {string | null} reason in the words of the team
 *
 * @typedef {Object} LifeEvent
 * @property {number} id
 * @property {number} at epoch seconds
 * @property {string} kind
 * @property {string} label the kind in words
 * @property {string | null} cause
 * @property {string | null} reason
 * @property {string | null} by
 * @property {number | null} before deadline until then, epoch seconds
 * @property {number | null} after deadline from then on, epoch seconds
 *
 * @typedef {import("./countdown").SlaTimer & {
 *   now: number,
 *   started: number,
 *   end: number,
 *   spent: number,
 *   computed_deadline: number | null,
 *   manual_deadline: number | null,
 *   manual_reason: string | null,
 *   breached_at: number | null,
 *   pieces: LifePiece[],
 *   closed: [number, number][],
 *   events: LifeEvent[],
 * }} SlaHistory value of the field `history`
 */
import { deadlineIfResumed, openSeconds } from "./countdown";

const OPEN = ["running", "paused"];
/** What the pieces tell already. */
const TOLD_BY_PIECES = ["paused", "resumed"];

function breachAt({ state, deadline, breached_at: breachedAt }, now) {
    const isPast = state === "running" && deadline && now > deadline;
    return breachedAt ?? (isPast ? deadline : null);
}

function growPieces({ pieces, events, windows, now: readAt }, now) {
    const resumed = events.filter(({ kind }) => kind === "resumed");
    const dues = new Map(resumed.map(({ at, after }) => [at, after]));
    let spent = 0;
    return pieces.map((piece) => {
        const isOpen = piece.to === null;
        const seconds = piece.seconds + (isOpen ? openSeconds(windows, readAt, now) : 0);
        spent += piece.kind === "running" ? seconds : 0;
        const to = isOpen ? Math.max(now, piece.from) : piece.to;
        const due = piece.kind === "running" ? dues.get(piece.from) : null;
        return { ...piece, isOpen, seconds, to, spent, due };
    });
}

/**
 * Let a life that goes on grow to `serverNow`.
 *
 * @param {SlaHistory} history as it was read
 * @param {number} serverNow epoch seconds
 * @returns {SlaHistory} with `now` null for a life that has ended, the open piece closed at
 *  `serverNow`, and on each piece the working seconds `spent` until its end, and the deadline
 *  that was `due` after a pause
 */
export function growTo(history, serverNow) {
    const isOpen = OPEN.includes(history.state);
    const resumed = history.state === "paused" ? deadlineIfResumed(history, serverNow) : null;
    return {
        ...history,
        now: isOpen ? serverNow : null,
        end: Math.max(history.end, isOpen ? serverNow : 0, resumed ?? 0, history.started + 60),
        breached_at: breachAt(history, serverNow),
        computed_deadline: resumed ?? history.computed_deadline,
        pieces: growPieces(history, serverNow),
    };
}

/**
 * @param {SlaHistory} life
 * @returns {({ piece: LifePiece } | { event: LifeEvent })[]} what happened, in the order of time
 */
export function storyOf({ pieces, events }) {
    const told = events.filter(({ kind }) => !TOLD_BY_PIECES.includes(kind));
    return [
        ...told.map((event) => ({ at: event.at, event })),
        ...pieces.map((piece) => ({ at: piece.from, piece })),
    ].sort((one, other) => one.at - other.at);
}
