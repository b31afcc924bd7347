"""The one decision by which a rescore changes a scorecard: the same document under another catalogue.

It makes the card and the event that a first scoring by that catalogue would make (a property test compares them), from
cached rows. None when nothing differs.
"""

from __future__ import annotations

from operator import itemgetter

from services.scoring.rescore.scored_rows import ScoredRows
from services.scoring.scorecard.document import ScoringState
from services.scoring.scorecard.scorecard import by_row, sum_rows
from services.scoring.scorecard.scored_event import event_data
from shared.contracts.contract import Origin, draft_of_data, json_number
from shared.contracts.scorecard import INNOVATION_SCORED
from shared.contracts.vocabulary import Stage
from shared.ports.store import Decision, State

_row_of = itemgetter("row")


def rescored(state: State | None, rows: ScoredRows, origin: Origin) -> Decision:
    """The document under the catalogue of `rows`. None for a document without a card (its region decides), and when
    nothing differs."""
    if state is None or state["catalogue"] is None:
        return None
    innovation, catalogue = state["innovation"], rows.catalogue
    entries, faults = by_row(catalogue, innovation["evidence"], _row_of)
    scored = [rows.of(row, entries.get(row.number), innovation["nature"]) for row in catalogue.innovation]
    sums = sum_rows(scored, Stage(innovation["stage"]))
    card = {
        "catalogue": catalogue.name,
        "digest": catalogue.digest,
        "claimed": json_number(sums.claimed),
        "verified": json_number(sums.verified),
        "provable": json_number(sums.provable),
        "most": json_number(catalogue.most),
        "eligibility": rows.eligibility(innovation["applied_on"], innovation["developed_on"]),
        "rows": [each.document for each in scored],
        "missing_mandatory": sums.missing,
        "faults": [*sums.faults, *[fault.model_dump(mode="json") for fault in faults]],
        "hints": sums.hints,
    }
    after = {**state, "stand": ScoringState.SCORED.value, "catalogue": catalogue.name, "scorecard": card}
    if after == state:
        return None
    data = event_data(after, [each.event for each in scored])
    return after, draft_of_data(INNOVATION_SCORED, data, state["region"], origin)
