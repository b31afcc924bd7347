"""Reads what a workbook says of itself: its sheets, its texts, and which cells are days (ECMA-376 part 1, §18.2, §18.4,
§18.8)."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from shared.tables.limits import LONGEST_CELL, MOST_CELLS, MOST_SHEETS, Budget, refused, too_much
from shared.tables.xlsx.package import Package, unreadable
from shared.tables.xlsx.xml_events import Handler, stream

_BUILT_IN_DAYS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))  # §18.8.30
_NOT_A_SIGN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DAY_SIGN = re.compile(r"[dy]", re.IGNORECASE)
_MONTH_SIGN = re.compile(r"m", re.IGNORECASE)  # also minutes
_TIME_SIGN = re.compile(r"[hs]", re.IGNORECASE)
_MOST_STYLES = 70_000


@dataclass(frozen=True)
class BookSheet:
    """title; part: its name in the package; hidden."""

    title: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class BookParts:
    """sheets: in order; old_days: days are counted from 1904."""

    sheets: tuple[BookSheet, ...]
    texts: str | None
    styles: str | None
    old_days: bool


def parts_of(package: Package) -> BookParts:
    """The parts of a workbook. Raises Invalid."""
    book = _main_part(package)
    relations = _relations(package, book)
    sheets: list[BookSheet] = []
    old = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal old
        if name == "workbookPr":
            old = attributes.get("date1904") in ("1", "true", "on")
        if name != "sheet":
            return
        if len(sheets) >= MOST_SHEETS:
            raise refused("too-many-sheets", f"paling banyak {MOST_SHEETS} lembar")
        id = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        kind, part = relations.get(id, ("", ""))
        if kind == "worksheet":
            sheets.append(BookSheet(attributes.get("name", ""), part, attributes.get("state", "visible") != "visible"))

    with package.part(book) as chunks:
        stream(chunks, Handler(start, _nothing, _nothing))
    by_kind = dict(relations.values())
    return BookParts(tuple(sheets), by_kind.get("sharedStrings"), by_kind.get("styles"), old)


def texts_of(package: Package, part: str | None, budget: Budget) -> list[str]:
    """The shared texts. Raises Invalid."""
    texts: list[str] = []
    if part is None or part not in package:
        return texts
    reader = TextReader(budget)

    def end(name: str) -> None:
        reader.end(name)
        if name == "si":
            if len(texts) >= MOST_CELLS:
                raise too_much()
            texts.append(budget.shared_text(reader.taken()))

    with package.part(part) as chunks:
        stream(chunks, Handler(reader.start, reader.text, end))
    return texts


class TextReader:
    """Collects the `t` elements of one text; phonetic hints (`rPh`) are left out."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._pieces: list[str] = []
        self._size = 0
        self._open = False
        self._hint = False

    def start(self, name: str, _: dict[str, str]) -> None:
        """An element begins."""
        if name == "rPh":
            self._hint = True
        self._open = name == "t" and not self._hint

    def text(self, text: str) -> None:
        """A piece of text."""
        if self._open:
            self._size += len(text)
            if self._size > LONGEST_CELL:
                raise refused("too-large", f"sebuah sel memuat lebih dari {LONGEST_CELL} karakter")
            self._pieces.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "rPh":
            self._hint = False
        self._open = False

    def taken(self) -> str:
        """The text that is complete now."""
        text = "".join(self._pieces)
        self._pieces.clear()
        self._size = 0
        return self._budget.text(text)


def day_styles(package: Package, part: str | None) -> frozenset[int]:
    """The numbers of the cell styles that show days. Raises Invalid."""
    if part is None or part not in package:
        return frozenset()
    own: dict[str, bool] = {}
    formats: list[str] = []
    within = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal within
        if name == "numFmt":
            own[attributes.get("numFmtId", "")] = shows_day(attributes.get("formatCode", ""))
        elif name == "cellXfs":
            within = True
        elif name == "xf" and within:
            formats.append(attributes.get("numFmtId", "0"))
        if len(own) + len(formats) > _MOST_STYLES:
            raise too_much()

    def end(name: str) -> None:
        nonlocal within
        within = within and name != "cellXfs"

    with package.part(part) as chunks:
        stream(chunks, Handler(start, _nothing, end))
    return frozenset(
        number for number, id in enumerate(formats) if own.get(id, id.isdecimal() and int(id) in _BUILT_IN_DAYS)
    )


def shows_day(code: str) -> bool:
    """Whether a number format shows a day: it has a sign for day, month or year outside of texts."""
    signs = _NOT_A_SIGN.sub("", code.partition(";")[0])
    if _DAY_SIGN.search(signs):
        return True
    return _MONTH_SIGN.search(signs) is not None and _TIME_SIGN.search(signs) is None


def _main_part(package: Package) -> str:
    relations = _relations(package, "")
    found = next((part for kind, part in relations.values() if kind == "officeDocument"), "")
    if not found or found not in package:
        raise unreadable()
    return found


def _relations(package: Package, part: str) -> dict[str, tuple[str, str]]:
    """Id → the last word of the type, and the name of the part. part: whose, empty for the package's own."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}

    def start(element: str, attributes: dict[str, str]) -> None:
        if element == "Relationship" and attributes.get("TargetMode") != "External" and len(found) < _MOST_STYLES:
            target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

    with package.part(posixpath.join(folder, "_rels", f"{name}.rels")) as chunks:
        stream(chunks, Handler(start, _nothing, _nothing))
    return found


def _nothing(*_: object) -> None:
    """For what is not needed."""
