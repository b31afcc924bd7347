"""The audit log as CSV for auditors: a line for each changed field, with who, when and from where on each.

UTF-8 with a byte order mark, commas, RFC 4180; no cell runs as a formula.
"""

from __future__ import annotations

import csv
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from io import StringIO
from typing import Any

from shared.storage.audit.log import AuditEntry
from shared.web.spreadsheet import disarmed

MEDIA_TYPE = "text/csv; charset=utf-8"

HEADS = (
    "Layanan",
    "Waktu (UTC)",
    "Dokumen",
    "Nomor urut",
    "Tindakan",
    "Peristiwa",
    "Akun",
    "Peran",
    "Alamat",
    "Melalui",
    "ID korelasi",
    "Daerah",
    "Isian",
    "Sebelum",
    "Sesudah",
)

WHAT = {"created": "dibuat", "changed": "diubah", "restored": "dipulihkan dari cadangan", "removed": "dipindahkan"}
HIDDEN = "(tidak dicatat)"
"""In the place of a value that is not in the log."""

_BOM = "\ufeff"  # without it, Excel takes UTF-8 for Windows-1252


def head() -> bytes:
    """The first line."""
    return (_BOM + _line(HEADS)).encode()


async def lines(service: str, entries: AsyncIterator[AuditEntry]) -> AsyncIterator[bytes]:
    """The lines of each entry."""
    async for entry in entries:
        yield "".join(_line(map(disarmed, row)) for row in _rows(service, entry.value)).encode()


def _rows(service: str, entry: dict[str, Any]) -> Iterator[list[str]]:
    first = [
        service,
        entry["at"],
        entry["document"],
        entry["sequence"],
        WHAT.get(entry["what"], entry["what"]),
        *(entry.get(name) or "" for name in ("event", "account", "role", "address", "through", "correlationid")),
        entry["region"],
    ]
    for each in entry["changes"] or [{"field": "", "before": None, "after": None}]:
        values = [HIDDEN, HIDDEN] if each.get("hidden") else [_words(each["before"]), _words(each["after"])]
        yield [*first, each["field"], *values]


def _words(value: Any) -> str:  # noqa: ANN401 - JSON
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(cells: Iterable[str]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(list(cells))
    return text.getvalue()
