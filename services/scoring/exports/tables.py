"""Tables as CSV by RFC 4180 (UTF-8, commas, decimal points, no byte order mark), and as sheets of a workbook."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path

from services.scoring.exports.scorecard_rows import Card
from shared.tables.cells import Value
from shared.tables.workbook import Book
from shared.web.spreadsheet import disarmed

CSV = "text/csv; charset=utf-8"
JSON = "application/json"
PDF = "application/pdf"


@dataclass(frozen=True)
class Table:
    """heads: for people, in Bahasa Indonesia; keys: for machines, as in the HTTP answers; notes: what a reader must
    know."""

    title: str
    keys: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    notes: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()


def csv_lines(rows: Iterable[Sequence[Value]]) -> bytes:
    """Rows as CSV."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([_plain(value) for value in row] for row in rows)
    return text.getvalue().encode()


def table_csv(table: Table) -> bytes:
    """A whole table; notes are left out."""
    return csv_lines([table.keys, *table.rows])


def tables_book(tables: Sequence[Table], path: Path) -> None:
    """Tables as a workbook, a sheet each."""
    with Book(path) as book:
        for table in tables:
            sheet = book.sheet(table.title, table.widths)
            if table.notes:
                sheet.note(*table.notes)
                sheet.blank()
            sheet.heads(table.heads)
            sheet.rows(table.rows)


SCORECARD_KEYS: tuple[str, ...] = (
    "innovation",
    "name",
    "agency",
    "agency_name",
    "region",
    "year",
    "status",
    "catalogue",
    "maturity_claimed",
    "maturity_verified",
    "maturity_of",
    "row",
    "indicator",
    "weight",
    "mandatory",
    "level",
    "points",
    "source",
    "value",
    "unit",
    "basis",
    "proofs",
    "verified",
    "verified_level",
    "verified_points",
)


def scorecard_lines(card: Card) -> Iterable[tuple[Value, ...]]:
    """An innovation as lines of CSV, one for each row of the form; a single one without row values while it is not
    scored."""
    answer, rows = card.summary, card.rows
    maturity = answer.maturity
    head: tuple[Value, ...] = (
        answer.innovation,
        answer.name,
        answer.agency,
        card.agency_name,
        answer.region,
        answer.year,
        answer.status.value,
        answer.catalogue.name if answer.catalogue else None,
        maturity.claimed if maturity else None,
        maturity.verified if maturity else None,
        maturity.of if maturity else None,
    )
    if not rows:
        yield (*head, *(None for _ in SCORECARD_KEYS[len(head) :]))
    evidence = card.evidence
    for row in rows:
        filled = evidence.get(row.row)
        yield (
            *head,
            row.row,
            row.name,
            row.weight,
            row.mandatory,
            row.level,
            row.points,
            row.source.value,
            filled.value if filled else None,
            filled.unit if filled else None,
            row.basis,
            row.proofs,
            row.verified,
            row.verified_level,
            row.verified_points,
        )


def _plain(value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return disarmed(value) if isinstance(value, str) else value
