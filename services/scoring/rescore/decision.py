"""The one decision by which a rescore changes a scorecard: the same document under another catalogue.

It makes the card and the event that a first scoring by that catalogue would make (a property test compares them), from
cached rows. None when nothing differs.
"""

from __future__ import annotations

from services.scoring.scorecard.card_state import card_state
from services.scoring.scorecard.entry import facts_of
from services.scoring.scorecard.scored_event import event_data
from services.scoring.scorecard.scored_rows import ScoredRows
from services.scoring.scorecard.scored_state import ScoredState
from services.scoring.scorecard.scoring_state import ScoringState
from shared.contracts.contract import Origin, draft_of_data
from shared.contracts.scorecard import INNOVATION_SCORED
from shared.ports.store import Decision, State


def rescored(state: State | None, rows: ScoredRows, origin: Origin) -> Decision:
    """The document under the catalogue of `rows`. None for a document without a card (its region decides), and when
    nothing differs."""
    if state is None or state["catalogue"] is None:
        return None
    evidence = [(each["row"], facts_of(each)) for each in state["innovation"]["evidence"]]
    card, scored = card_state(rows, state["innovation"], evidence)
    after = {**state, "stand": ScoringState.SCORED.value, "catalogue": card["catalogue"], "scorecard": card}
    if after == state:
        return None
    data = event_data(after, [each.event for each in scored])
    return ScoredState(after, scored), draft_of_data(INNOVATION_SCORED, data, state["region"], origin)
