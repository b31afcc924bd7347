"""Compares the recap that the system shows with the one made by hand: as JSON, as a workbook, as printed pages."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from pypdf import PdfReader

from tests.support.office.by_hand import BY_HAND, TOTALS, HandLine, status_words, time_words

_STATES = {
    "L": ("overdue", "overdue", False, None),
    "T": ("fulfilled", "fulfilled", False, None),
    "S": ("fulfilled", "fulfilled", True, "not_obliged"),
    "M": ("open", "waiting", False, None),
    "B": ("exempted", "exempted", False, "not_obliged"),
    "D": ("exempted", "exempted", False, "decree"),
}
"""Code of a line made by hand → status, phase, voluntary, ground."""
_INNOVATION_WORDS = {"draft": "draf", "submitted": "diajukan", "returned": "dikembalikan"}
_PRINTED = (
    *("Perangkat daerah", "Wajib", "Terpenuhi dari yang wajib (%)", "Terpenuhi", "Terpenuhi tepat waktu"),
    *("Terpenuhi terlambat", "Lewat tenggat", "Belum terpenuhi"),
)
_HEAD = 5  # line of the workbook's titles

Shown = tuple[Any, ...]


def lines_of(recap: dict[str, Any]) -> list[Shown]:
    """What the recap's lines say, in their order."""
    return [
        (each["agency_name"], *_duty(each["duty"]), _papers(each["duty"]), _before(each["before"]))
        for each in recap["lines"]
    ]


def in_json(line: HandLine) -> Shown:
    """A line made by hand, as `lines_of` shows one."""
    number = line.commitment.partition(",")[0] or None
    papers = (line.decree.partition(",")[0] or None, number)
    duty = (_state(line.code), line.days_late, line.counted or 0, line.innovations, line.claimed)
    before = (_state(line.code_before), line.innovations_before, line.verified_before)
    return (line.agency, *duty, line.verified, papers, None if line.code_before == "–" else before)


def _state(code: str) -> Shown:
    on_time = {"T": len(code) == 1, "S": True}.get(code[0])
    return (*_STATES.get(code[0], ()), on_time)


def _state_of(duty: dict[str, Any]) -> Shown:
    return tuple(duty[name] for name in ("status", "phase", "voluntary", "ground", "on_time"))


def _duty(duty: dict[str, Any]) -> Shown:
    found = [duty[name] for name in ("days_late", "counted")]
    return (_state_of(duty), *found, _names(duty), duty["claimed"], duty["verified"])


def _before(duty: dict[str, Any] | None) -> Shown | None:
    return None if duty is None else (_state_of(duty), _names(duty), duty["verified"])


def _papers(duty: dict[str, Any]) -> Shown:
    return tuple(paper and paper["number"] for paper in (duty["decree"], duty["commitment"]))


def _names(duty: dict[str, Any]) -> str:
    words = []
    for each in duty["innovations"]:
        status = _INNOVATION_WORDS.get(each["status"])
        words.append(f"{each['name']} ({status})".strip() if status else each["name"])
    return "; ".join(words)


def check_workbook(body: bytes) -> None:
    """The workbook has the lines and totals made by hand."""
    sheet, _, totals = load_workbook(io.BytesIO(body)).worksheets
    rows = list(sheet.iter_rows(min_row=_HEAD + 1, values_only=True))
    assert rows == [_cells(number, each) for number, each in enumerate(BY_HAND, start=1)]
    found = {row[0]: row[1:] for row in totals.iter_rows(min_row=2, values_only=True)}
    assert found == TOTALS


def _cells(number: int, line: HandLine) -> Shown:
    innovations = len(line.innovations.split("; ")) if line.innovations else 0
    before = line.code_before
    return (
        *(number, line.agency, line.kind, status_words(line.code), time_words(line.code) or None, line.days_late),
        *(line.counted, None if line.counted is None else 1, line.innovations or None, innovations),
        *(line.claimed, line.verified, line.decree or None, line.commitment or None),
        *(status_words(before), time_words(before) or None, line.innovations_before or None, line.verified_before),
    )


def check_pages(body: bytes) -> None:
    """The printed pages have the lines made by hand, in their order, and the totals."""
    pages = PdfReader(io.BytesIO(body)).pages
    assert len(pages) == 1, "thirty agencies are one sheet"
    text = collapsed(pages[0].extract_text())
    place = 0
    for number, line in enumerate(BY_HAND, start=1):
        row = (f"{number}", line.agency, line.kind, _in_words(line.code), line.innovations or "–")
        place = text.find(collapsed("".join(row)), place)
        assert place >= 0, row
    for figures in zip(*(TOTALS[name] for name in _PRINTED), strict=True):
        assert "".join(f"{each}".replace(".", ",") for each in figures) in text


def _in_words(code: str) -> str:
    status, timing = status_words(code), time_words(code)
    if code[0] == "L":
        return f"{status} {timing.removeprefix('Terlambat ')}"
    return f"{status}, {timing.lower()}" if timing else status


def collapsed(text: str) -> str:
    """The text without blanks and line breaks, which pages have in other places."""
    return "".join(text.split())


def cells_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """A workbook's sheets by title, each row by the titles of its columns."""
    found: dict[str, list[dict[str, Any]]] = {}
    for sheet in load_workbook(path).worksheets:
        heads, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
        found[sheet.title] = [dict(zip(map(str, heads), row, strict=True)) for row in rows if any(row)]
    return found
