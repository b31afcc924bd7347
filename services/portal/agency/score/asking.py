"""Asks scoring for the score of an innovation: its card, or the one that a draft would have."""

from __future__ import annotations

from dataclasses import dataclass

from services.portal.agency.desk import Desk
from services.portal.agency.innovation.detail import Innovation
from services.portal.agency.score.card import Card, trial_of
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.pages.session import SignedIn
from shared.contracts.vocabulary import InnovationStatus

_NOT_FOUND = 404


@dataclass(frozen=True)
class Score:
    """card: None while there is none; trial: it is of a draft, as if it were submitted now; away: scoring does not
    answer; waiting: the card of what was submitted is on its way."""

    card: Card | None = None
    trial: bool = False
    away: bool = False
    waiting: bool = False


async def score_of(desk: Desk, session: SignedIn, innovation: Innovation) -> Score:
    """The score. Never fails because of scoring."""
    client = desk.owners.scoring(session)
    try:
        if innovation.is_open:
            answer = await client.post("/what-if/scorecard", trial_of(innovation))
            return Score(Card.model_validate(answer.body), trial=True)
        if innovation.status is InnovationStatus.WITHDRAWN:
            return Score()
        card = Card.model_validate((await client.get(f"/scorecards/{innovation.id}")).body)
    except OwnerAway:
        return Score(away=True)
    except OwnerProblem as problem:
        return Score(waiting=problem.status == _NOT_FOUND and not innovation.is_open)
    # what is recorded of a verified innovation later makes a new version of it, and no new score
    old = innovation.status is InnovationStatus.SUBMITTED and card.innovation_sequence < innovation.sequence
    return Score(card if card.maturity is not None else None, waiting=old or card.maturity is None)
