"""Reads an innovation from JSON: `{"name": …, "digital": true, "levels": {"16": 3, "17": {"value": 12}}, "evidence":
["16"]}`, rows by their number in the catalogue.

A level is a whole number 0…3 (0 and null: not filled in), or an object of `level`, `value`, `unit` and `basis`.
`evidence` lists the rows that are proved; without that key all are. All flaws are reported at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.scoring.catalogue.catalogue import Catalogue
from shared.contracts.innovation import RowEvidence
from shared.contracts.vocabulary import Nature, Stage
from shared.faults import Flaw, Invalid

MOST_VALUE = Decimal(10) ** 15
_KEYS = frozenset({"name", "digital", "levels", "evidence", "stage", "applied_on", "developed_on", "catalogue"})
_ENTRY_KEYS = frozenset({"level", "value", "unit", "basis"})


@dataclass(frozen=True)
class ScoreInput:
    """An innovation to be scored."""

    name: str
    nature: Nature
    stage: Stage
    evidence: tuple[RowEvidence, ...]
    applied_on: date | None = None
    developed_on: date | None = None

    @property
    def dated(self) -> bool:
        """Whether a date is given, so that the round's age rule applies."""
        return self.applied_on is not None or self.developed_on is not None


def read_score_input(raw: object, catalogue: Catalogue) -> ScoreInput:
    """The innovation that `raw` (plain JSON, decimals exact) describes. Raises Invalid with every flaw."""
    if not isinstance(raw, Mapping):
        raise Invalid([Flaw("input", "object", "yang diminta adalah satu objek JSON dengan kunci `levels`")])
    flaws = [Flaw(str(key), "unknown", "kunci ini tidak dikenal") for key in raw if key not in _KEYS]
    evidence, wrong = read_levels(raw, catalogue)
    flaws += wrong
    name, digital = raw.get("name", ""), raw.get("digital", True)
    if not isinstance(name, str):
        flaws.append(Flaw("name", "text", "nama harus berupa teks"))
    if not isinstance(digital, bool):
        flaws.append(Flaw("digital", "boolean", "harus true atau false"))
    stage = raw.get("stage", Stage.PENERAPAN.value)
    if not isinstance(stage, str) or stage not in set(Stage):
        flaws.append(Flaw("stage", "unknown", f"harus salah satu dari {', '.join(Stage)}"))
    days: dict[str, date | None] = {}
    for key in ("applied_on", "developed_on"):
        try:
            days[key] = None if raw.get(key) is None else date.fromisoformat(raw[key])
        except (TypeError, ValueError):
            flaws.append(Flaw(key, "date", "harus berupa tanggal, misalnya 2025-03-01"))
    if flaws:
        raise Invalid(flaws)
    nature = Nature.DIGITAL if digital else Nature.NON_DIGITAL
    return ScoreInput(str(name), nature, Stage(stage), evidence, **days)


def read_levels(
    raw: Mapping[str, Any], catalogue: Catalogue, at: str = ""
) -> tuple[tuple[RowEvidence, ...], list[Flaw]]:
    """The rows that the keys `levels` and `evidence` of `raw` describe, and their flaws; at: put before every field of
    a flaw."""
    flaws: list[Flaw] = []
    levels = raw.get("levels")
    if not isinstance(levels, Mapping):
        return (), [Flaw(f"{at}levels", "object", "wajib ada: objek nomor indikator → level")]
    proved = _proved(raw, catalogue, at, flaws)
    entries: dict[str, dict[str, Any]] = {}
    for row, entry in levels.items():
        if row not in catalogue.by_number:
            flaws.append(_no_such_row(f"{at}levels.{row}", catalogue))
            continue
        entries[row] = _entry(entry, f"{at}levels.{row}", flaws)
    if flaws:
        return (), flaws
    rows = [*entries, *(row for row in proved or () if row not in entries)]
    return tuple(
        RowEvidence(row=row, proofs=int(proved is None or row in proved), **entries.get(row, {}))
        for row in rows
        if entries.get(row) or proved is not None
    ), []


def _proved(raw: Mapping[str, Any], catalogue: Catalogue, at: str, flaws: list[Flaw]) -> Collection[str] | None:
    """The rows that are named as proved; None: all."""
    if "evidence" not in raw:
        return None
    given = raw["evidence"]
    if not isinstance(given, list | tuple):
        flaws.append(Flaw(f"{at}evidence", "list", "harus berupa daftar nomor indikator"))
        return ()
    rows = [str(each) if isinstance(each, int) and not isinstance(each, bool) else each for each in given]
    for place, row in enumerate(rows):
        if not isinstance(row, str) or row not in catalogue.by_number:
            flaws.append(_no_such_row(f"{at}evidence.{place}", catalogue, row))
    return dict.fromkeys(row for row in rows if isinstance(row, str))


def _entry(entry: object, at: str, flaws: list[Flaw]) -> dict[str, Any]:
    """The fields of RowEvidence that the entry fills in; empty when it fills in none."""
    if not isinstance(entry, Mapping):
        return _level(entry, at, flaws)
    flaws.extend(Flaw(f"{at}.{key}", "unknown", "kunci ini tidak dikenal") for key in entry if key not in _ENTRY_KEYS)
    read = _level(entry.get("level"), f"{at}.level", flaws)
    value = entry.get("value")
    if value is not None:
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            flaws.append(Flaw(f"{at}.value", "number", "nilai harus berupa angka"))
        elif abs(Decimal(value)) >= MOST_VALUE:
            flaws.append(Flaw(f"{at}.value", "too-large", "nilai terlalu besar"))
        else:
            read["value"] = Decimal(value)
    for key in ("unit", "basis"):
        word = entry.get(key)
        if word is None:
            continue
        if isinstance(word, str):
            read[key] = word
        else:
            flaws.append(Flaw(f"{at}.{key}", "text", "harus berupa teks"))
    return read


def _level(level: object, at: str, flaws: list[Flaw]) -> dict[str, Any]:
    if level is None:
        return {}
    exact = Decimal(level) if isinstance(level, int | Decimal) and not isinstance(level, bool) else None
    if exact is None or not exact.is_finite() or exact not in {0, 1, 2, 3}:
        flaws.append(Flaw(at, "level", "level harus 0, 1, 2 atau 3"))
        return {}
    return {"level": int(exact)} if exact else {}


def _no_such_row(field: str, catalogue: Catalogue, row: object = None) -> Flaw:
    rows = list(catalogue.by_number)
    named = f"indikator {row}" if row is not None else "indikator ini"
    return Flaw(field, "row-unknown", f"{named} tidak ada pada katalog {catalogue.name} ({rows[0]} s.d. {rows[-1]})")
