"""The marker that stands in a scorecard's place while its innovation is a draft, for the first time or again.

An innovation becomes a draft again by a restore of the registry. Its scorecard must not stay; and an older submission
that arrives later must not bring it back. So the marker keeps the draft's sequence. It belongs to no region, agency or
year, so that no list and no scan of those finds it.
"""

from __future__ import annotations

from services.scoring.scorecard.scored_event import event_of_draft
from shared.contracts.contract import Origin, draft
from shared.contracts.innovation import InnovationDrafted
from shared.contracts.scorecard import INNOVATION_SCORED
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Decision, State

DRAFT = "draft"
"""The value of the field `stand`; see `document.ScoringState` for the others."""


def is_draft(state: State) -> bool:
    """Whether this document is a marker and no scorecard."""
    return bool(state["stand"] == DRAFT)


def was_scorecard(state: State) -> bool:
    """Whether this marker has replaced a scorecard."""
    return is_draft(state) and bool(state["replaced"])


def with_draft(state: State | None, drafted: InnovationDrafted, sequence: int, origin: Origin) -> Decision:
    """Replace what is stored by the marker. None when it is as new or newer. A card that was published owes
    `innovation.scored` with the status draft, no rows and no points."""
    if state is not None and state["innovation_sequence"] >= sequence:
        return None
    marker = {
        "region": "",
        "agency": "",
        "year": 0,
        "status": InnovationStatus.DRAFT.value,
        "stand": DRAFT,
        "catalogue": None,
        "innovation_sequence": sequence,
        "replaced": state is not None and (not is_draft(state) or was_scorecard(state)),
    }
    if state is None or is_draft(state) or state["scorecard"] is None:
        return marker, None
    event = event_of_draft(drafted, sequence, state["scorecard"])
    return marker, draft(INNOVATION_SCORED, event, drafted.region, origin)
