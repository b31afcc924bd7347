from __future__ import annotations

from hypothesis import given

from services.notifications.known import Score, ScoredBrief
from shared.contracts.contract import Origin, draft, read
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored
from tests.support.notifications_service import BEFORE, REGION
from tests.support.payloads import payloads


@given(payloads(InnovationScored))
def test_a_score_is_the_same_from_the_brief(card: InnovationScored) -> None:
    event = draft(INNOVATION_SCORED, card, REGION, Origin(BEFORE)).stamp("scorecard", card.innovation, 1)
    assert Score.of(read(INNOVATION_SCORED, event, ScoredBrief)) == Score.of(card)


def test_the_brief_has_fields_of_the_contract() -> None:
    whole = InnovationScored.model_fields
    assert {name: field.annotation for name, field in ScoredBrief.model_fields.items()} == {
        name: whole[name].annotation for name in ScoredBrief.model_fields
    }
