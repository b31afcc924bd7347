"""The profile's steps: forms ↔ stored values, and two people in one step."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from services.portal.agency.profile.reading import form_of, read_step
from services.portal.agency.profile.shown import shown
from services.portal.agency.profile.steps import BY_SLUG, STEPS, Step, after, before, step_of
from services.portal.pages.forms import Form
from services.registry.innovation import profile as registry_profile
from services.registry.innovation.profile import LEAST_DESIGN_WORDS, Profile
from tests.support.registry_samples import valid_profile


def form(step: Step, profile: dict[str, Any]) -> Form:
    return Form([(name, value) for name, values in form_of(step, profile).items() for value in values])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_a_form_that_is_sent_unchanged_changes_nothing(step: Step) -> None:
    stored = Profile.model_validate(
        {
            **valid_profile(),
            "coordinates": {"latitude": -0.0263, "longitude": 109.3425},
            "asta_cita": [2, 5],
            "related_affairs": ["pangan"],
            "developed": False,
            "award": {"number": "12/2026", "dated": "2026-03-02"},
        }
    ).model_dump(mode="json")

    values, flaws = read_step(step, form(step, stored))

    assert (values, flaws) == ({name: stored[name] for name in step.names}, [])


def test_the_steps_ask_for_every_field_of_the_profile_once() -> None:
    names = [each.name for step in STEPS for each in step.questions]

    assert sorted(names) == sorted(Profile.model_fields)


def test_the_required_questions_are_those_that_block_a_submission() -> None:
    required = {each.name for step in STEPS for each in step.questions if each.required}
    blocking = registry_profile.blocking(Profile(), date(2026, 1, 1))

    assert {f"profile.{name}" for name in required} == {each.field for each in blocking}
    assert BY_SLUG["rancang-bangun"].questions[0].words == LEAST_DESIGN_WORDS


def test_what_cannot_be_read_is_told_and_the_rest_is_kept() -> None:
    values, flaws = read_step(BY_SLUG["waktu"], Form([("trial_on", "kemarin"), ("applied_on", "3-12-2025")]))

    assert values == {"applied_on": "2025-12-03", "developed": None, "developed_on": None}
    assert [each.field for each in flaws] == ["profile.trial_on"]


def test_every_step_but_the_ends_has_neighbours() -> None:
    assert (before(STEPS[0]), after(STEPS[-1]), after(STEPS[0])) == (None, None, STEPS[1])
    assert step_of("profile.related_affairs.0").slug == "urusan"
    assert step_of("year") is STEPS[0]


def test_values_are_shown_in_words() -> None:
    questions = {each.name: each for step in STEPS for each in step.questions}

    def said(name: str, value: Any) -> str:  # noqa: ANN401 - a JSON value
        return shown(questions[name], value, lambda text: text)

    assert said("stage", "uji_coba") == "Uji coba"
    assert said("applied_on", "2026-12-03") == "3 Desember 2026"
    assert said("asta_cita", [1, 4]) == "Asta Cita 1; Asta Cita 4"
    assert said("award", {"number": "5", "dated": "2026-01-02"}) == "5, 2 Januari 2026"
    assert said("coordinates", {"latitude": -0.0263, "longitude": 109.3425}) == "-0,0263; 109,3425"
    assert (said("developed", value=None), said("developed", value=False)) == ("", "Tidak")
