"""The tables that can be brought in: who owns them, how they are sent, and where their report is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.portal.pages.language import N_


class Sheet(StrEnum):
    """The tables, as the registry's templates name them."""

    AGENCIES = "agencies"
    INNOVATIONS = "innovations"
    COMMITMENTS = "commitments"
    CONTACTS = "contacts"
    OFFICIAL = "official"
    AWARDS = "awards"


TITLES: Mapping[Sheet, str] = {
    Sheet.AGENCIES: N_("Perangkat daerah"),
    Sheet.INNOVATIONS: N_("Inovasi, juga tahun-tahun lalu"),
    Sheet.COMMITMENTS: N_("Perjanjian inovasi"),
    Sheet.CONTACTS: N_("Kontak"),
    Sheet.OFFICIAL: N_("Hasil resmi Kemendagri"),
    Sheet.AWARDS: N_("Penghargaan"),
}
"""Message ids."""

FOLLOWED = (Sheet.AGENCIES, Sheet.INNOVATIONS, Sheet.COMMITMENTS, Sheet.CONTACTS)
"""Tables that are read after the answer and followed by an id; the others are answered with the report itself."""

REGISTRY = frozenset({Sheet.AGENCIES, Sheet.INNOVATIONS, Sheet.COMMITMENTS})

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_DIRECT = 2 * 1024 * 1024  # bytes of a table that notifications and scoring take


@dataclass(frozen=True)
class Report:
    """What became of a table. ended: nothing more will happen; applied: it was taken over; counts: word → how many;
    share: 0…1 of what is being applied, None: not begun; id: of an import that is followed."""

    sheet: Sheet
    status: str
    dry_run: bool
    errors: int
    notes: int
    counts: tuple[tuple[str, int], ...]
    id: str = ""
    share: float | None = None

    @property
    def ended(self) -> bool:
        """Whether the owner is done with it."""
        return self.status in {"refused", "checked", "done"}

    @property
    def refused(self) -> bool:
        """Whether it has errors, so that nothing was taken over."""
        return self.status == "refused" or self.errors > 0

    @property
    def applied(self) -> bool:
        """Whether it was taken over whole."""
        return self.status == "done" and not self.errors


_COUNTS = (
    ("rows", N_("baris")),
    ("created", N_("baru")),
    ("updated", N_("diubah")),
    ("unchanged", N_("tetap")),
    ("skipped", N_("dilewati")),
    ("waiting", N_("menunggu perangkat daerah")),
)


def report_of(sheet: Sheet, body: Mapping[str, Any]) -> Report:
    """The report in an owner's answer."""
    errors, dry_run = int(body.get("errors", 0)), bool(body.get("dry_run"))
    status = str(body.get("status") or ("refused" if errors else "checked" if dry_run else "done"))
    counts = {**body}
    if "changed" in body:  # of official results
        counts |= {"updated": body["changed"]}
    rows, place = int(body.get("steps") or body.get("rows") or 0), int(body.get("place") or 0)
    findings = body.get("findings") or []
    notes = body.get("notes", sum(1 for each in findings if each.get("note")))
    return Report(
        sheet,
        status,
        dry_run,
        errors,
        int(notes),
        tuple((word, int(counts[name])) for name, word in _COUNTS if counts.get(name)),
        id=str(body.get("id") or ""),
        share=place / rows if status == "applying" and rows else None,
    )


def media_type(name: str) -> str:
    """Of a table, by the name of its file: the owners look at the content themselves."""
    return "text/csv" if name.lower().endswith((".csv", ".txt")) else XLSX


def place_of(sheet: Sheet, id: str) -> str:
    """The path of a followed import at its owner."""
    return f"/imports/{id}" if sheet in REGISTRY else f"/contacts/imports/{id}"
