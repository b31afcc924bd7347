"""The dotted paths of a model's stored state, with the types at them."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def paths(model: type[BaseModel], place: str = "") -> Iterator[tuple[str, Any]]:
    """Path → type, for each field; `*` for an item of a list or of an object with any keys. What is within a model
    comes as its fields."""
    for name, field in model.model_fields.items():
        alias = field.serialization_alias if model.model_config.get("serialize_by_alias") else None
        yield from _of(field.annotation, f"{place}{alias or name}")


def _of(kind: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - any annotation
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield from paths(kind, f"{path}.")
    elif origin is Annotated:
        yield from _of(arguments[0], path)
    elif origin in {Union, types.UnionType}:
        for each in arguments:
            if each is not type(None):
                yield from _of(each, path)
    elif origin in {tuple, list, frozenset, Sequence}:
        yield from _of(arguments[0], f"{path}.*")
    elif origin in {dict, Mapping}:
        yield from _of(arguments[1], f"{path}.*")
    else:
        yield path, kind
