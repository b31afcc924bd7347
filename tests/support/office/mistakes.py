"""Typing errors, each on a line of its own, drawn from a seed; and their correction by what a report names."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tests.support.office.agencies import AGENCIES
from tests.support.office.habits import Clerk
from tests.support.office.sheets import Line, OfficeSheet


class Place(NamedTuple):
    """A cell, as a report names it. column: the title; empty for the whole line."""

    sheet: str
    row: int
    column: str


class Mistake(NamedTuple):
    """kind: of the sheet; key: of the column; typed: makes the wrong cell of the right one; on: which lines it can be
    made on, besides that the cell is filled in."""

    kind: str
    key: str
    typed: Callable[[object], object]
    on: Callable[[Line], bool] = lambda _: True


def _is_decided(line: Line) -> bool:
    return "decided_on" in line


def _is_submitted(line: Line) -> bool:
    return "first_submitted_on" in line and "decided_on" not in line


def _stands_alone(line: Line) -> bool:
    """An agency that no other one names: a wrong line of one that is named makes other lines wrong."""
    return line["name"] not in _NAMED


_NAMED = {AGENCIES[key].name for agency in AGENCIES.values() for key in (agency.parent, agency.successor) if key}
MISTAKES = (
    Mistake("agencies", "kind", lambda cell: f"{str(cell)[:-1]}q", _stands_alone),
    Mistake("agencies", "parent", lambda cell: f"{cell} II", _stands_alone),
    Mistake("agencies", "obliged_from", lambda _: "20255", _stands_alone),
    Mistake("innovations", "agency", lambda cell: str(cell).strip()[:-2]),
    Mistake("innovations", "year", lambda _: "20255"),
    Mistake("innovations", "year", lambda _: None),
    Mistake("innovations", "name", lambda _: None),
    Mistake("innovations", "status", lambda _: "Setuju sekali"),
    Mistake("innovations", "first_submitted_on", lambda _: "31/02/2025"),
    Mistake("innovations", "first_submitted_on", lambda _: None, _is_submitted),
    Mistake("innovations", "decided_on", lambda _: "1 Januari 2024", _is_decided),
    Mistake("innovations", "decided_on", lambda _: "31 Desember 2027", _is_decided),
    Mistake("innovations", "decided_on", lambda _: "20 Nop 25", _is_decided),
    Mistake("innovations", "stage", lambda _: None, _is_decided),
    Mistake("innovations", "nature", lambda _: "=A1"),
    Mistake("innovations", "main_affair", lambda _: "Kesehatan Masyarakat"),
    Mistake("innovations", "level.20", lambda _: 5),
    Mistake("innovations", "level.28", lambda _: "dua"),
    Mistake("innovations", "verified.35", lambda _: 2.5),
    Mistake("contacts", "email", lambda cell: str(cell).replace(".", ",")),
    Mistake("contacts", "phone", lambda _: "0812"),
    Mistake("contacts", "role", lambda _: "bos"),
    Mistake("contacts", "agencies", lambda cell: f"{cell}s", lambda line: "agencies" in line),
    Mistake("commitments", "signed_on", lambda _: "Februari 2026"),
    Mistake("commitments", "agency", lambda cell: f"D{cell}"),
)


def with_mistakes(sheets: Sequence[OfficeSheet], clerk: Clerk) -> tuple[list[OfficeSheet], set[Place]]:
    """The sheets with every mistake, a line that is there twice, and what an office signs below a table."""
    wrong = copy.deepcopy(list(sheets))
    places: set[Place] = set()
    spoiled: set[tuple[str, int]] = set()
    for mistake in MISTAKES:
        sheet, row = clerk.dice.choice(list(_lines_for(mistake, wrong, spoiled)))
        line = sheet.lines[row]
        line[mistake.key] = mistake.typed(line[mistake.key])
        spoiled.add((sheet.title, row))
        places.add(Place(sheet.title, row, sheet.reported(mistake.key)))
    for sheet in wrong:
        if sheet.kind == "agencies":
            places.add(_repeat(sheet, clerk, spoiled, "name"))
        elif sheet.kind == "innovations" and not sheet.merged:
            places.add(_repeat(sheet, clerk, spoiled, "name"))
            places |= _sign(sheet)
    return wrong, places


def corrected(wrong: Sequence[OfficeSheet], right: Sequence[OfficeSheet], report: Iterable[Place]) -> list[OfficeSheet]:
    """The sheets after somebody corrected just what the report names: the cell; or the line is taken out that nobody
    meant to type."""
    after = copy.deepcopy(list(wrong))
    by_title = {each.title: (each, true) for each, true in zip(after, right, strict=True)}
    for place in report:
        sheet, true = by_title[place.sheet]
        if place.row not in true.lines:
            sheet.lines.pop(place.row, None)
            continue
        key = sheet.key_of(place.column)
        sheet.lines[place.row][key] = true.lines[place.row].get(key)
    return after


def _lines_for(
    mistake: Mistake, sheets: Sequence[OfficeSheet], spoiled: set[tuple[str, int]]
) -> Iterable[tuple[OfficeSheet, int]]:
    for sheet in sheets:
        if sheet.kind != mistake.kind or (sheet.merged and mistake.key == "agency"):
            continue
        for row, line in sheet.lines.items():
            if mistake.key in line and mistake.on(line) and (sheet.title, row) not in spoiled:
                yield sheet, row


def _repeat(sheet: OfficeSheet, clerk: Clerk, spoiled: set[tuple[str, int]], key: str) -> Place:
    """Type a line that is there once more at the end; the place that a report names."""
    row = max(sheet.lines) + 1
    sheet.lines[row] = dict(
        clerk.dice.choice([line for number, line in sheet.lines.items() if (sheet.title, number) not in spoiled])
    )
    return Place(sheet.title, row, sheet.reported(key))


def _sign(sheet: OfficeSheet) -> set[Place]:
    """The lines below a table, for a signature, in the column of names: they lack agency and year."""
    last = max(sheet.lines)
    sheet.lines[last + 3] = {"name": "Mengetahui,"}
    sheet.lines[last + 4] = {"name": "Kepala Badan (contoh)"}
    missing = [sheet.reported(key) for key in ("agency", "year")]
    return {Place(sheet.title, row, title) for row in (last + 3, last + 4) for title in missing}
