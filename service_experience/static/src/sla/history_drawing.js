import { _t } from "@web/core/l10n/translation";
import { cluster, leastWidth, makeAxis } from "./history_axis";
import { growTo, storyOf } from "./history_life";
import { iconOf, signsOf } from "./history_signs";
import { ticksOf } from "./history_ticks";
import { eventWords, inLines, pieceWords, spentText } from "./history_words";
import { formatDuration } from "./durations";
import { faceOf } from "./timer_face";

/** A piece narrower than this has no room for words. */
const WORDS_PX = 58;
/** Nights narrower than this collapse: hatched they would only flicker. */
const BAND_PX = 5;

const PIECE_ICONS = { running: "fa-play", paused: "fa-pause" };

/** How much of a running piece came after the breach, in percent. */
function lateShare(axis, piece, breachedAt) {
    if (piece.kind !== "running" || breachedAt === null || piece.to <= breachedAt) {
        return 0;
    }
    const [start, end] = [axis.at(piece.from), axis.at(piece.to)];
    const late = axis.at(Math.max(breachedAt, piece.from));
    return end > start ? Math.round((100 * (end - late)) / (end - start)) : 100;
}

function barsOf(life, axis, width, now) {
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

function bandsOf(axis, width) {
    return axis.closed
        .map(([from, to]) => ({ pos: axis.at(from), end: axis.at(to) }))
        .map(({ pos, end }) => ({ pos, size: Math.round(10 * (end - pos)) / 10 }))
        .filter(({ size }) => (size * width) / 100 >= BAND_PX);
}

function rowOf({ piece, event }, life, now) {
    if (event) {
        const words = eventWords(event, now);
        return { key: `e${event.id}`, kind: event.kind, icon: iconOf(event.kind), ...words, total: "" };
    }
    return {
        key: `p${piece.from}${piece.kind}`,
        kind: piece.kind,
        icon: PIECE_ICONS[piece.kind],
        ...pieceWords(piece, now),
        total: spentText(piece.spent, life.target),
    };
}

function legendOf(life, signs) {
    const names = new Map();
    for (const { kind } of life.pieces) {
        names.set(kind, kind === "running" ? _t("Running") : _t("Paused"));
    }
    if (life.closed.length) {
        names.set("closed", _t("Closed hours"));
    }
    const marks = new Map(signs.map(({ icon, kind, name }) => [kind, { kind, icon, name }]));
    return [
        ...[...names].map(([kind, name]) => ({ kind, icon: "", name })),
        ...[...marks.values()],
    ];
}

function laneOf(signs, above, width) {
    const mine = signs.filter((sign) => sign.above === above);
    return cluster(mine, width).map(({ pos, first, signs: members }, index) => ({
        point: `${above ? "promise" : "event"}${index}`,
        pos,
        kind: first.kind,
        icon: first.icon,
        count: members.length,
        lines: members.flatMap(({ lines }) => lines),
    }));
}

/**
 * Everything the widget shows at one instant, as plain data.
 *
 * @param {import("./history_life").SlaHistory} history
 * @param {number} serverNow epoch seconds
 * @param {number} room pixels on the page
 */
export function drawHistory(history, serverNow, room) {
    const life = growTo(history, serverNow);
    const spentOf = (spent) => spentText(spent, life.target);
    const least = leastWidth(life.started, life.end);
    const width = Math.max(room, least);
    const axis = makeAxis(life.started, life.end, life.closed);
    const signs = signsOf(life, serverNow).map((sign) => ({ ...sign, pos: axis.at(sign.at) }));
    const bars = barsOf(life, axis, width, serverNow);
    const [promises, happenings] = [true, false].map((above) => laneOf(signs, above, width));
    const explained = [...bars, ...promises, ...happenings];
    return {
        face: faceOf(history, serverNow, history.now),
        spent: _t("%(spent)s spent", { spent: spentOf(life.pieces.at(-1)?.spent ?? 0) }),
        least: least > room ? least : 0,
        bars,
        bands: bandsOf(axis, width),
        words: bars.filter(({ short }) => short),
        promises,
        happenings,
        points: Object.fromEntries(explained.map(({ point, lines }) => [point, lines])),
        stems: signs.map(({ kind, pos, above }) => ({ kind, pos, above })),
        now: life.now === null ? null : axis.at(life.now),
        ticks: ticksOf(axis, width),
        legend: legendOf(life, signs),
        rows: storyOf(life).map((entry) => rowOf(entry, life, serverNow)),
    };
}
