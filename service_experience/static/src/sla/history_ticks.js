const { DateTime } = luxon;

const MINUTE = 60;
const HOUR = 3600;
const STEPS = [5, 10, 15, 30, 60, 120, 180, 360].map((minutes) => minutes * MINUTE);
const UNITS = [{ days: 1 }, { weeks: 1 }, { months: 1 }, { months: 3 }, { years: 1 }];
/** Room that a label needs, and one of a day or a month with the space around it. */
const LABEL_PX = 72;
const DATE_PX = 90;

const DAY_FORMAT = { weekday: "short", day: "numeric", month: "short" };
const FORMATS = {
    days: DAY_FORMAT,
    weeks: { day: "numeric", month: "short" },
    months: { month: "short", year: "2-digit" },
    years: { year: "numeric" },
};

/** The first working instant of a period, if it has any on the axis. */
function openingOf(axis, start, end) {
    const shut = axis.closed.find(([from, to]) => from <= start && start < to);
    const opening = shut ? shut[1] : start;
    return opening < Math.min(end, axis.to) ? opening : null;
}

function periodsOf(axis, unit) {
    const [name] = Object.keys(unit);
    let start = DateTime.fromSeconds(axis.from).startOf(name).plus(unit);
    const ticks = [];
    while (start.toSeconds() < axis.to) {
        const next = start.plus(unit);
        const at = openingOf(axis, start.toSeconds(), next.toSeconds());
        if (at !== null) {
            ticks.push({ at, text: start.toLocaleString(FORMATS[name]) });
        }
        start = next;
    }
    return ticks;
}

/** Begins, days, weeks or whatever fits. */
function coarseTicks(axis, room) {
    for (const unit of UNITS) {
        const [[name, count]] = Object.entries(unit);
        const length = { days: 24, weeks: 168, months: 730, years: 8766 }[name] * HOUR * count;
        const isTooMuch = (axis.to - axis.from) / length > 10 * room;
        const ticks = isTooMuch ? null : periodsOf(axis, unit);
        if (ticks && ticks.length <= room) {
            return { ticks, isDays: name === "days" };
        }
    }
    return { ticks: [], isDays: false };
}

/** Hours and minutes, where days leave room for them. */
function fineTicks(axis, width) {
    const step = STEPS.find((seconds) => seconds * axis.perSecond * width >= LABEL_PX);
    if (!step) {
        return [];
    }
    const ticks = [];
    let day = DateTime.fromSeconds(axis.from).startOf("day");
    while (day.toSeconds() < axis.to) {
        const next = day.plus({ days: 1 });
        for (let at = day.toSeconds() + step; at < next.toSeconds(); at += step) {
            if (at > axis.from && at < axis.to && axis.isOpen(at)) {
                const text = DateTime.fromSeconds(at).toLocaleString(DateTime.TIME_SIMPLE);
                ticks.push({ at, text });
            }
        }
        day = next;
    }
    return ticks;
}

/** The first label begins at the start of the axis, the others are centred. */
function hasRoom(pos, kept, width) {
    const pixels = (percent) => (percent * width) / 100;
    const room = (other) => LABEL_PX * (other.pos === 0 ? 1.5 : 1);
    return (
        kept.every((other) => pixels(Math.abs(other.pos - pos)) >= room(other)) &&
        (!kept.length || pixels(100 - pos) >= LABEL_PX / 3)
    );
}

/**
 * Labels below the axis, none over another.
 *
 * @param {ReturnType<typeof import("./history_axis").makeAxis>} axis
 * @param {number} width of the axis in pixels
 * @returns {{ pos: number, text: string }[]} in the order of time
 */
export function ticksOf(axis, width) {
    const first = { at: axis.from, text: DateTime.fromSeconds(axis.from).toLocaleString(DAY_FORMAT) };
    const { ticks, isDays } = coarseTicks(axis, Math.max(2, Math.floor(width / DATE_PX)));
    const kept = [];
    for (const tick of [first, ...ticks, ...(isDays ? fineTicks(axis, width) : [])]) {
        const pos = axis.at(tick.at);
        if (hasRoom(pos, kept, width)) {
            kept.push({ pos, text: tick.text });
        }
    }
    return kept.sort((one, other) => one.pos - other.pos);
}
