"""Joins workbooks that `workbook.py` wrote into one: they have one set of styles, and their sheets hold all texts."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from shared.tables.workbook import CREATOR
from shared.tables.workbook_parts import fixed_parts
from shared.tables.xlsx.book import parts_of
from shared.tables.xlsx.package import Package


def join_books(path: Path, books: Sequence[Path]) -> None:
    """Write a workbook with the sheets of `books`, in order. Raises Invalid for what is no workbook."""
    titles: list[str] = []
    with ZipFile(path, "w", ZIP_DEFLATED) as joined:
        for book in books:
            with book.open("rb") as file, Package(file) as package:
                sheets = parts_of(package).sheets
            with ZipFile(book) as archive:
                for sheet in sheets:
                    titles.append(sheet.title)
                    with archive.open(sheet.part) as read, joined.open(_part(len(titles)), "w") as written:
                        shutil.copyfileobj(read, written)
        for name, text in fixed_parts(titles, CREATOR).items():
            joined.writestr(_info(name), text)


def _part(number: int) -> ZipInfo:
    return _info(f"xl/worksheets/sheet{number}.xml")


def _info(name: str) -> ZipInfo:
    """With a fixed time, so that equal content gives equal bytes."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    return info
