"""Rows of scorecards as plain JSON, judged once for each different entry: what an agency enters repeats itself over a
region (no proof, level 2, one event), so a rescore seldom has to explain a row anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.indicators import Indicator
from services.scoring.scorecard.eligibility import eligibility
from services.scoring.scorecard.rows import judge
from shared.contracts.vocabulary import Nature

MOST_KEPT = 20_000  # different entries, about 3 KB each; then all are forgotten

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A judged row: as the document and as the event hold it, with its faults and hints. Shared: not to be altered.
    claimed, verified, provable: points; lacking: mandatory, and not filled."""

    claimed: Decimal
    verified: Decimal
    provable: Decimal
    lacking: bool
    document: dict[str, Any]
    event: dict[str, Any]
    faults: list[dict[str, Any]]
    hints: list[str]


@dataclass(frozen=True, slots=True)
class _Entered:
    """An entry from a document of ours: it was validated when it came in, and is not again."""

    level: int | None
    value: Decimal | None
    unit: str | None
    basis: str | None
    proofs: int
    verified_level: int | None


class JudgedRows:
    """Of one catalogue."""

    def __init__(self, catalogue: Catalogue, *, most_kept: int = MOST_KEPT) -> None:
        self.catalogue = catalogue
        self._kept: dict[Key, JudgedRow] = {}
        self._ages: dict[tuple[str | None, str | None], dict[str, Any]] = {}
        self._most_kept = most_kept

    def of(self, row: Indicator, entry: Mapping[str, Any] | None, nature: str) -> JudgedRow:
        """The row judged; entry: a RowEvidence as plain JSON, None for nothing."""
        key = (row.number, nature, None if entry is None else _facts(entry))
        told = self._kept.get(key)
        if told is None:
            if len(self._kept) >= self._most_kept:
                self._kept.clear()
            told = self._kept[key] = _told(row, entry, nature)
        return told

    def eligible(self, applied_on: str | None, developed_on: str | None) -> dict[str, Any]:
        """Whether the age window of the catalogue's round holds it, and why: as the document has it."""
        key = (applied_on, developed_on)
        if key not in self._ages:
            age = eligibility(
                self.catalogue.constants.window, self.catalogue.year, _day(applied_on), _day(developed_on)
            )
            if len(self._ages) >= self._most_kept:
                self._ages.clear()
            self._ages[key] = {"eligible": age.eligible, "why": age.why}
        return self._ages[key]


_ALIKE = (
    *("row", "name", "weight", "level", "points"),
    *("verified_level", "verified_points", "provable_level", "mandatory"),
)
_FIELDS = ("level", "value", "unit", "basis", "proofs", "verified_level")
_all_facts = itemgetter(*_FIELDS)


def _facts(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    try:
        return tuple(_all_facts(entry))
    except KeyError:  # written by an older release
        return tuple(map(entry.get, _FIELDS))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _told(row: Indicator, entry: Mapping[str, Any] | None, nature: str) -> JudgedRow:
    judged = judge(row, None if entry is None else _entered(entry), Nature(nature))
    document = judged.score.model_dump(mode="json")
    return JudgedRow(
        claimed=judged.score.points,
        verified=judged.score.verified_points,
        provable=(judged.score.provable_level or 0) * row.weight,
        lacking=row.mandatory and not judged.score.filled,
        document=document,
        event=_event(document),
        faults=[fault.model_dump(mode="json") for fault in judged.faults],
        hints=list(judged.hints),
    )


def _entered(entry: Mapping[str, Any]) -> _Entered:
    value = entry.get("value")
    return _Entered(
        level=entry.get("level"),
        value=None if value is None else Decimal(str(value)),
        unit=entry.get("unit"),
        basis=entry.get("basis"),
        proofs=entry.get("proofs", 0),
        verified_level=entry.get("verified_level"),
    )


def _event(document: Mapping[str, Any]) -> dict[str, Any]:
    """The row as the event carries it: see `standing.scored_row`."""
    step = document["next"] or {}
    return {
        **{name: document[name] for name in _ALIKE},
        "why": f"{document['why']} {document['why_verified']}",
        "next": step.get("needs"),
        "next_brings": step.get("brings"),
    }
