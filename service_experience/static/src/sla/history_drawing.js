import { _t } from "@web/core/l10n/translation";
import { cluster, leastWidth, makeAxis } from "./history_axis";
import { bandsOf, barsOf, PIECE_ICONS } from "./history_bars";
import { growTo, storyOf } from "./history_life";
import { iconOf, signsOf } from "./history_signs";
import { ticksOf } from "./history_ticks";
import { eventWords, pieceWords, spentText } from "./history_words";
import { faceOf } from "./timer_face";

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

function legendOf(life, bands, signs) {
    const names = new Map();
    for (const { kind } of life.pieces) {
        names.set(kind, kind === "running" ? _t("Running") : _t("Paused"));
    }
    if (bands.length) {
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
    const bands = bandsOf(axis, width);
    return {
        face: faceOf(history, serverNow, history.now),
        spent: _t("%(spent)s spent", { spent: spentOf(life.pieces.at(-1)?.spent ?? 0) }),
        least: least > room ? least : 0,
        bars,
        bands,
        words: bars.filter(({ short }) => short),
        promises,
        happenings,
        stems: signs.map(({ kind, pos }) => ({ kind, pos })),
        now: life.now === null ? null : axis.at(life.now),
        ticks: ticksOf(axis, width),
        legend: legendOf(life, bands, signs),
        rows: storyOf(life).map((entry) => rowOf(entry, life, serverNow)),
    };
}
