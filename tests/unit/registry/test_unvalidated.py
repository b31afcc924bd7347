"""What is assembled of validated values without validating them again is what validation makes of it."""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from services.registry.evidence.evidence import Claim, Evidence
from services.registry.innovation import withdrawal
from services.registry.innovation.innovation import Innovation, event_of
from services.registry.innovation.profile import Profile
from services.registry.innovation.reassignment import Reassignment, reassign
from services.registry.innovation.views import InnovationAnswer
from shared.contracts.event_types import CONTRACTS
from shared.storage.models import assembled
from shared.storage.repository import Versioned
from tests.support.registry_samples import valid_evidence, valid_profile
from tests.support.registry_states import CURATOR, JULY, a_draft, returned, submitted, verified


def moved() -> Innovation:
    change = reassign(submitted(), Reassignment(agency="a2", year=2025, reason="keliru"), CURATOR, JULY)
    assert change is not None
    return change[0]


def edited() -> Innovation:
    sent_back = returned({"16": 2, "19": 1})
    changed = {**sent_back.evidence, "16": Evidence(level=3)}
    return sent_back.model_copy(update={"evidence": changed, "profile": Profile(name="Nama lain")})


STATES = {
    "draft": a_draft,
    "submitted": submitted,
    "verified": verified,
    "returned": returned,
    "moved": moved,
    "edited": edited,
    "withdrawn": lambda: withdrawal.withdraw(submitted(), CURATOR, JULY)[0],
    "bare": lambda: submitted(a_draft(valid_profile(coordinates=None, cluster=None, related_affairs=()), {})),
}


def is_as_validated(made: BaseModel) -> None:
    """Equal, and written alike, without a warning about a type that is not expected."""
    validated = type(made).model_validate(_plain(made))
    assert made == validated
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert made.model_dump_json() == validated.model_dump_json()
        assert made.model_dump() == validated.model_dump()


def _plain(made: BaseModel) -> dict[str, Any]:
    return made.model_dump(mode="json")


@pytest.mark.parametrize("state", STATES)
def test_an_event_is_as_its_contract_validates_it(state: str) -> None:
    event = event_of(STATES[state](), JULY)
    assert CONTRACTS[event.type].payload.model_validate(event.data).model_dump(mode="json") == event.data


@pytest.mark.parametrize("state", STATES)
def test_a_changed_innovation_and_its_answer_are_as_validated(state: str) -> None:
    innovation = STATES[state]()
    is_as_validated(innovation)
    is_as_validated(InnovationAnswer.of(Versioned("i1", 7, innovation)))


@pytest.mark.parametrize("row", valid_evidence())
def test_a_claimed_row_is_as_validated(row: str) -> None:
    is_as_validated(Evidence().claimed(Claim.model_validate(valid_evidence()[row])))


class Pair(BaseModel):
    one: int
    other: str = ""


def test_a_model_is_assembled_of_all_its_fields_and_no_others() -> None:
    made, validated = assembled(Pair, one=1, other="x"), Pair(one=1, other="x")
    assert made == validated
    assert made.model_fields_set == validated.model_fields_set
    assert made.model_dump(exclude_unset=True) == validated.model_dump(exclude_unset=True)
    assert made.model_copy(update={"one": 2}) == Pair(one=2, other="x")
    for fields in ({"one": 1}, {"one": 1, "other": "x", "third": 3}):
        with pytest.raises(TypeError, match=r"Pair has other fields: (other|third)"):
            assembled(Pair, **fields)


@given(st.lists(st.integers(0, 3)), st.integers(0, 12))
def test_a_dumped_state_of_any_rows_is_read_back(levels: list[int], number: int) -> None:
    rows = {f"{16 + place}": {"level": level or None, "value": number} for place, level in enumerate(levels[:20])}
    is_as_validated(a_draft(valid_profile(), rows))
