"""The forecast of remaining work: how often it holds, and when it passes a promise."""

import doctest
import random
from fractions import Fraction
from math import ceil, floor

import forecast as module
import pytest
from forecast import MIN_CASES, Remaining, forecast, get_comparable, passes_after, quantile
from hypothesis import given
from hypothesis import strategies as st

HOUR = 3600
HUGE = 10**30
DISTRIBUTIONS = {
    "lognormal": lambda rng: round(rng.lognormvariate(10, 1)),
    "exponential": lambda rng: round(rng.expovariate(1 / (40 * HOUR))),
}
ROUNDS = 3000

durations = st.lists(
    st.one_of(st.integers(0, 12), st.integers(0, 400), st.integers(0, HUGE)), max_size=60
).map(sorted)
shares = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


@pytest.fixture(params=sorted(DISTRIBUTIONS))
def draw(request):
    """Return a source of durations that gives the same ones in every run."""
    rng = random.Random(f"seed of {request.param}")  # noqa: S311
    return lambda: DISTRIBUTIONS[request.param](rng)


def draw_above(draw, elapsed):
    while (value := draw()) <= elapsed:
        pass
    return value


def get_rates(pairs):
    """Return how often the value of a pair was within the P50 and within the P80."""
    within = [(value <= made.p50, value <= made.p80) for value, made in pairs]
    return [sum(column) / len(within) for column in zip(*within, strict=True)]


# ----------------------------------------------------------------------
# Coverage
# ----------------------------------------------------------------------


@pytest.mark.parametrize("size", [10, 11, 20, 50, 200, 500])
def test_four_of_five_new_cases_are_within_the_p80(draw, size):
    rounds = ROUNDS if size < 200 else ROUNDS // 3
    half, most = get_rates(
        (draw(), forecast(sorted(draw_above(draw, 0) for _ in range(size)), 0))
        for _ in range(rounds)
    )
    assert 0.75 <= most <= 0.85
    assert 0.45 <= half <= 0.55


@pytest.mark.parametrize("passed", [0.25, 0.5, 0.75])
@pytest.mark.parametrize("size", [60, 300])
def test_so_are_those_that_have_taken_some_time_already(draw, size, passed):
    elapsed = quantile(sorted(draw() for _ in range(2000)), passed)
    pairs = []
    for _ in range(ROUNDS // 3):
        made = forecast(sorted(draw() for _ in range(size)), elapsed)
        if made:
            pairs.append((draw_above(draw, elapsed), made))
    assert len(pairs) > ROUNDS // 4
    half, most = get_rates(pairs)
    assert 0.75 <= most <= 0.85
    assert 0.45 <= half <= 0.55


# ----------------------------------------------------------------------
# Quantiles
# ----------------------------------------------------------------------


def get_exact_quantile(values, share):
    place = Fraction(round(share * 1000), 1000) * (len(values) + 1)
    place = min(max(place, Fraction(1)), Fraction(len(values)))
    low, high = values[floor(place) - 1], values[ceil(place) - 1]
    return ceil(low + (high - low) * (place - floor(place)))


@given(values=durations.filter(bool), share=shares)
def test_quantile_is_exact(values, share):
    found = quantile(values, share)
    assert found == get_exact_quantile(values, share)
    assert values[0] <= found <= values[-1]
    assert isinstance(found, int)


@given(value=st.integers(0, HUGE), count=st.integers(1, 600), share=shares)
def test_quantile_of_equal_values_is_their_value(value, count, share):
    assert quantile([value] * count, share) == value


# ----------------------------------------------------------------------
# Forecasts
# ----------------------------------------------------------------------


def test_silent_under_ten_comparable_cases():
    values = range(1, 11)
    assert forecast(values, 0) == Remaining(cases=10, p50=6, p80=9)
    assert forecast(values, 1) is None
    assert forecast([], 0) is None


def test_a_case_of_the_same_length_is_not_comparable():
    assert forecast([7] * 20, 6) == Remaining(cases=20, p50=7, p80=7)
    assert forecast([7] * 20, 7) is None
    assert forecast([0] * 50, 0) is None


@given(values=durations, elapsed=st.integers(0, 400))
def test_a_forecast_is_never_in_the_past(values, elapsed):
    made = forecast(values, elapsed)
    assert bool(made) == (len(get_comparable(values, elapsed)) >= MIN_CASES)
    if made:
        assert elapsed < made.p50 <= made.p80 <= values[-1]


# ----------------------------------------------------------------------
# Promises
# ----------------------------------------------------------------------


@given(values=durations, promised=st.one_of(st.integers(-1, 400), st.integers(0, HUGE)))
def test_the_forecast_is_later_than_the_promise_from_then_on(values, promised):
    passes = passes_after(values, promised)
    assert passes is None or passes in {0, *values}
    assert passes is None or forecast(values, passes)
    for elapsed in {0, *values, *(value + 1 for value in values)}:
        made = forecast(values, elapsed)
        if made:
            assert (made.p80 > promised) == (passes is not None and elapsed >= passes)


def test_examples_of_promises():
    hours = [HOUR * number for number in range(1, 13)]
    assert passes_after(hours, 5 * HOUR) == 0
    assert passes_after(hours, 10.4 * HOUR) == HOUR
    assert passes_after(hours, 11 * HOUR) is None  # too few cases would be left
    assert passes_after(hours[:9], 0) is None
    assert passes_after([], 0) is None
    # Equal values leave together: ten would be late, but with the first leaves the second.
    assert passes_after([50, 50, *range(910, 1000, 10)], 975) == 0
    assert passes_after([50, 50, *range(910, 1000, 10)], 977) is None
    assert passes_after([50, 60, *range(910, 1000, 10)], 977) == 50


def test_examples_of_the_documentation():
    tested = doctest.testmod(module)
    assert tested.attempted
    assert not tested.failed
