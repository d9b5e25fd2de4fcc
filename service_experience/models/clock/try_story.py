# Part of Service Experience. See LICENSE file for full copyright and licensing details.
"""How the clock of one target would run, told step by step.

Every instant comes from the state machine that measures real timers, so that what is told here
is what will happen.
"""

from itertools import pairwise

from ...business_time import DEADLINE, WARNING, UnreachableTargetError
from .engine.draft import start_clock
from .saying import get_midnight, say_day, say_span

# More opening times than these are told in one line, and more days than these not by name.
MOST_INTERVALS = 6
MOST_DAYS = 7
# How rows look; at one instant they come in this order.
_LOOKS = {
    "point": ("fa-bell-o text-warning", ""),
    "pause": ("fa-pause", ""),
    "deadline": ("fa-flag-checkered text-danger", "fw-bold"),
    "start": ("fa-circle-o", ""),
    "closed": ("fa-moon-o", "text-muted"),
    "open": ("fa-play text-success", ""),
}
_ORDER = tuple(_LOOKS)


class Story:
    """The rows of one target: when, what happens, how much time it takes."""

    def __init__(self, scene, target):
        self.scene = scene
        self.env = scene.env
        self.time = scene.time
        self.target = target
        self.rules = target._get_rules()
        self.lines = {str(line.id): line for line in target.escalation_ids}
        self.rows = []
        self.found = {}

    def tell(self):
        """Return what the screen shows of this target; on an ``error`` that alone."""
        if self.target.duration < 1:
            return {"error": self.env._("Enter how long this promise may take: at least 1.")}
        try:
            clock = start_clock(self.target, self.rules, self.time, self.scene.start)
            last = self._run(clock)
        except UnreachableTargetError:
            return {
                "error": self.env._(
                    "These working hours do not offer enough time for this target within three "
                    "years. Enter a shorter time or choose other hours."
                )
            }
        self.rows.sort(key=lambda row: (row["at"], _ORDER.index(row["kind"])))
        return {
            "begins": self._tell_begin(),
            "days": self._tell_days(clock) if self.target.unit == "day" else "",
            "notes": self._tell_notes(clock),
            "warning": self._tell_found(WARNING),
            "deadline": self._tell_found(DEADLINE),
            "state": last.state,
            "rows": self.rows,
        }

    def _run(self, clock):
        """Let the clock run to its deadline, through the pause where it has one."""
        scene = self.scene
        if not self._is_held(clock):
            return self._tell_rest(clock, frozenset())
        at = max(scene.hold_from, scene.start)
        fired = self._tell_running(clock, at)
        clock, _piece = clock.pause(self.time, at, scene.hold)
        self._tell_pause(clock)
        if not scene.hold_until:
            return clock
        clock, _piece = clock.resume(self.time, self.time, scene.hold_until)
        return self._tell_rest(clock, fired)

    def _is_held(self, clock):
        scene = self.scene
        return (
            self._pauses()
            and scene.hold_from <= clock.deadline
            and (not scene.hold_until or scene.hold_until > scene.start)
        )

    def _pauses(self):
        return self.scene.hold and self.rules.get_holds([self.scene.hold], None)

    # Rows

    def _add(self, at, kind, text, seconds=None):
        """Add a row.

        :param kind: one of ``_LOOKS``
        :param seconds: open seconds that pass in it
        """
        icon, look = _LOOKS[kind]
        self.rows.append(
            {
                "at": at,
                "kind": kind,
                "text": text,
                "icon": icon,
                "look": look,
                "when": self.scene.say(at),
                "there": self.scene.say_there(at),
                "span": "" if seconds is None else say_span(self.env, seconds),
            }
        )

    def _tell_rest(self, clock, fired):
        self._tell_hours(clock, clock.deadline)
        for moment in clock.moments(self.time, fired):
            self._tell_moment(clock, moment)
        return clock

    def _tell_running(self, clock, end):
        """Tell a running piece that ends before the deadline; return the points it reached."""
        self._tell_hours(clock, end)
        reached = [moment for moment in clock.moments(self.time) if moment.at < end]
        for moment in reached:
            self._tell_moment(clock, moment)
        return frozenset(moment.point for moment in reached)

    def _tell_hours(self, clock, end):
        """Tell when the clock finds open time between its start and an end."""
        since = clock.running_since
        intervals = self.time.open_intervals(since, end)
        self._tell_start(since, is_first=since == clock.started_at)
        told = intervals
        if len(intervals) > MOST_INTERVALS:
            told = intervals[: MOST_INTERVALS // 2] + intervals[-2:]
        for opening, closing in told:
            self._tell_open(clock, opening, closing, end)
        for (_opening, closing), (opening, _closing) in pairwise(told):
            if skipped := self.time.open_intervals(closing, opening):
                self._tell_skipped(closing, opening, len(skipped))
            else:
                self._tell_closed(closing, opening)

    def _tell_start(self, at, *, is_first):
        is_open = self.time.is_open(at)
        if is_first and is_open:
            text = self.env._("The clock starts, in open time.")
        elif is_first:
            text = self.env._("The clock starts, in closed time: it runs from the next opening on.")
        else:
            text = self.env._("The pause is over: the clock goes on with the time that is left.")
        self._add(at, "start", text)
        if not is_open:
            self._tell_closed(at, self.time.next_open(at))

    def _tell_open(self, clock, opening, closing, end):
        until = self.scene.say(closing, opening)
        if closing < end:
            text = self.env._("Open until %(until)s.", until=until)
        elif end == clock.deadline:
            text = self.env._("Open: the rest of the time, until %(until)s.", until=until)
        else:
            text = self.env._("Open until the pause begins, %(until)s.", until=until)
        self._add(opening, "open", text, self.time.elapsed(opening, closing))

    def _tell_closed(self, closing, opening):
        names = self.scene.get_closing_names(closing, opening)
        values = {"until": self.scene.say(opening, closing), "names": ", ".join(names)}
        if names:
            text = self.env._("Closed until %(until)s (%(names)s).", **values)
        else:
            text = self.env._("Closed until %(until)s.", until=values["until"])
        self._add(closing, "closed", text)

    def _tell_skipped(self, start, end, count):
        """Tell in one row how much open time lies between two closings."""
        names = self.scene.get_closing_names(start, end)
        values = {"count": count, "until": self.scene.say(end)}
        if names:
            text = self.env._(
                "%(count)s more opening times until %(until)s (closed: %(names)s).",
                names=", ".join(names),
                **values,
            )
        else:
            text = self.env._("%(count)s more opening times until %(until)s.", **values)
        self._add(start, "closed", text, self.time.elapsed(start, end))

    def _tell_pause(self, clock):
        cause = self.env["service.sla.timer"]._fields["pause_cause"]
        text = self.env._(
            "%(cause)s: the clock stands still. %(used)s are used, %(left)s are left.",
            cause=dict(cause._description_selection(self.env))[clock.hold.cause],
            used=say_span(self.env, clock.spent),
            left=say_span(self.env, max(0, clock.target - clock.spent)),
        )
        self._add(clock.paused_since, "pause", text)

    def _tell_moment(self, clock, moment):
        self.found[moment.point] = moment.at
        if moment.point == DEADLINE:
            self._add(moment.at, "deadline", self._tell_deadline(moment.at))
            return
        seconds = dict(clock.marks).get(moment.point, clock.warn)
        label = self._get_label(moment.point)
        due = self.time.deadline(clock.running_since, max(0, seconds - clock.spent))
        if due and due > moment.at:
            label = self.env._(
                "%(label)s. It would be due %(due)s, when there is hardly time left to act, so "
                "it is brought forward: this is the last moment to act.",
                label=label,
                due=self.scene.say(due),
            )
        self._add(moment.at, "point", label)

    def _get_label(self, point):
        if point == WARNING:
            return self.env._("Warning at %(percent)s %%", percent=self.target.warn_percent)
        return self.lines[point].display_name

    def _tell_deadline(self, at):
        if self.time.is_open(at):
            return self.env._("Deadline. One second later the promise is missed.")
        return self.env._(
            "Deadline. The time is used up exactly at closing time, so this is the deadline, and "
            "not the next opening."
        )

    # What stands above the rows

    def _tell_begin(self):
        """Tell what starts a clock of this metric."""
        env = self.env
        return {
            "first_response": env._("from the request"),
            "next_response": env._("from each message of the customer"),
            "update": env._("from the request and from each message of ours"),
            "stage": env._("from the request"),
            "resolution": env._("from the request"),
            "acceptance": env._("from the offer of a handover"),
        }[self.target.metric]

    def _tell_days(self, clock):
        """Tell which working days are counted; they are dates of the working hours."""
        count = self.target.duration
        told = range(1, count + 1) if count <= MOST_DAYS else (1, 2, count)
        zone = self.scene.hours_zone
        # From midnight on, the opening that is found is on the day itself.
        midnight = get_midnight(self.scene.start, zone)
        days = [say_day(self.env, self.time.add_days(midnight, day), zone) for day in told]
        if count > MOST_DAYS:
            days.insert(2, "…")
        return self.env._(
            "Working days after that of the start: %(days)s. Until the same time on the last of "
            "them there are %(span)s of working time; this is what the clock counts.",
            days=" · ".join(days),
            span=say_span(self.env, clock.target),
        )

    def _tell_notes(self, clock):
        """Tell why the pause that is tried does not stop this clock."""
        scene = self.scene
        if not scene.hold or self._is_held(clock):
            return ""
        if not self._pauses():
            return self.env._("This target does not pause for that: its clock runs on.")
        if scene.hold_from > clock.deadline:
            return self.env._("The pause begins after the deadline: it does not undo a breach.")
        return self.env._("The pause is over before the clock starts.")

    def _tell_found(self, point):
        at = self.found.get(point)
        return at and {"here": self.scene.say(at), "there": self.scene.say_there(at)}
