"""Data pendukung: what an agency claims and proves for one indicator row of an innovation.

A row has a level, or a measured value that decides the level (which one, scoring says by the catalogue), and
a letter's number, date and subject, with files or links as proof. Rows and kinds of files: indicators of the aspect
Satuan Inovasi Daerah, joint numbers 16 to 35, Pedoman IGA 2026 (letter 400.10.11/1887/BSKDN), as transcribed.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from services.registry.attachment import JPEG, MB, MP4, PDF, PNG, Attachment, Limits
from services.registry.fields import Day, Reference, Subject, Unit
from shared.contracts.contract import Exact
from shared.contracts.innovation import RowEvidence
from shared.faults import Flaw

ROWS: tuple[str, ...] = tuple(str(number) for number in range(16, 36))
"""The indicator rows of an innovation in the form of 2026, in its order."""

Row = Annotated[str, StringConstraints(pattern=r"^(1[6-9]|2[0-9]|3[0-5])$")]
"""One of ROWS."""

Level = Annotated[int, Field(ge=1, le=3)]
"""A claimed level: 1, 2 or 3."""

VerifiedLevel = Annotated[int, Field(ge=0, le=3)]
"""The curator's level; 0: the proof does not hold."""

_PAPERS = Limits({PDF: 10 * MB})
_PICTURES = Limits({JPEG: 10 * MB, PNG: 10 * MB})
_EITHER = Limits({PDF: 10 * MB, JPEG: 10 * MB, PNG: 10 * MB})
_VIDEO = Limits({MP4: 100 * MB, JPEG: 10 * MB, PNG: 10 * MB})  # the film and its cover

ROW_LIMITS: dict[str, Limits] = {
    "16": _PAPERS,
    "17": _PAPERS,
    "18": _PAPERS,
    "19": _EITHER,
    "20": _PAPERS,
    "21": _PAPERS,
    "22": _EITHER,
    "23": _PAPERS,
    "24": _PAPERS,
    "25": _PICTURES,
    "26": _EITHER,
    "27": _PICTURES,
    "28": _PAPERS,
    "29": _PICTURES,
    "30": _EITHER,
    "31": _PAPERS,
    "32": _PAPERS,
    "33": _EITHER,
    "34": _EITHER,
    "35": _VIDEO,
}
"""What may be uploaded for each row. 30 takes a PDF too: its non-digital variant asks for "document or photo"."""


class Claim(BaseModel):
    """What an agency says of one row. level: 1…3; value, unit, basis: what was measured (basis: the letter of the
    chosen basis of row 33); number, dated, subject: of the letter; links: where proof can be seen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Level | None = None
    value: (
        Annotated[Exact, Field(ge=Decimal(-1_000_000_000), le=Decimal(1_000_000_000), max_digits=14, decimal_places=4)]
        | None
    ) = None
    unit: Unit | None = None
    basis: Annotated[str, StringConstraints(pattern=r"^[a-f]$")] | None = None
    number: Reference | None = None
    dated: Day | None = None
    subject: Subject | None = None
    links: tuple[Annotated[str, StringConstraints(max_length=1_000)], ...] = Field(default=(), max_length=10)

    @field_validator("links")
    @classmethod
    def _web_addresses(cls, links: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_web_address(link) for link in links))


class Evidence(Claim):
    """One row as it is stored: the claim and its files."""

    files: tuple[Attachment, ...] = ()

    def claimed(self, claim: Claim) -> Evidence:
        """The same files under another claim."""
        return Evidence(**claim.model_dump(), files=self.files)

    def file(self, digest: str) -> Attachment | None:
        """The file of that digest."""
        return next((each for each in self.files if each.digest == digest), None)


def public_row(row: str, evidence: Evidence, verified_level: int | None) -> RowEvidence:
    """What events say of a row: no subject, number, link or file name."""
    return RowEvidence(
        row=row,
        level=evidence.level,
        value=evidence.value,
        unit=evidence.unit,
        basis=evidence.basis,
        dated=evidence.dated,
        proofs=len(evidence.files) + len(evidence.links),
        verified_level=verified_level,
    )


def blocking(evidence: dict[str, Evidence], today: date) -> list[Flaw]:
    """What in the rows keeps an innovation from being handed in: a row that claims nothing, a letter of tomorrow."""
    flaws: list[Flaw] = []
    for row, each in evidence.items():
        if each.level is None and each.value is None:
            flaws.append(Flaw(f"evidence.{row}.level", "missing", "isi parameter atau nilai yang diukur"))
        if each.dated is not None and each.dated > today:
            flaws.append(Flaw(f"evidence.{row}.dated", "future", "tanggal surat tidak boleh di masa depan"))
    return flaws


def in_order(rows: dict[str, Evidence]) -> dict[str, Evidence]:
    """The rows in the order of the form."""
    return {row: rows[row] for row in ROWS if row in rows}


def _web_address(text: str) -> str:
    try:
        url = AnyHttpUrl(text)
    except ValueError as error:
        raise ValueError("harus berupa alamat web lengkap, misalnya https://contoh.go.id/pedoman") from error
    if url.username or url.password:
        raise ValueError("alamat web tidak boleh memuat nama pengguna atau kata sandi")
    return str(url)
