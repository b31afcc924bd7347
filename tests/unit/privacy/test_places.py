"""Every text that people enter is a place where a name is looked for, or is known to name nobody."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from services.notifications.kinds import KINDS as NOTIFICATIONS_KINDS
from services.notifications.privacy.places import PLACES as NOTIFICATIONS
from services.notifications.privacy.places import WHAT as CALLED_IN_NOTIFICATIONS
from services.registry.kinds import KINDS as REGISTRY_KINDS
from services.registry.privacy.places import PLACES as REGISTRY
from services.registry.privacy.places import WHAT as CALLED_IN_THE_REGISTRY
from shared.storage.erasures.named import Places
from tests.support.audit.model_paths import paths

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
        "profile.programme",
        "handed_in.profile.programme",
        "profile.related_affairs.*",
        "handed_in.profile.related_affairs.*",
        "promises.*.name",
        "continuation.origin.replicated.name",
        "continuation.origin.replicated.region_name",
    )
)
"""What events carry, or what names a region or a programme."""
ADDRESSES = frozenset(("evidence.*.links.*", "handed_in.evidence.*.links.*"))
"""Addresses of the web, which a hidden name would break."""


def texts_of(model: type[BaseModel]) -> set[str]:
    return {path for path, kind in paths(model) if kind is str}


@pytest.mark.parametrize("kind", ALL)
def test_no_text_is_forgotten(kind: str) -> None:
    places: Places = ALL[kind]
    named = {*places.names, *places.texts}
    other = texts_of(places.model) - named - PUBLIC - ADDRESSES

    unknown = {path for path in other if path.rpartition(".")[2] not in IDS | CODES | NUMBERS}
    assert unknown == set(), "may it name a person? then it is a place"


@pytest.mark.parametrize("kind", ALL)
def test_every_place_is_a_text_of_the_model(kind: str) -> None:
    assert {*ALL[kind].names, *ALL[kind].texts} <= texts_of(ALL[kind].model)


def test_the_audit_log_shows_none_of_them() -> None:
    """What is erased must not stay there: an entry is never changed."""
    rules = {kind.name: kind.audit for kind in (*REGISTRY_KINDS, *NOTIFICATIONS_KINDS) if kind.audit is not None}
    shown = [
        (kind, place)
        for kind in ALL.keys() & rules.keys()
        for place in (*ALL[kind].names, *ALL[kind].texts)
        if place.partition(".")[0] not in rules[kind].left_out
        and any(place == each or place.startswith(f"{each}.") for each in rules[kind].shown)
    ]

    assert rules.keys() >= REGISTRY.keys() - {"import_report"}
    assert shown == []


def test_every_kind_has_a_name() -> None:
    assert CALLED_IN_THE_REGISTRY.keys() == REGISTRY.keys()
    assert CALLED_IN_NOTIFICATIONS.keys() == NOTIFICATIONS.keys()
