"""The sheets of the office's workbook: which columns they have, and their lines as a clerk types them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.tables.columns import SHEETS
from tests.support.office.agencies import AGENCIES
from tests.support.office.habits import Clerk
from tests.support.office.innovations import INNOVATIONS, LEVELS, OfficeInnovation
from tests.support.office.people import COMMITMENTS, contacts

ROWS = range(16, 36)
YEARS = (2024, 2025, 2026)
_STATUS = {"v": "verified", "s": "submitted", "r": "returned", "w": "withdrawn", "d": "draft"}
_STAGES, _NATURES = ("penerapan", "uji_coba", "penerapan"), ("digital", "non_digital")
_FORMS = ("pelayanan_publik", "tata_kelola", "bentuk_lainnya")
_AFFAIRS = ("kesehatan", "pendidikan", "sosial", "perencanaan", "komunikasi_dan_informatika", "keuangan")

_KEYS = (
    *("agency", "year", "name", "status", "first_submitted_on", "decided_on", "reason"),
    *("stage", "initiator", "classification", "nature", "form", "main_affair"),
)

Line = dict[str, object]
"""Our key of a column → the cell."""


@dataclass
class OfficeSheet:
    """kind: our key of the sheet; titles: key → as written, in the order of the columns; top: lines above the titles;
    grouped: the levels stand under the merged titles `Klaim` and `Terverifikasi`; numbered: a line
    below the titles numbers the columns; merged: the cells of one agency are
    merged downwards; lines: number of the line in the file → its cells."""

    title: str
    kind: str
    titles: dict[str, str]
    top: tuple[str, ...] = ()
    grouped: bool = False
    numbered: bool = False
    merged: bool = False
    lines: dict[int, Line] = field(default_factory=dict)

    @property
    def head(self) -> int:
        """The number of the line of titles."""
        return len(self.top) + 1 + self.grouped

    def fill(self, lines: Sequence[Line]) -> None:
        """Write the lines below the titles."""
        self.lines = dict(enumerate(lines, start=self.head + 1 + self.numbered))

    def key_of(self, title: str) -> str:
        """Our key of the column with that title, as a report writes it."""
        return next(key for key in self.titles if self.reported(key) == title)

    def reported(self, key: str) -> str:
        """The title of a column as a report writes it: with the group above, where that is needed."""
        title = " ".join(self.titles[key].split())
        return f"Terverifikasi {title}" if self.grouped and key.startswith("verified.") else title


def sheets(clerk: Clerk, code: str) -> list[OfficeSheet]:
    """All sheets, in the order in which the office keeps them, which is not that of an import."""
    years = [_innovation_sheet(clerk, year) for year in YEARS]
    return [*years, _contact_sheet(clerk, code), _agency_sheet(clerk), _commitment_sheet(clerk)]


def _titled(clerk: Clerk, sheet: str, keys: Sequence[str]) -> dict[str, str]:
    """Titles in an order of the clerk's, the first column first."""
    rest = list(keys[1:])
    clerk.dice.shuffle(rest)
    return {key: clerk.title(sheet, key) for key in (keys[0], *rest)}


def _agency_sheet(clerk: Clerk) -> OfficeSheet:
    keys = ("name", "kind", "parent", "obliged_from", "retired_on", "successor")
    kinds = SHEETS["agencies"].by_key["kind"]
    made = OfficeSheet("Daftar OPD", "agencies", _titled(clerk, "agencies", keys))
    lines: list[Line] = []
    for agency in AGENCIES.values():
        line: Line = {"name": agency.name, "kind": clerk.word(kinds, agency.kind)}
        line["obliged_from"] = clerk.number(agency.obliged_from) if agency.obliged_from else "Semua Tahun"
        if agency.parent:
            line["parent"] = clerk.name(AGENCIES[agency.parent].name)
        if agency.retired_on:
            line |= {
                "retired_on": clerk.day(agency.retired_on),
                "successor": clerk.name(AGENCIES[agency.successor].name),
            }
        lines.append(line)
    made.fill(lines)
    return made


