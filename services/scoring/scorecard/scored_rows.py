"""Caches scored rows by what was entered: agencies of a region enter the same facts (no proof, level 2, one event)
again and again, so a row seldom has to be explained anew."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.library import Catalogues
from services.scoring.scorecard.eligibility import eligibility
from services.scoring.scorecard.entry import VALUE, Facts, entry_of
from services.scoring.scorecard.rows import ScoredEntry, score_row
from services.scoring.scorecard.scored_event import event_row
from shared.contracts.vocabulary import Nature

MOST_CACHED = 20_000
"""Different entries that a rescore keeps, about 3 kB each; then all are dropped."""

MOST_CACHED_FOR_GOOD = 2_000
"""The same for a cache that lives as long as its process."""


@dataclass(frozen=True, slots=True)
class CachedRow:
    """A scored row: what it adds to the card (a `SummedRow`), as the document stores it (text: the same as JSON text),
    and as the event holds it. Shared: must not be altered."""

    row: str
    claimed: Decimal
    verified: Decimal
    provable: Decimal
    missing: bool
    faults: list[dict[str, Any]]
    hints: tuple[str, ...]
    document: dict[str, Any]
    text: str
    event: dict[str, Any]


class ScoredRows:
    """The cache for one catalogue."""

    def __init__(self, catalogue: Catalogue, *, most_cached: int = MOST_CACHED) -> None:
        self.catalogue = catalogue
        self._rows: dict[tuple[str, str, Facts | None, str], CachedRow] = {}
        self._eligibility: dict[tuple[str | None, str | None], dict[str, Any]] = {}
        self._most_cached = most_cached

    def __len__(self) -> int:
        """The number of cached rows."""
        return len(self._rows)

    def of(self, row: Indicator, facts: Facts | None, nature: str) -> CachedRow:
        """The scored row; facts: of its entry, None for nothing."""
        written = "" if facts is None else str(facts[VALUE])  # equal values may be written differently: 1E+20
        key = (row.number, nature, facts, written)
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
        cached = self._eligibility.get(key)
        if cached is None:
            if len(self._eligibility) >= self._most_cached:
                self._eligibility.clear()
            window, year = self.catalogue.constants.window, self.catalogue.year
            age = eligibility(window, year, _day(applied_on), _day(developed_on))
            cached = self._eligibility[key] = age.model_dump(mode="json")
        return cached


RowCaches = Mapping[str, ScoredRows]
"""A cache for each catalogue of this process, by the catalogue's name."""


def row_caches(catalogues: Catalogues) -> RowCaches:
    """Caches that live as long as the process."""
    return {name: ScoredRows(catalogue, most_cached=MOST_CACHED_FOR_GOOD) for name, catalogue in catalogues.items()}


def json_text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Plain JSON as compact text. Raises ValueError for not-a-number."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


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
        text=json_text(document),
        event=event_row(document),
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
