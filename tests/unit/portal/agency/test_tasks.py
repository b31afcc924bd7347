"""The task list, and the score of a draft."""

from __future__ import annotations

from typing import Any

from services.portal.agency.evidence.catalogue import Catalogue
from services.portal.agency.innovation.detail import Flawed, Innovation
from services.portal.agency.innovation.tasks import State, TaskList, task_list
from services.portal.agency.score.card import Card, trial_of
from services.scoring.scorecard.scorecard import score
from services.scoring.views.catalogues import catalogue_answer
from services.scoring.views.scorecards import trial_answer
from services.scoring.what_if.trial import Trial
from tests.support.scoring_examples import catalogue

CATALOGUE = Catalogue.model_validate(catalogue_answer(catalogue()).model_dump(mode="json"))


def innovation(**fields: Any) -> Innovation:  # noqa: ANN401 - any field of Innovation
    return Innovation.model_validate(
        {"id": "i", "sequence": 1, "region": "61.12", "agency": "a", "year": 2026, "status": "draft", **fields}
    )


FILE = {
    "digest": "0" * 64,
    "size": 1,
    "media_type": "application/pdf",
    "name": "sk.pdf",
    "added_at": "2026-06-01T00:00:00Z",
}


def tasks(*flaws: Flawed, **fields: Any) -> TaskList:  # noqa: ANN401 - as above
    return task_list(innovation(**fields), flaws, CATALOGUE.indicators)


def flaw(field: str, code: str = "missing") -> Flawed:
    return Flawed(field=field, code=code, message="…")


def test_each_step_says_what_it_lacks() -> None:
    found = tasks(
        flaw("profile.name"),
        flaw("profile.design", "too-few-words"),
        flaw("year", "too-early"),
        profile={"purpose": "…", "stage": "inisiatif"},
    )

    states = {each.step.slug: each.state for each in found.steps}
    assert (states["dasar"], states["rancang-bangun"]) == (State.MISSING, State.WRONG)
    assert (states["tujuan"], states["sertifikat"]) == (State.DONE, State.OPTIONAL)
    assert (found.blocking, found.steps_done, len(found.other)) == (3, 6, 1)


def test_a_row_is_done_when_it_is_claimed_and_proved() -> None:
    found = tasks(
        flaw("evidence.18.level"),
        flaw("evidence.20.dated", "future"),
        evidence={
            "16": {"level": 2, "files": [FILE]},
            "17": {"level": 2},
            "18": {"files": [FILE]},
            "20": {"level": 1, "files": [FILE]},
            "35": {"level": 1, "links": ["https://contoh.go.id"]},
        },
    )

    states = {each.indicator.number: each.state for each in found.rows}
    assert (states["16"], states["35"], states["17"], states["18"]) == (
        State.DONE,
        State.DONE,
        State.STARTED,
        State.STARTED,
    )
    assert (states["20"], states["32"], states["31"]) == (State.WRONG, State.WANTED, State.OPTIONAL)
    assert [each.indicator.number for each in found.wanted] == ["17", "32", "33"]
    assert found.rows_done == 2


def test_the_trial_of_a_draft_is_what_scoring_takes() -> None:
    draft = innovation(
        profile={"nature": "non_digital", "stage": None},
        evidence={
            "16": {"level": 2, "files": [FILE]},
            "33": {"value": 350, "basis": "a", "links": ["https://contoh.go.id"]},
            "17": {"value": 12.5},
        },
    )
    trial = Trial.model_validate(trial_of(draft))

    answer = trial_answer(
        score(catalogue(), [each.evidence for each in trial.rows], trial.nature, trial.stage), catalogue()
    )
    card = Card.model_validate(answer.model_dump(mode="json"))

    assert card.maturity is not None
    assert (card.maturity.claimed, card.maturity.of) == (12, 111)
    assert card.steps[0].next is not None
    assert [each.next.brings for each in card.steps if each.next] == sorted(
        (each.next.brings for each in card.steps if each.next), reverse=True
    )
    first = card.row("35")
    assert first is not None
    assert first.next is not None
    assert first.next.brings == 4
