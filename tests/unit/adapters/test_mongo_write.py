"""Whether a compare-and-set of a bulk was made, judged by the marks of its document."""

from __future__ import annotations

from typing import Any

from pymongo import UpdateOne

from shared.adapters.mongo.write import MARKS, Saving


def saving(known: int, new: int) -> tuple[Saving, str]:
    """A write and its mark."""
    write = Saving("a", known, new, {"schema": 1, "state": {}}, None)
    assert isinstance(write.operation, UpdateOne)
    update: Any = write.operation._doc
    (mark,) = update["$push"]["marks"]["$each"]
    return write, mark


def test_a_write_is_told_by_its_mark_not_by_its_sequence() -> None:
    (one, its_mark), (other, other_mark) = saving(6, 7), saving(6, 7)

    row = {"sequence": 7, "marks": [its_mark]}

    assert its_mark != other_mark
    assert (one.was_made(row), other.was_made(row)) == (True, False)


def later(first: int, count: int) -> list[str]:
    """The marks of versions that follow one another."""
    return [f"{sequence}/other" for sequence in range(first, first + count)]


def test_a_write_that_others_wrote_over_is_found_by_its_mark() -> None:
    write, mark = saving(6, 7)

    assert write.was_made({"marks": ["5/x", mark, "8/y", "9/z"]}) is True
    assert write.was_made({"marks": [mark, *later(8, MARKS - 1)]}) is True


def test_a_missing_mark_means_not_made_if_it_would_still_be_there() -> None:
    write, _ = saving(6, 7)

    assert write.was_made(None) is False  # erased
    assert write.was_made({}) is False
    assert write.was_made({"marks": later(8, MARKS - 1)}) is False
    assert write.was_made({"marks": later(7, MARKS)}) is False


def test_a_mark_that_may_have_been_dropped_leaves_it_open() -> None:
    write, _ = saving(6, 7)

    assert write.was_made({"marks": later(8, MARKS)}) is None
