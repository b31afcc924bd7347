from __future__ import annotations

from itertools import repeat

import pytest
from pydantic import BaseModel, ConfigDict

from shared.storage.decoded import LONGEST, DecodedTexts
from shared.storage.repository import codec_of
from tests.plugins import decoded_values


class Thing(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    tags: tuple[str, ...] = ()


class Other(Thing):
    """The same text has another value here."""


class Mutable(BaseModel):
    name: str


def text(name: str) -> str:
    return Thing(name=name).model_dump_json()


def test_a_text_is_decoded_once() -> None:
    codec = codec_of(Thing)

    assert codec.of_text(text("once")) is codec.of_text(text("once"))
    assert codec.of_text(text("once")) != codec.of_text(text("twice"))


def test_what_was_written_is_not_decoded() -> None:
    codec, value = codec_of(Thing), Thing(name="written")
    assert codec.to_text is not None

    assert codec.of_text(codec.to_text(value)) is value


def test_models_have_values_of_their_own() -> None:
    assert type(codec_of(Thing).of_text(text("both"))) is Thing
    assert type(codec_of(Other).of_text(text("both"))) is Other


def test_a_value_that_can_change_is_not_shared() -> None:
    codec = codec_of(Mutable)
    first = codec.of_text(text("mine"))
    first.name = "changed"

    assert codec.of_text(text("mine")) == Mutable(name="mine")


def test_a_text_that_is_not_valid_is_refused_each_time() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="name"):
            codec_of(Thing).of_text("{}")


def test_the_one_that_was_not_asked_for_longest_goes_first() -> None:
    kept = DecodedTexts(most=30)
    for name in "abc":
        kept.keep("test", name * 10, name)
    assert kept.get("test", "a" * 10) == "a"

    kept.keep("test", "d" * 10, "d")

    assert [kept.get("test", name * 10) for name in "abcd"] == ["a", None, "c", "d"]


def test_keeping_a_text_twice_takes_room_once() -> None:
    kept = DecodedTexts(most=20)
    for _ in range(3):
        kept.keep("test", "a" * 10, "a")

    kept.keep("test", "b" * 10, "b")

    assert kept.get("test", "a" * 10) == "a"


def test_a_long_text_is_not_kept() -> None:
    kept = DecodedTexts()

    kept.keep("test", "a" * (LONGEST + 1), "a")

    assert kept.get("test", "a" * (LONGEST + 1)) is None


def test_the_check_of_kept_values_sees_another_type_and_a_change_of_a_value_in_use(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """See `tests/plugins/decoded_values.py`."""
    monkeypatch.setattr(decoded_values, "_keeps", repeat(0))
    monkeypatch.setattr(decoded_values, "_uses", repeat(0))
    kept = DecodedTexts()
    with pytest.raises(AssertionError, match="list instead of tuple"):
        kept.keep(Thing, text("odd"), Thing(name="odd").model_copy(update={"tags": []}))

    value = Thing(name="used")
    kept.keep(Thing, text("used"), value)
    vars(value)["name"] = "changed"
    with pytest.raises(AssertionError, match="changed"):
        kept.get(Thing, text("used"))
