"""Finished steps are remembered for their inputs, and only when they were finished."""

import pytest

from devtools import stamps


def test_a_step_is_done_once_for_the_same_inputs(tmp_path):
    done = []
    for inputs in ("a", "a", "b"):
        stamps.once(tmp_path / "x.stamp", inputs, lambda: done.append(1))
    assert len(done) == 2


def test_a_failed_step_is_done_again(tmp_path):
    def fail():
        raise RuntimeError

    stamp = tmp_path / "x.stamp"
    stamps.once(stamp, "a", lambda: None)
    with pytest.raises(RuntimeError):
        stamps.once(stamp, "b", fail)
    assert not stamps.is_current(stamp, "a")
    assert not stamps.is_current(stamp, "b")


def test_a_folder_appears_in_one_piece_or_not_at_all(tmp_path):
    target = tmp_path / "folder"
    with pytest.raises(RuntimeError), stamps.folder_in_one_piece(target) as partial:
        (partial / "half").touch()
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    with stamps.folder_in_one_piece(target) as partial:
        (partial / "whole").touch()
    assert [path.name for path in target.iterdir()] == ["whole"]


def test_the_fingerprint_separates_its_parts():
    assert stamps.fingerprint("ab", "c") != stamps.fingerprint("a", "bc")
