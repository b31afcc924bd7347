"""The form of one SPD row: a level, or a measured value which decides it, and the proofs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from services.portal.curator.work.entered import day_of, decimal_of
from services.portal.curator.work.owner_answers.spd import Proof, Spd, SpdRow

SPARE_PROOFS = 1  # empty lines beside those that are filled in
MOST_PROOFS = 20
LEVELS = ("1", "2", "3")
_PARTS = ("nomor", "tanggal", "tentang", "tautan")


class Wrong(StrEnum):
    """What is wrong in a field; the page has the words."""

    NUMBER = "number"
    DAY = "day"
    PROOF = "proof"
    LINK = "link"
    NOTHING = "nothing"


@dataclass(frozen=True)
class SpdForm:
    """One row's entry as typed. proofs: `nomor`, `tanggal`, `tentang`, `tautan` each."""

    level: str = ""
    value: str = ""
    proofs: tuple[Mapping[str, str], ...] = ()
    unit: str | None = None
    wrong: Mapping[str, Wrong] = field(default_factory=dict)

    @classmethod
    def stored(cls, row: SpdRow, unit: str | None) -> SpdForm:
        """The row as it is stored, with an empty line for another proof."""
        kept = tuple(_typed(each) for each in row.evidence)
        spare: tuple[Mapping[str, str], ...] = ({},) * SPARE_PROOFS if len(kept) < MOST_PROOFS else ()
        value = "" if row.entered_value is None else f"{row.entered_value.normalize():f}".replace(".", ",")
        return cls(str(row.entered_level or ""), value, (*kept, *spare), row.unit or unit)

    @classmethod
    def sent(cls, fields: Mapping[str, str], unit: str | None) -> SpdForm:
        """The row as it was sent, with what is wrong in it."""
        count = sum(1 for name in fields if name.startswith("nomor-"))
        proofs = tuple(
            {part: fields.get(f"{part}-{at}", "").strip() for part in _PARTS} for at in range(min(count, MOST_PROOFS))
        )
        level = fields.get("level", "")
        read = cls(level if level in LEVELS else "", fields.get("nilai", "").strip(), proofs, unit)
        return cls(read.level, read.value, read.proofs, unit, read._flaws())

    def entry(self) -> dict[str, Any] | None:
        """The row as scoring takes it; None when nothing is entered: the row is not filled in."""
        proofs = [_proof(each) for each in self.proofs if any(each.values())]
        value = decimal_of(self.value)
        if not self.level and value is None and not proofs:
            return None
        entry: dict[str, Any] = {"evidence": proofs}
        if value is not None:
            return (
                {**entry, "value": float(value), "unit": self.unit} if self.unit else {**entry, "value": float(value)}
            )
        return {**entry, "level": int(self.level)} if self.level else entry

    def _flaws(self) -> dict[str, Wrong]:
        found: dict[str, Wrong] = {}
        if self.value and decimal_of(self.value) is None:
            found["nilai"] = Wrong.NUMBER
        for at, proof in enumerate(self.proofs):
            if not any(proof.values()):
                continue
            if proof["tanggal"] and day_of(proof["tanggal"]) is None:
                found[f"tanggal-{at}"] = Wrong.DAY
            if proof["tautan"] and not proof["tautan"].startswith(("http://", "https://")):
                found[f"tautan-{at}"] = Wrong.LINK
            if not proof["tautan"] and not (proof["nomor"] and proof["tanggal"]):
                found.setdefault(f"nomor-{at}", Wrong.PROOF)
        if not self.level and not self.value and any(any(each.values()) for each in self.proofs):
            found["level"] = Wrong.NOTHING
        return found


def with_row(spd: Spd, number: str, entry: Mapping[str, Any] | None) -> dict[str, Any]:
    """The whole entry as scoring takes it, with one row replaced; the others as they are stored."""
    rows = {each.row: _as_entered(each) for each in spd.rows if each.filled and each.row != number}
    return {"rows": rows if entry is None else {**rows, number: dict(entry)}}


def _as_entered(row: SpdRow) -> dict[str, Any]:
    kept: dict[str, Any] = {"evidence": [each.model_dump(mode="json", exclude_none=True) for each in row.evidence]}
    if row.entered_level is not None:
        kept["level"] = row.entered_level
    if row.entered_value is not None:
        kept["value"] = float(row.entered_value)
    if row.unit is not None:
        kept["unit"] = row.unit
    return kept


def _typed(proof: Proof) -> dict[str, str]:
    dated = proof.dated.isoformat() if proof.dated else ""
    return dict(zip(_PARTS, (proof.number or "", dated, proof.subject or "", proof.link or ""), strict=True))


def _proof(typed: Mapping[str, str]) -> dict[str, str]:
    dated: date | None = day_of(typed["tanggal"])
    given = {
        "number": typed["nomor"],
        "dated": dated.isoformat() if dated else "",
        "subject": typed["tentang"],
        "link": typed["tautan"],
    }
    return {name: text for name, text in given.items() if text}
