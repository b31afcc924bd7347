"""Every text that people enter is a place where a name is looked for, or is known to name nobody."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Annotated, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from services.notifications.privacy.places import PLACES as NOTIFICATIONS
from services.notifications.privacy.places import WHAT as CALLED_IN_NOTIFICATIONS
from services.registry.privacy.places import PLACES as REGISTRY
from services.registry.privacy.places import WHAT as CALLED_IN_THE_REGISTRY
from shared.storage.erasures.named import Places

ALL = {**REGISTRY, **NOTIFICATIONS}

IDS = frozenset(
    [
        "id",
        "agency",
        "fostering_agency",
        "agencies_from",
        "innovation",
        "idea",
        "region",
        "run",
        "by",
        "created_by_body",
        "digest",
        "plan",
    ]
)
CODES = frozenset(
    ["media_type", "pipeline", "stage", "basis", "unit", "main_affair", "code", "column", "sheet", "title"]
)
NUMBERS = frozenset(("number", "decree"))  # of letters and certificates
PUBLIC = frozenset(
    (
        "profile.name",
        "handed_in.profile.name",
        "profile.related_affairs.*",
        "handed_in.profile.related_affairs.*",
        "promises.*.name",
        "continuation.origin.replicated.name",
        "continuation.origin.replicated.region_name",
    )
)
"""What events carry, or what names a region."""
ADDRESSES = frozenset(("evidence.*.links.*", "handed_in.evidence.*.links.*"))
"""Addresses of the web, which a hidden name would break."""


def texts_of(annotation: object, path: tuple[str, ...] = ()) -> Iterator[str]:
    """The paths of all texts of a model, in the form of `Places`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from texts_of(arguments[0], path)
    elif origin in (Union, types.UnionType):
        for each in arguments:
            yield from texts_of(each, path)
    elif origin in (tuple, list):
        for each in set(arguments) - {...}:
            yield from texts_of(each, (*path, "*"))
    elif origin in (dict, Mapping):
        yield from texts_of(arguments[1], (*path, "*"))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, field in annotation.model_fields.items():
            yield from texts_of(field.annotation, (*path, field.serialization_alias or name))
    elif isinstance(annotation, type) and issubclass(annotation, str) and not issubclass(annotation, Enum):
        yield ".".join(path)


@pytest.mark.parametrize("kind", ALL)
def test_no_text_is_forgotten(kind: str) -> None:
    places: Places = ALL[kind]
    named = {*places.names, *places.texts}
    other = set(texts_of(places.model)) - named - PUBLIC - ADDRESSES

    unknown = {path for path in other if path.rpartition(".")[2] not in IDS | CODES | NUMBERS}
    assert unknown == set(), "may it name a person? then it is a place"


@pytest.mark.parametrize("kind", ALL)
def test_every_place_is_a_text_of_the_model(kind: str) -> None:
    assert {*ALL[kind].names, *ALL[kind].texts} <= set(texts_of(ALL[kind].model))


def test_every_kind_has_a_name() -> None:
    assert CALLED_IN_THE_REGISTRY.keys() == REGISTRY.keys()
    assert CALLED_IN_NOTIFICATIONS.keys() == NOTIFICATIONS.keys()
