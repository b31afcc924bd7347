"""Evidence (data pendukung): what an agency claims and proves for one indicator row of an innovation.

A claim has a level, or a measured value from which scoring derives the level by the catalogue. Files and links are its
proof; each file has number, date and subject of its own letter. The row has them too, for a letter that is proved by a
link, and as releases stored them that knew one letter for a row. The rows are those of the evidence form.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator
from pydantic_core import SchemaValidator, core_schema

from services.registry.evidence.attachment import EvidenceFile, Letter
from services.registry.evidence.form import FORM
from services.registry.fields import Day, Reference, Subject, Unit
from shared.contracts.contract import EXACT
from shared.contracts.innovation import RowEvidence
from shared.faults import Flaw
from shared.storage.models import assembled

ROWS: tuple[str, ...] = tuple(FORM.rows)
"""The numbers of an innovation's indicator rows, in the form's order."""

Row = Annotated[str, StringConstraints(pattern=f"^({'|'.join(ROWS)})$")]
"""One of ROWS."""

Level = Annotated[int, Field(ge=1, le=3)]
"""A claimed level: 1, 2 or 3."""

VerifiedLevel = Annotated[int, Field(ge=0, le=3)]
"""The curator's level; 0: the proof is not accepted."""


_MOST = Decimal(1_000_000_000)

Measured = Annotated[Decimal, Field(ge=-_MOST, le=_MOST, decimal_places=4), *EXACT]
"""A measured value: an `Exact` with bounds, which come first so that pydantic checks them without calling Python."""

_ADDRESS = SchemaValidator(core_schema.url_schema(allowed_schemes=["http", "https"]))
"""As `AnyHttpUrl`, without an object of Python for each address."""


class Claim(BaseModel):
    """An agency's claim for one row. level: 1…3; value, unit: what was measured; basis: the letter of the chosen basis
    (row 33); number, dated, subject: of the letter, unless its file has them; links: web addresses of proofs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: Level | None = None
    value: Measured | None = None
    unit: Unit | None = None
    basis: Annotated[str, StringConstraints(pattern=f"^[{''.join(FORM.bases)}]$")] | None = None
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

    files: tuple[EvidenceFile, ...] = ()

    @property
    def is_proved(self) -> bool:
        """Whether it has a level or a value, and a proof."""
        return (self.level is not None or self.value is not None) and bool(self.files or self.links)

    @property
    def dates(self) -> tuple[date, ...]:
        """The dates of its files' letters, ascending."""
        return tuple(sorted(each.dated for each in self.files if each.dated is not None))

    def letter(self, file: EvidenceFile) -> Letter:
        """The letter of one of its files: its own; the row's, where no file has one of its own."""
        if any(each.number or each.dated or each.subject for each in self.files):
            return file.letter
        return assembled(Letter, number=self.number, dated=self.dated, subject=self.subject)

    def claimed(self, claim: Claim) -> Evidence:
        """The same files with another claim."""
        return assembled(Evidence, **claim.__dict__, files=self.files)

    def file(self, digest: str) -> EvidenceFile | None:
        """The file with that digest; None when the row has none."""
        return next((each for each in self.files if each.digest == digest), None)


def public_row(row: str, evidence: Evidence, verified_level: int | None, least_proofs: int = 0) -> RowEvidence:
    """The public part of a row, as events carry it: without subjects, numbers, links and file names. least_proofs: how
    many proofs it has elsewhere."""
    dates = evidence.dates if evidence.files else ()
    return assembled(
        RowEvidence,
        row=row,
        level=evidence.level,
        value=evidence.value,
        unit=evidence.unit,
        basis=evidence.basis,
        dated=evidence.dated or (dates[-1] if dates else None),
        dates=dates,
        proofs=len(evidence.files) + len(evidence.links) or least_proofs,
        verified_level=verified_level,
    )


def blocking(evidence: dict[str, Evidence], today: date) -> list[Flaw]:
    """What blocks a submission: rows without level and value, letters with a future date."""
    late = "tanggal surat tidak boleh di masa depan"
    flaws: list[Flaw] = []
    for row, each in evidence.items():
        if each.level is None and each.value is None:
            flaws.append(Flaw(f"evidence.{row}.level", "missing", "isi parameter atau nilai yang diukur"))
        if each.dated is not None and each.dated > today:
            flaws.append(Flaw(f"evidence.{row}.dated", "future", late))
        flaws += [
            Flaw(f"evidence.{row}.files.{file.digest}.dated", "future", f"{file.name}: {late}")
            for file in each.files
            if file.dated is not None and file.dated > today
        ]
    return flaws


def missing_mandatory(evidence: dict[str, Evidence]) -> dict[str, str]:
    """The mandatory rows that are not filled in and proved, with their names, in the form's order."""
    return {row: name for row, name in FORM.mandatory.items() if row not in evidence or not evidence[row].is_proved}


def in_order(rows: dict[str, Evidence]) -> dict[str, Evidence]:
    """The rows in the form's order."""
    return {row: rows[row] for row in ROWS if row in rows}


def _web_address(text: str) -> str:
    try:
        url = _ADDRESS.validate_python(text)
    except ValueError as error:
        raise ValueError("harus berupa alamat web lengkap, misalnya https://contoh.go.id/pedoman") from error
    if url.username or url.password:
        raise ValueError("alamat web tidak boleh memuat nama pengguna atau kata sandi")
    return str(url)
