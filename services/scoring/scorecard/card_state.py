"""The card of one innovation as its document stores it, made from cached rows.

It is the plain JSON of the `Scorecard` that `scorecard.score` makes of the same evidence, without a model in between: a
property test compares them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from services.scoring.scorecard.entry import Facts
from services.scoring.scorecard.scorecard import by_row, sum_rows
from services.scoring.scorecard.scored_rows import CachedRow, ScoredRows
from shared.contracts.contract import json_number
from shared.contracts.vocabulary import Stage
from shared.ports.store import State

_row_of = itemgetter(0)


class CardState(NamedTuple):
    """card: a `Scorecard` as plain JSON; rows: what it was made from. Parts of both are shared: must not be altered."""

    card: State
    rows: Sequence[CachedRow]


def card_state(cache: ScoredRows, innovation: Mapping[str, Any], evidence: Iterable[tuple[str, Facts]]) -> CardState:
    """Score an innovation by the catalogue of `cache`. innovation: an `InnovationState` as plain JSON; evidence: the
    number and the facts of each of its rows."""
    catalogue = cache.catalogue
    entries, faults = by_row(catalogue, evidence, _row_of)
    nature = innovation["nature"]
    rows = [
        cache.of(row, entries[row.number][1] if row.number in entries else None, nature) for row in catalogue.innovation
    ]
    sums = sum_rows(rows, Stage(innovation["stage"]))
    card = {
        "catalogue": catalogue.name,
        "digest": catalogue.digest,
        "claimed": json_number(sums.claimed),
        "verified": json_number(sums.verified),
        "provable": json_number(sums.provable),
        "most": json_number(catalogue.most),
        "eligibility": cache.eligibility(innovation["applied_on"], innovation["developed_on"]),
        "rows": [each.document for each in rows],
        "missing_mandatory": sums.missing,
        "faults": [*sums.faults, *[fault.model_dump(mode="json") for fault in faults]],
        "hints": sums.hints,
    }
    return CardState(card, rows)
