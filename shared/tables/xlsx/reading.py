"""Reads a workbook (XLSX) as a stream: every visible sheet, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from shared.tables.limits import Budget
from shared.tables.raw import RawSheet
from shared.tables.sheet import folded
from shared.tables.xlsx.book import day_styles, parts_of, texts_of
from shared.tables.xlsx.package import Package
from shared.tables.xlsx.sheet import BookFacts, SheetReader
from shared.tables.xlsx.xml_events import Handler, stream

_OURS = frozenset(("petunjuk", "pilihan"))  # what templates have besides tables


def read_workbook(file: BinaryIO, budget: Budget) -> Iterator[RawSheet]:
    """The visible sheets that hold anything, in order. Raises Invalid (field `file`)."""
    with Package(file) as package:
        parts = parts_of(package)
        facts = BookFacts(texts_of(package, parts.texts, budget), day_styles(package, parts.styles), parts.old_days)
        for sheet in parts.sheets:
            if sheet.hidden or folded(sheet.title) in _OURS:
                continue
            reader = SheetReader(sheet.title, facts, budget, hidden=sheet.hidden)
            with package.part(sheet.part) as chunks:
                stream(chunks, Handler(reader.start, reader.text, reader.end))
            found = reader.finished()
            if len(found):
                yield found
