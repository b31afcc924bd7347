from __future__ import annotations

from hypothesis import given

from services.notifications.known import ScoredBrief
from shared.contracts.contract import Origin, draft, read
from shared.contracts.scorecard import INNOVATION_SCORED, InnovationScored
from tests.support.notifications_service import BEFORE, REGION
from tests.support.payloads import payloads


@given(payloads(InnovationScored))
def test_a_brief_is_read_from_what_was_published(card: InnovationScored) -> None:
    event = draft(INNOVATION_SCORED, card, REGION, Origin(BEFORE)).stamp("scorecard", card.innovation, 1)
    brief = read(INNOVATION_SCORED, event, ScoredBrief)
    assert brief == ScoredBrief(**{name: getattr(card, name) for name in ScoredBrief.model_fields})


def test_the_brief_has_fields_of_the_contract() -> None:
    whole = InnovationScored.model_fields
    assert {name: field.annotation for name, field in ScoredBrief.model_fields.items()} == {
        name: whole[name].annotation for name in ScoredBrief.model_fields
    }
