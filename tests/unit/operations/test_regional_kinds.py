"""Every kind of document of every service either belongs to regions or stays: none is forgotten when a region moves."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from shared.clock import Clock
from shared.contracts.event_types import CONTRACTS
from shared.runtime.engines import Engines
from shared.runtime.installed import installed
from shared.runtime.process import compose
from shared.runtime.service import Service
from shared.settings import load


def service(name: str, folder: Path) -> Service:
    settings = load({}, data_dir=folder)
    return compose(name, Engines(settings), Clock(), settings)[1]


@pytest.mark.parametrize("name", installed())
def test_every_kind_is_regional_or_stays(name: str, tmp_path: Path) -> None:
    it = service(name, tmp_path)
    named = Counter([*(each.name for each in it.regional.kinds), *it.regional.stays])

    assert named == Counter(each.name for each in it.kinds)


@pytest.mark.parametrize("name", installed())
def test_owners_are_regional_and_follow_nobody(name: str, tmp_path: Path) -> None:
    regional = service(name, tmp_path).regional

    for owner in regional.owners:
        kind = regional.kind(owner)
        assert kind is not None
        assert kind.owner is None


@pytest.mark.parametrize("name", installed())
def test_what_events_are_about_moves(name: str, tmp_path: Path) -> None:
    """Else a region would arrive without something that others have heard of."""
    regional = service(name, tmp_path).regional
    subjects = {each.subject for each in CONTRACTS.values() if each.source == name}

    assert {each.name for each in regional.kinds if each.moves} >= subjects
