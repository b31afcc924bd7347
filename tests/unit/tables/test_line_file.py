"""Lines of a sheet in a temporary file come back as they were, as often as they are asked for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import islice

import pytest

from shared.faults import Invalid
from shared.tables import line_file
from shared.tables.cells import Cell, Unusable
from shared.tables.line_file import LineFile, RawLine

CELLS: dict[int, Cell] = {
    0: "teks\nkedua 日本 \U0001f600 ' \"",
    3: Decimal("1234.50"),
    4: date(2026, 12, 31),
    7: True,
    255: Unusable("formula", "=A1"),
}


def kept(*lines: RawLine) -> LineFile:
    made = LineFile()
    for line in lines:
        made.add(line)
    made.finish()
    return made


def test_lines_come_back_with_cells_of_every_kind() -> None:
    file = kept(RawLine(1, CELLS), RawLine(20_000, {1: ""}), RawLine(20_001, {}))

    assert len(file) == 3
    assert list(file) == [RawLine(1, CELLS), RawLine(20_000, {1: ""}), RawLine(20_001, {})]


def test_many_lines_are_read_several_times_and_at_once() -> None:
    lines = [RawLine(number, {0: f"{number} " * (number % 300), 5: Decimal(number)}) for number in range(1, 2_000)]
    file = kept(*lines)

    first, second = iter(file), iter(file)
    assert [next(first), next(second), *islice(first, 500)] == [lines[0], *lines[:501]]
    assert list(second) == lines[1:]
    assert list(first) == lines[501:]
    assert list(file) == lines


def test_nothing_comes_back_of_no_line() -> None:
    assert list(kept()) == []


def test_lines_that_are_too_long_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_file, "LARGEST_SHEET", 200_000)

    with pytest.raises(Invalid) as refused:
        kept(*(RawLine(number, {0: "a" * 1_000}) for number in range(300)))

    assert refused.value.flaws[0].code == "too-large"
