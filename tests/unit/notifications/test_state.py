"""`replaced` makes what pydantic's `model_copy` makes."""

from __future__ import annotations

import pickle
from functools import cached_property

import pytest
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, computed_field

from services.notifications.state import Bit, DocumentState, replaced

PLACE, COUNT, CHANGED = 2, 3, 5


class _Plain(DocumentState):
    place: int
    count: int = Field(default=0, validation_alias="stored_count", serialization_alias="stored_count")
    flag: Bit = False
    names: tuple[str, ...] = ()

    @computed_field  # type: ignore[prop-decorator]
    @property
    def sum(self) -> int:
        return self.place + self.count

    @cached_property
    def label(self) -> str:
        return f"place {self.place}"


class _Private(DocumentState):
    place: int
    count: int = 0
    _seen: list[int] = PrivateAttr(default_factory=list)
    _unset: int = PrivateAttr()


class _Open(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    place: int
    count: int = 0


def _plain() -> _Plain:
    return _Plain(place=PLACE, names=("a", "b"))


def _asked() -> _Plain:
    model = _plain()
    assert model.label == "place 2"  # kept in the model's __dict__ from here on
    return model


def _private() -> _Private:
    model = _Private(place=PLACE)
    model._seen.append(1)
    return model


def _open() -> _Open:
    return _Open.model_validate({"place": PLACE, "more": "x"})


@pytest.mark.parametrize("make", [_plain, _asked, _private, _open])
@pytest.mark.parametrize("fields", [{}, {"count": CHANGED}, {"place": CHANGED, "count": COUNT}])
def test_a_replaced_model_is_what_model_copy_makes(
    make: type[_Plain | _Private | _Open], fields: dict[str, int]
) -> None:
    model = make()
    before = pickle.dumps(model) if isinstance(model, _Plain) else b""

    made, copied = replaced(model, **fields), model.model_copy(update=fields)

    assert type(made) is type(copied)
    assert made == copied
    assert made is not model
    for attribute in ("__dict__", "__pydantic_fields_set__", "__pydantic_extra__", "__pydantic_private__"):
        assert getattr(made, attribute) == getattr(copied, attribute), attribute
        kept = getattr(model, attribute)
        assert kept is None or getattr(made, attribute) is not kept, f"{attribute} is shared with the first model"
    for options in ({}, {"exclude_unset": True}, {"exclude_defaults": True}):
        assert made.model_dump_json(**options) == copied.model_dump_json(**options)
    assert hash(made) == hash(copied) if isinstance(made, _Plain) else True
    assert before in (b"", pickle.dumps(model)), "the model itself has changed"


def test_a_replaced_model_is_frozen_and_computes_anew() -> None:
    model = replaced(_plain(), place=CHANGED)

    assert (model.sum, model.label) == (CHANGED, "place 5")
    with pytest.raises(ValidationError):
        model.place = 1  # type: ignore[misc]


def test_an_unknown_field_is_not_replaced() -> None:
    with pytest.raises(TypeError, match=r"_Plain has no field label, other"):
        replaced(_plain(), place=1, other=1, label="x")