def _innovation_sheet(clerk: Clerk, year: int) -> OfficeSheet:
    of_year = [each for each in INNOVATIONS if each.year == year]
    titles = _titled(clerk, "innovations", _KEYS)
    grouped = year != YEARS[-1]
    for name, group in (("level", ""), ("verified", " terverifikasi")):
        titles |= {f"{name}.{row}": str(row) if grouped else f"Level {row}{group}" for row in ROWS}
    top = (f"REKAPITULASI INOVASI DAERAH TAHUN {year}", "(contoh, bukan data sebenarnya)", "")
    made = OfficeSheet(
        f"Inovasi {year}",
        "innovations",
        titles,
        top,
        grouped=grouped,
        numbered=year == YEARS[2],
        merged=year == YEARS[1],
    )
    made.fill([_innovation_line(clerk, number, each, made) for number, each in enumerate(of_year)])
    return made


def _innovation_line(clerk: Clerk, number: int, innovation: OfficeInnovation, sheet: OfficeSheet) -> Line:
    columns = SHEETS["innovations"].by_key

    def word(key: str, value: str) -> str:
        return clerk.word(columns[key], value)

    name = AGENCIES[innovation.agency].name
    line: Line = {
        "agency": name if sheet.merged else clerk.name(name),
        "year": clerk.number(innovation.year),
        "name": innovation.name,
        "stage": word("stage", _STAGES[number % 3]),
        "initiator": word("initiator", "opd"),
        "classification": word("classification", "perangkat_daerah"),
        "nature": word("nature", _NATURES[number % 2]),
        "form": word("form", _FORMS[number % 3]),
        "main_affair": word("main_affair", _AFFAIRS[number % len(_AFFAIRS)]),
    }
    if innovation.status != "d" or number % 2:
        line["status"] = word("status", _STATUS[innovation.status])
    if innovation.first:
        line["first_submitted_on"] = clerk.day(innovation.first)
    if innovation.decided:
        line["decided_on"] = clerk.day(innovation.decided)
    if innovation.status in ("r", "w"):
        line["reason"] = "Layanan belum berjalan (contoh)."
    for key, letter in (("level", innovation.claimed), ("verified", innovation.verified)):
        for row, level in zip(ROWS, LEVELS.get(letter, ""), strict=bool(letter)):
            if level != "-":
                line[f"{key}.{row}"] = clerk.level(int(level))
    return line


def _contact_sheet(clerk: Clerk, code: str) -> OfficeSheet:
    made = OfficeSheet(
        "Narahubung", "contacts", _titled(clerk, "contacts", ("name", "agencies", "role", "email", "phone"))
    )
    roles = SHEETS["contacts"].by_key["role"]
    lines: list[Line] = []
    for each in contacts():
        mail = each.email.format(code=code.replace(".", "-"))
        line: Line = {"name": each.name, "role": clerk.word(roles, each.role), "email": mail}
        if each.agency:
            line["agencies"] = clerk.name(AGENCIES[each.agency].name)
        lines.append(line | {"phone": clerk.phone(each.phone)})
    made.fill(lines)
    return made


def _commitment_sheet(clerk: Clerk) -> OfficeSheet:
    """A line for each promise, as offices list them."""
    keys = ("agency", "year", "number", "signed_on", "promised")
    made = OfficeSheet("Perjanjian", "commitments", _titled(clerk, "commitments", keys))
    lines: list[Line] = []
    for each in COMMITMENTS:
        for promised in each.promised or ("",):
            line: Line = {"agency": clerk.name(AGENCIES[each.agency].name), "year": clerk.number(each.year)}
            line |= {"number": each.number, "signed_on": clerk.day(each.signed_on)}
            lines.append(line | ({"promised": promised} if promised else {}))
    made.fill(lines)
    return made
