import { formatDuration } from "./durations";
import { inLines, pieceWords } from "./history_words";

/** A piece narrower than this has no room for words. */
const WORDS_PX = 58;
/** Nights narrower than this collapse: hatched they would only flicker. */
const BAND_PX = 5;

export const PIECE_ICONS = { running: "fa-play", paused: "fa-pause" };

/** How much of a running piece came after the breach, in percent. */
function lateShare(axis, piece, breachedAt) {
    if (piece.kind !== "running" || breachedAt === null || piece.to <= breachedAt) {
        return 0;
    }
    const [start, end] = [axis.at(piece.from), axis.at(piece.to)];
    const late = axis.at(Math.max(breachedAt, piece.from));
    return end > start ? Math.round((100 * (end - late)) / (end - start)) : 100;
}

/**
 * @param {import("./history_life").SlaHistory} life grown to now
 * @param {ReturnType<typeof import("./history_axis").makeAxis>} axis
 * @param {number} width of the axis in pixels
 * @param {number} now epoch seconds
 * @returns {Object[]} the pieces of a life as bars on the axis
 */
export function barsOf(life, axis, width, now) {
    return life.pieces.map((piece, index) => {
        const pos = axis.at(piece.from);
        const size = Math.round(10 * (axis.at(piece.to) - pos)) / 10;
        const words = pieceWords(piece, now);
        const short = piece.kind === "running" ? formatDuration(piece.seconds) : words.what;
        return {
            point: `piece${index}`,
            kind: piece.kind,
            isOpen: piece.isOpen,
            pos,
            size,
            late: lateShare(axis, piece, life.breached_at),
            icon: PIECE_ICONS[piece.kind],
            short: (size * width) / 100 >= WORDS_PX && piece.seconds ? short : "",
            lines: inLines(words),
        };
    });
}

/** @returns {{ pos: number, size: number }[]} the closed times that are wide enough to be seen */
export function bandsOf(axis, width) {
    return axis.closed
        .map(([from, to]) => ({ pos: axis.at(from), end: axis.at(to) }))
        .map(({ pos, end }) => ({ pos, size: Math.round(10 * (end - pos)) / 10 }))
        .filter(({ size }) => (size * width) / 100 >= BAND_PX);
}
