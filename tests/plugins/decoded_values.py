"""Checks values that are kept by their text, in all tests.

A value is what its text decodes to when it is kept, in types too, and still is when it is used. One keep in 4 and one
use in 16 are checked: to check all of them takes as long as the tests.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping
from itertools import count
from typing import Any

from pydantic import BaseModel

from shared.storage.copies import Copy, CopyKind
from shared.storage.decoded import DecodedTexts

_keep, _get = DecodedTexts.keep, DecodedTexts.get
_keeps, _uses = count(), count()


def differs(one: Any, other: Any, path: str = "value") -> str | None:  # noqa: ANN401 - any two values
    """Where two values are not of the same types and equal."""
    if type(one) is not type(other):
        return f"{path}: {type(one).__name__} instead of {type(other).__name__}"
    pairs: list[tuple[str, Any, Any]] = []
    if isinstance(one, BaseModel):
        pairs = [(name, getattr(one, name), getattr(other, name)) for name in type(one).model_fields]
    elif isinstance(one, Mapping):
        if list(one) != list(other):
            return f"{path}: {list(one)} instead of {list(other)}"
        pairs = [(str(key), one[key], other[key]) for key in one]
    elif isinstance(one, list | tuple) and len(one) == len(other):
        pairs = [(str(place), *each) for place, each in enumerate(zip(one, other, strict=True))]
    elif one != other:
        return f"{path}: {one!r} instead of {other!r}"
    return next((found for name, *each in pairs if (found := differs(*each, f"{path}.{name}"))), None)


def keep(self: DecodedTexts, decoder: Hashable, text: str, value: Any) -> None:  # noqa: ANN401 - any value
    if next(_keeps) % 4 == 0:
        _check(decoder, text, value)
    _keep(self, decoder, text, value)


def get(self: DecodedTexts, decoder: Hashable, text: str) -> Any:  # noqa: ANN401 - any value
    value = _get(self, decoder, text)
    if value is not None and next(_uses) % 16 == 0:
        _check(decoder, text, value)
    return value


def _check(decoder: Hashable, text: str, value: Any) -> None:  # noqa: ANN401 - any value
    where: str | None = None
    if isinstance(decoder, type) and issubclass(decoder, BaseModel):
        where = differs(value, decoder.model_validate_json(text))
    elif isinstance(decoder, CopyKind):
        copy: Copy[BaseModel] = decoder.copy_of(json.loads(text))
        where = differs((value.value, value.sequence), (copy.value, copy.sequence))
    assert where is None, f"{decoder}, {where}"


DecodedTexts.keep = keep  # type: ignore[method-assign]
DecodedTexts.get = get  # type: ignore[method-assign]
