"""Writes rows of open data as CSV (RFC 4180, UTF-8) and JSON, piece by piece: any length takes flat memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from decimal import Decimal

from services.portal.public.open_rows import Cell, Row
from shared.web.spreadsheet import disarmed

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


async def as_csv(columns: tuple[str, ...], pages: AsyncIterator[list[Row]]) -> AsyncIterator[bytes]:
    """The heads, then a line for each row."""
    yield _lines([columns])
    async for page in pages:
        yield _lines([_text(row.get(column)) for column in columns] for row in page)


async def as_json(head: Mapping[str, str], pages: AsyncIterator[list[Row]]) -> AsyncIterator[bytes]:
    """One object: what is said of all rows, and the rows as `data`."""
    yield f'{json.dumps(dict(head), ensure_ascii=False)[:-1]}, "data": ['.encode()
    first = True
    async for page in pages:
        for row in page:
            written = json.dumps(dict(row), ensure_ascii=False, default=_number)
            yield f"{'' if first else ','}\n{written}".encode()
            first = False
    yield b"\n]}\n"


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    into = io.StringIO()
    csv.writer(into).writerows(rows)
    return into.getvalue().encode()


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return "" if cell is None else disarmed(str(cell))


def _number(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(type(value).__name__)
