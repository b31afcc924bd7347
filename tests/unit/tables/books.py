"""Workbooks that openpyxl writes, so that a second implementation judges the reader."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from openpyxl import Workbook

from shared.tables.reading import read_tables
from shared.tables.table import Table

AGENCIES = ("Nama perangkat daerah", "Jenis")


def book(**sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook; title with `_` for a blank → rows."""
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(list(row))
    return saved(made)


def saved(made: Workbook) -> bytes:
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def tables(body: bytes, name: str = "") -> list[Table]:
    return read_tables(io.BytesIO(body), name)


def repacked(body: bytes, change: Callable[[str, bytes], bytes] = lambda _, data: data, **more: bytes) -> bytes:
    """A package with changed parts, and with more of them (`__` for a slash)."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, data in more.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), data)
    return file.getvalue()


def replacing(parts: Mapping[str, Callable[[bytes], bytes]]) -> Callable[[str, bytes], bytes]:
    return lambda name, data: parts[name](data) if name in parts else data
