"""Scores an innovation without any cache, by the models of the card, the document and the event: the plain way, which
the fast ones are compared with."""

from __future__ import annotations

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.scorecard.document import InnovationVersion, RegionUsed, ScorecardDocument
from services.scoring.scorecard.scorecard import score
from services.scoring.scorecard.scored_event import event_data, event_row
from services.scoring.scorecard.scoring_state import ScoringState
from shared.contracts.contract import draft
from shared.contracts.event import Draft
from shared.contracts.innovation import InnovationState
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored
from shared.ports.store import State
from tests.support.scoring_examples import ORIGIN


def plainly_scored(version: InnovationVersion, used: RegionUsed, catalogue: Catalogue) -> tuple[State, Draft]:
    """The document of a first scoring, and the event that it owes."""
    said = version.innovation
    card = score(
        catalogue,
        said.evidence,
        said.nature,
        said.stage,
        applied_on=said.applied_on,
        developed_on=said.developed_on,
    )
    document = ScorecardDocument(
        region=said.region,
        agency=said.agency,
        year=said.year,
        status=said.status,
        stand=ScoringState.SCORED,
        catalogue=catalogue.name,
        region_used=used,
        innovation_sequence=version.sequence,
        innovation=InnovationState(**{name: getattr(said, name) for name in InnovationState.model_fields}),
        scorecard=card,
    )
    state = document.to_state()
    data = event_data(state, [event_row(row) for row in state["scorecard"]["rows"]])
    return state, draft(INNOVATION_SCORED, InnovationScored.model_validate(data), said.region, ORIGIN)
