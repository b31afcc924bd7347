"""Finds out what a sheet of a file is: which line holds the titles, and which of our columns they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from shared.tables.cells import shown
from shared.tables.line_file import RawLine
from shared.tables.raw import HEAD, RawSheet
from shared.tables.sheet import Column, Sheet, folded

_SUMS = frozenset(("jumlah", "ringkasan"))  # titles of sheets, also of our own workbooks, that only add up others


@dataclass(frozen=True)
class Match:
    """sheet: what it is; head: the number of the line of titles; columns: place → column; titles: key → as written,
    with the group above it where it is needed; unknown: titles that are no columns of ours; twice: titles of which an
    earlier column is one already."""

    sheet: Sheet
    head: int
    columns: dict[int, Column]
    titles: dict[str, str]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every required column is there."""
        return self.sheet.required <= self.titles.keys()


def match_of(raw: RawSheet, sheets: Iterable[Sheet]) -> Match | None:
    """The best match: by the sheet's title, else by its columns, all required ones of which must be there. None for a
    sheet that is none of ours, or only adds up others."""
    if folded(raw.title) in _SUMS:
        return None
    candidates = list(sheets)
    by_title = [each for each in candidates if folded(raw.title) in each.titles] if raw.title else []
    if by_title:
        return max((_best(raw, each) for each in by_title), key=_score)
    found = [match for each in candidates if (match := _best(raw, each)).complete]
    return max(found, key=_score, default=None)


def _score(match: Match) -> tuple[bool, float, int]:
    known = len(match.columns)
    return match.complete, known / max(1, known + len(match.unknown)), known


def _best(raw: RawSheet, sheet: Sheet) -> Match:
    lines = [line for line in raw.head if line.number <= raw.head[0].number + HEAD]
    matches = [_matched(raw, line, sheet) for line in lines]
    best = max(matches, key=lambda each: (each.complete, len(each.columns), -each.head))
    return best if best.columns else Match(sheet, lines[0].number, {}, {}, (), ())


def _matched(raw: RawSheet, line: RawLine, sheet: Sheet) -> Match:
    columns: dict[int, Column] = {}
    titles: dict[str, str] = {}
    unknown: list[str] = []
    twice: list[str] = []
    for place, cell in sorted(line.cells.items()):
        title = " ".join(shown(cell).split())
        above = raw.above.get((line.number - 1, place))
        column, alone = sheet.by_header.get(folded(f"{above} {title}")), sheet.by_header.get(folded(title))
        if above and column is not None and column is not alone:
            title = " ".join(f"{above} {title}".split())  # `16` alone would be another column
        else:
            column = alone
        if column is None:
            unknown.append(title)
        elif column.key in titles:
            twice.append(title)
        else:
            columns[place] = column
            titles[column.key] = title
    return Match(sheet, line.number, columns, titles, tuple(unknown), tuple(twice))
