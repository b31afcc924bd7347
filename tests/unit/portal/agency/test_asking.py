"""The score of an innovation: there, on its way, or not to be had."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.portal.agency.desk import Desk
from services.portal.agency.score.asking import score_of
from services.portal.owners.answers import Answer, OwnerAway, OwnerProblem
from services.portal.pages.session import SignedIn
from shared.auth.policy import Role
from tests.support.portal.stand_in import person
from tests.unit.portal.agency.test_tasks import innovation

MATURITY = {"claimed": 6, "verified": 0, "of": 111}
WHO: SignedIn = person(Role.AGENCY)


def desk(answer: dict[str, Any] | Exception) -> Desk:
    async def asked(*_: object) -> Answer:
        if isinstance(answer, Exception):
            raise answer
        return Answer(200, answer)

    client = SimpleNamespace(get=asked, post=asked)
    return cast("Desk", SimpleNamespace(owners=SimpleNamespace(scoring=lambda _session: client)))


async def test_a_draft_is_tried() -> None:
    found = await score_of(desk({"maturity": MATURITY}), WHO, innovation())

    assert (found.trial, found.waiting, found.card is not None) == (True, False, True)


@pytest.mark.parametrize("status", ["draft", "submitted"])
async def test_without_scoring_there_is_no_score_and_the_page_stands(status: str) -> None:
    found = await score_of(desk(OwnerAway("scoring", "…")), WHO, innovation(status=status))

    assert (found.away, found.card) == (True, None)


async def test_what_was_just_submitted_waits_for_its_card() -> None:
    missing = await score_of(desk(OwnerProblem(404, {})), WHO, innovation(status="submitted"))
    old = {"maturity": MATURITY, "innovation_sequence": 1}
    older = await score_of(desk(old), WHO, innovation(status="submitted", sequence=2))
    new = await score_of(desk(old), WHO, innovation(status="submitted", sequence=1))
    unscored = await score_of(desk({"maturity": None}), WHO, innovation(status="verified"))

    assert (missing.waiting, missing.card) == (True, None)
    assert (older.waiting, older.card is not None) == (True, True)
    assert (new.waiting, new.card is not None) == (False, True)
    assert (unscored.waiting, unscored.card) == (True, None)


async def test_what_was_withdrawn_has_no_score() -> None:
    found = await score_of(desk({"maturity": MATURITY}), WHO, innovation(status="withdrawn"))

    assert (found.card, found.waiting, found.away) == (None, False, False)
