"""A sheet as it is sent: alone, as CSV. One with names and addresses of persons goes to no other service."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterable
from typing import Any

from shared.tables.cells import Unusable, shown
from shared.tables.disarming import disarmed
from shared.tables.table import Table, TableRow

CSV = "text/csv"


def as_csv(table: Table, rows: Iterable[TableRow] | None = None) -> bytes:
    """A table whose lines have the numbers that they have in the file, so that a report names those. rows: some of its
    rows, by default all."""
    keys = list(table.titles)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([table.titles[key] for key in keys])
    line = 1
    for row in table.rows if rows is None else rows:
        for _ in range(row.number - line - 1):
            text.write("\r\n")
        writer.writerow([_text(row.cells.get(key)) for key in keys])
        line = row.number
    return text.getvalue().encode("utf-8-sig")


def as_body(body: bytes) -> dict[str, Any]:
    """The options of a request whose body is the table."""
    return {"content": body, "headers": {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": CSV}}


def as_form(table: Table, body: bytes) -> dict[str, Any]:
    """The options of a request with a form that has the file."""
    file = (f"{table.title or table.sheet}.csv", body, CSV)
    return {"files": {"file": file}, "headers": {"Idempotency-Key": str(uuid.uuid4())}}


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Unusable):
        return f"={cell.shown}" if cell.code == "formula" else cell.shown
    if isinstance(cell, str):
        return disarmed(cell)
    text = shown(cell)  # type: ignore[arg-type]
    return text.replace(".", ",") if text.count(".") == 1 else text
