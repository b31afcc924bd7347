from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.innovation.profile import Profile, blocking
from tests.support.registry_samples import design, valid_profile

TODAY = date(2026, 6, 1)


def flaws(**changed: object) -> list[tuple[str, str]]:
    found = blocking(Profile.model_validate(valid_profile(**changed)), TODAY)
    return [(flaw.field, flaw.code) for flaw in found]


def test_a_complete_profile_has_no_flaws() -> None:
    assert flaws() == []


def test_an_empty_profile_is_a_valid_draft_and_blocks_with_every_required_field() -> None:
    found = blocking(Profile(), TODAY)
    assert {flaw.field.removeprefix("profile.") for flaw in found} == {
        "name", "stage", "initiator", "initiator_name", "classification", "nature", "form", "main_affair",
        "design", "purpose", "benefit", "outcome",
    }  # fmt: skip
    assert {flaw.code for flaw in found} == {"missing"}


@pytest.mark.parametrize(("count", "expected"), [(299, [("profile.design", "too-few-words")]), (300, [])])
def test_the_design_has_at_least_three_hundred_words(count: int, expected: list[tuple[str, str]]) -> None:
    assert flaws(design=design(count)) == expected


def test_dashes_do_not_count_as_words() -> None:
    text = design(299) + " – – –"
    (flaw,) = blocking(Profile.model_validate(valid_profile(design=text)), TODAY)
    assert flaw.message == "rancang bangun paling sedikit 300 kata; kini 299 kata"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"trial_on": "2025-05-06"}, ("profile.trial_on", "out-of-order")),
        ({"applied_on": None}, ("profile.applied_on", "missing")),
        ({"applied_on": "2026-06-02"}, ("profile.applied_on", "future")),
        ({"developed": True}, ("profile.developed_on", "missing")),
        ({"developed": True, "developed_on": "2025-05-04"}, ("profile.developed_on", "out-of-order")),
        ({"developed": True, "developed_on": "2026-06-02"}, ("profile.developed_on", "future")),
        ({"developed": False, "developed_on": "2026-01-01"}, ("profile.developed_on", "contradicts")),
        ({"developed": None, "developed_on": "2026-01-01"}, ("profile.developed_on", "contradicts")),
        ({"related_affairs": ["sosial", "kesehatan"]}, ("profile.related_affairs", "repeats-main")),
    ],
)
def test_contradictions_block(changed: dict[str, Any], expected: tuple[str, str]) -> None:
    assert flaws(**changed) == [expected]


@pytest.mark.parametrize(
    "changed",
    [
        {"trial_on": "2025-05-05"},
        {"trial_on": None},
        {"applied_on": "2026-06-01"},
        {"developed": True, "developed_on": "2025-05-05"},
        {"developed": None},
        {"stage": "uji_coba", "applied_on": None},
        {"stage": "inisiatif", "applied_on": "2027-01-01"},
        {"coordinates": None, "asta_cita": [], "cluster": None, "programme": None, "related_affairs": []},
    ],
)
def test_optional_fields_do_not_block(changed: dict[str, Any]) -> None:
    assert flaws(**changed) == []


def test_all_flaws_are_listed() -> None:
    found = flaws(name=None, design=design(10), trial_on="2026-01-01", developed=True)
    assert found == [
        ("profile.name", "missing"),
        ("profile.design", "too-few-words"),
        ("profile.trial_on", "out-of-order"),
        ("profile.developed_on", "missing"),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"stage": "selesai"},
        {"main_affair": "pertahanan"},
        {"related_affairs": ["sosial", "pertahanan"]},
        {"asta_cita": [0]},
        {"asta_cita": [9]},
        {"coordinates": {"latitude": 91, "longitude": 0}},
        {"coordinates": {"latitude": 0, "longitude": float("nan")}},
        {"coordinates": {"latitude": 0}},
        {"trial_on": "1899-01-01"},
        {"trial_on": "besok"},
        {"name": "a\x00b"},
        {"design": "x" * 20_001},
        {"phone": "0812"},
    ],
)
def test_impossible_values_are_refused_in_drafts_too(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Profile.model_validate(valid_profile(**wrong))


def test_lists_have_no_repetitions_and_a_fixed_order() -> None:
    profile = Profile.model_validate(valid_profile(asta_cita=[7, 4, 7], related_affairs=["sosial", "pangan", "sosial"]))
    assert profile.asta_cita == (4, 7)
    assert profile.related_affairs == ("sosial", "pangan")
