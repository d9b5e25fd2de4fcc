const MINUTE = 60_000;
const UNITS = [
    ["day", 24 * 60 * MINUTE],
    ["hour", 60 * MINUTE],
    ["minute", MINUTE],
];
// Older than so many days is said with its date.
const LONGEST = 7 * 24 * 60 * MINUTE;

/** Puts moments into the words of the reader: their language, and the time zone of the page. */
export class Clock {
    /**
     * @param {string} lang such as `fa-IR`
     * @param {string} zone such as `Asia/Almaty`
     * @param {number} now the server's time in milliseconds
     */
    constructor(lang, zone, now) {
        this.lang = lang;
        this.zone = zone;
        this.relative = new Intl.RelativeTimeFormat(lang, { numeric: "auto", style: "short" });
        // Many browsers know no words for it in Kazakh, and say “-3 h”.
        this.hasWords = !/^[-\u2212\u200e]*[-\u2212]/.test(this.relative.format(-3, "hour"));
        this.set(now);
    }

    /** Correct the clock of the device by the server's. */
    set(now) {
        this.drift = now - Date.now();
    }

    /** Say how long ago a `time` was; what it said before stays as its title. */
    tell(time) {
        const moment = Date.parse(time?.getAttribute("datetime"));
        if (Number.isNaN(moment)) {
            return;
        }
        time.title ||= time.textContent;
        time.textContent = this.getAgo(moment) ?? time.title;
    }

    getAgo(moment) {
        const age = Math.max(0, Date.now() + this.drift - moment);
        if (age > LONGEST || !this.hasWords) {
            return null;
        }
        const [unit, length] = UNITS.find(([, length]) => age >= length) ?? ["second", Infinity];
        return this.relative.format(-Math.floor(age / length), unit);
    }

    /** Write a moment of this device into a `time`: 14:05, with the day if it was another one. */
    write(time, at) {
        const moment = new Date(at + this.drift);
        const day = { day: "numeric", month: "short" };
        const hour = { hour: "numeric", minute: "2-digit" };
        const isToday = this.format(moment, day) === this.format(Date.now() + this.drift, day);
        time.textContent = this.format(moment, isToday ? hour : { ...day, ...hour });
        time.setAttribute("datetime", moment.toISOString());
    }

    format(moment, options) {
        return new Intl.DateTimeFormat(this.lang, { ...options, timeZone: this.zone }).format(moment);
    }
}
