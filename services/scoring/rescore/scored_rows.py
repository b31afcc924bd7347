"""Caches scored rows by what was entered: agencies of a region enter the same facts (no proof, level 2, one event)
again and again, so a rescore seldom has to explain a row anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.indicators import Indicator
from services.scoring.scorecard.eligibility import eligibility
from services.scoring.scorecard.entry import Facts, StoredRow, entry_of, facts_of
from services.scoring.scorecard.rows import ScoredEntry, score_row
from services.scoring.scorecard.scored_event import event_row
from shared.contracts.vocabulary import Nature

MOST_CACHED = 20_000  # different entries, about 3 KB each; then all are dropped


@dataclass(frozen=True, slots=True)
class CachedRow:
    """A scored row: what it adds to the card (a `SummedRow`), as the document stores it, and as the event holds it.
    Shared: must not be altered."""

    row: str
    claimed: Decimal
    verified: Decimal
    provable: Decimal
    missing: bool
    faults: list[dict[str, Any]]
    hints: tuple[str, ...]
    document: dict[str, Any]
    event: dict[str, Any]


class ScoredRows:
    """The cache for one catalogue."""

    def __init__(self, catalogue: Catalogue, *, most_cached: int = MOST_CACHED) -> None:
        self.catalogue = catalogue
        self._rows: dict[tuple[str, str, Facts | None], CachedRow] = {}
        self._eligibility: dict[tuple[str | None, str | None], dict[str, Any]] = {}
        self._most_cached = most_cached

    def of(self, row: Indicator, entry: StoredRow | None, nature: str) -> CachedRow:
        """The scored row; entry: None for nothing."""
        facts = None if entry is None else facts_of(entry)
        key = (row.number, nature, facts)
        cached = self._rows.get(key)
        if cached is None:
            if len(self._rows) >= self._most_cached:
                self._rows.clear()
            cached = self._rows[key] = _cached(
                score_row(row, None if facts is None else entry_of(facts), Nature(nature))
            )
        return cached

    def eligibility(self, applied_on: str | None, developed_on: str | None) -> dict[str, Any]:
        """Whether the round of the catalogue's year takes an innovation of these ISO dates, as the document stores
        it."""
        key = (applied_on, developed_on)
        if key not in self._eligibility:
            if len(self._eligibility) >= self._most_cached:
                self._eligibility.clear()
            window, year = self.catalogue.constants.window, self.catalogue.year
            age = eligibility(window, year, _day(applied_on), _day(developed_on))
            self._eligibility[key] = age.model_dump(mode="json")
        return self._eligibility[key]


def _cached(scored: ScoredEntry) -> CachedRow:
    document = scored.score.model_dump(mode="json")
    return CachedRow(
        row=scored.row,
        claimed=scored.claimed,
        verified=scored.verified,
        provable=scored.provable,
        missing=scored.missing,
        faults=[fault.model_dump(mode="json") for fault in scored.faults],
        hints=scored.hints,
        document=document,
        event=event_row(document),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
