"""What counts as passed, and what the closing lines say."""

import pytest

from devtools import host_suite, outcome, pot

REPORT = """<testsuites><testsuite>
<testcase classname="a" name="good"/>
<testcase classname="a" name="bad"><failure message="x"/></testcase>
<testcase classname="a" name="broken"><error message="x"/></testcase>
<testcase classname="a" name="left"><skipped message="{reason}"/></testcase>
</testsuite></testsuites>"""


def read(tmp_path, text, code=0):
    path = tmp_path / "report.xml"
    path.write_text(text)
    return outcome.read_report(path, code)


def test_failures_and_errors_both_fail(tmp_path):
    result = read(tmp_path, REPORT, code=1)
    assert (result.passed, result.failed, len(result.skipped)) == (1, 2, 1)
    assert not result.is_good


@pytest.mark.parametrize(
    ("reason", "good"),
    [
        ("Chrome executable not found", False),
        ("it is an HttpCase and --odoo-http is not set", False),
        ("websocket-client module is not installed", False),
        ("only for machines with two disks", True),
    ],
)
def test_a_test_without_its_browser_is_never_counted_as_passed(tmp_path, capsys, reason, good):
    text = REPORT.format(reason=reason)
    kept = [line for line in text.splitlines() if "bad" not in line and "broken" not in line]
    result = read(tmp_path, "\n".join(kept))
    assert result.is_good is good
    assert outcome.conclude({"x": result}, covered=True) == (0 if good else 1)
    shown = capsys.readouterr().out
    assert reason in shown
    assert ("TESTS PASSED" in shown) is good


def test_no_test_at_all_is_not_a_success(tmp_path):
    assert not outcome.read_report(tmp_path / "nothing.xml", 0).is_good
    assert not read(tmp_path, "<testsuites/>").is_good


def test_too_little_coverage_fails(tmp_path, capsys):
    result = read(tmp_path, '<testsuites><testcase classname="a" name="b"/></testsuites>')
    assert outcome.conclude({"x": result}, covered=False) == 1
    assert "coverage is below" in capsys.readouterr().out


def test_a_test_without_a_result_fails(tmp_path, capsys):
    result = read(tmp_path, '<testsuites><testcase classname="a" name="b"/></testsuites>')
    assert outcome.conclude({"x": result}, covered=True, lost=3) == 1
    assert "3 tests have no result" in capsys.readouterr().out
    assert outcome.conclude({"x": result}, covered=True, lost=0) == 0


def test_failing_names_are_read_from_odoos_log():
    log = (
        "2026-01-01 00:00:00,1 9 ERROR db odoo.addons.project.tests.test_x: FAIL: TestX.test_b\n"
        "2026-01-01 00:00:00,1 9 ERROR db odoo.addons.project.tests.test_x: ERROR: TestX.test_a\n"
        "2026-01-01 00:00:00,1 9 INFO db odoo.addons.project.tests.test_x: Starting TestX.test_c\n"
    )
    assert host_suite.failing_tests(log) == ["TestX.test_a", "TestX.test_b"]


def test_a_template_with_another_date_only_is_the_same():
    old = '"POT-Creation-Date: 2026-01-01 00:00+0000\\n"\nmsgid "x"\n'
    new = '"POT-Creation-Date: 2026-02-02 00:00+0000\\n"\nmsgid "x"\n'
    assert pot.without_dates(old) == pot.without_dates(new) == 'msgid "x"\n'
