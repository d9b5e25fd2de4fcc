"""One deadline by the kernel, against `plan_hours` of Odoo on the same calendar and instants."""

from datetime import datetime, timedelta
from statistics import median

from benchmarks.report import Row, verdict
from benchmarks.sampling import Sample, in_turn
from benchmarks.session import create_office_calendar, processor_clock, transaction

# Every 103 hours of ten months: day and night, weekends, holidays, both changes of the clocks.
STARTS = [datetime(2026, 1, 20) + timedelta(hours=103 * number) for number in range(70)]
HOURS = (1, 4, 8, 40)
QUESTIONS = [(start, hours) for start in STARTS for hours in HOURS]
# The kernel answers the same questions so often that one sample takes longer than a clock's tick.
REPEATED = 50


def compare(database: str, rounds: int = 9) -> Row:
    """Return how the kernel compares; the answers of both must be equal."""
    odoo, ours = (
        median(sample.seconds for sample in samples) * 1e6 for samples in _measure(database, rounds)
    )
    return Row(
        "one deadline; plan_hours",
        f"{ours:.1f} us",
        f"{odoo:.0f} us",
        f"{odoo / ours:.0f} x faster",
        ">= 300 x, <= 5 us",
        verdict(odoo / ours >= 300, ours <= 5),
    )


def _measure(database: str, rounds: int) -> list[list[Sample]]:
    with transaction(database) as env:
        calendar = create_office_calendar(env)
        kernel = calendar._service_version()._working_time()
        clock = processor_clock(env)

        def plan_hours() -> list[datetime]:
            # With holidays, as the kernel: the same question.
            return [calendar.plan_hours(hours, start, True) for start, hours in QUESTIONS]

        def deadline() -> list[datetime]:
            return [kernel.deadline(start, 3600 * hours) for start, hours in QUESTIONS]

        assert plan_hours() == deadline()
        runs = [_timed(plan_hours, clock, 1), _timed(deadline, clock, REPEATED)]
        return in_turn(runs, rounds)


def _timed(answer_all, clock, times: int):
    def run() -> Sample:
        started = clock()
        for _ in range(times):
            answer_all()
        return Sample((clock() - started) / times / len(QUESTIONS))

    return run
