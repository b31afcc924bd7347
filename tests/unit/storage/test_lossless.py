from __future__ import annotations

import json
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.registry.innovation.innovation import Innovation, Placement
from shared.contracts.contract import Exact
from shared.storage.lossless import keeps_every_value
from shared.storage.repository import codec_of
from tests.support.registry_samples import valid_evidence, valid_profile


class Place(BaseModel):
    latitude: float = Field(allow_inf_nan=False)


class Journey(BaseModel):
    stops: tuple[Place, ...] = ()
    points: Exact | None = None


@pytest.mark.parametrize("type", [int, str, bool, Exact, Decimal, Place, Journey, dict[str, Place], Place | None])
def test_finite_numbers_texts_and_models_of_them_are_kept(type: object) -> None:
    assert keeps_every_value(TypeAdapter(type).core_schema)


Boundless = Annotated[Decimal, Field(allow_inf_nan=True)]


@pytest.mark.parametrize("type", [float, Any, tuple[Any, ...], dict[str, float], list[Place | float], Boundless])
def test_a_number_that_may_be_none_or_a_value_of_any_type_is_not(type: object) -> None:
    assert not keeps_every_value(TypeAdapter(type).core_schema)


class BuiltLate(BaseModel, frozen=True):
    model_config = ConfigDict(defer_build=True)

    points: float


def test_a_model_that_is_built_when_it_is_used_is_judged_as_every_other() -> None:
    assert codec_of(BuiltLate).to_text is None


@pytest.mark.parametrize("value", [0, 15, 2.5, -0.0001, 999_999_999.9999, 1_000_000_000])
def test_an_innovation_is_the_same_as_text_and_as_a_state(value: float) -> None:
    evidence = {**valid_evidence(), "17": {"value": value, "unit": "orang"}}
    innovation = Innovation.model_validate(
        {
            "id": "i1",
            "region": "61.12",
            "agency": "a1",
            "year": 2026,
            "created_by_body": "f",
            "assignments": (Placement(agency="a1", year=2026),),
            "evidence": evidence,
            "profile": valid_profile(coordinates={"latitude": -1e-7, "longitude": 109.4}),
        }
    )
    codec = codec_of(Innovation)
    assert codec.to_text is not None
    text = codec.to_text(innovation)
    assert json.loads(text) == codec.to_state(innovation)
    assert codec.of_text(text) == innovation
