"""Every kind of document of every service has a sample of each form in which it was stored, and reads it for ever."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import pytest

from shared.adapters.stored_form import lifted, value_at
from shared.clock import Clock
from shared.ports.store import Kind, State
from shared.runtime.engines import Engines
from shared.runtime.installed import installed
from shared.runtime.process import compose
from shared.settings import load
from tests.museum.readers import MODELS, PLAIN, read

MUSEUM = Path(__file__).parent
OTHERS = ("notifications",)
"""Its documents are read in `test_notifications_documents.py`."""

READ = [
    pytest.param(service, sample, id=f"{service}/{sample.stem}")
    for service in MODELS
    for sample in sorted((MUSEUM / service).glob("*.jsonl"))
]
CARRIED_AT_START = {"registry/agency": {"key", "succession"}}
"""Indexed fields that a later release has added: stored at start, before anything queries them."""


@cache
def kinds_of(service: str) -> dict[str, Kind]:
    settings = load({})
    return {kind.name: kind for kind in compose(service, Engines(settings), Clock(), settings)[1].kinds}


def documents(sample: Path) -> list[State]:
    return [json.loads(line) for line in sample.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("service", installed())
def test_every_kind_has_a_sample_of_each_form_that_was_stored(service: str) -> None:
    """Of a kind that never changed its form, that is schema 1."""
    forms = {f"{each.name}.{schema}" for each in kinds_of(service).values() for schema in range(1, max(each.schema, 2))}

    there = {sample.stem for sample in (MUSEUM / service).glob("*.jsonl") if sample.stat().st_size}

    assert not forms - there, f"put documents as a store has them into tests/museum/{service}/, and into SHA256SUMS"


@pytest.mark.parametrize("service", installed())
def test_every_kind_has_a_reader(service: str) -> None:
    if service not in OTHERS:
        assert {*MODELS[service], *PLAIN[service]} >= kinds_of(service).keys()


@pytest.mark.parametrize(("service", "sample"), READ)
def test_a_document_is_read_and_nothing_of_it_is_lost(service: str, sample: Path) -> None:
    kind = kinds_of(service)[sample.stem.partition(".")[0]]
    for stored in documents(sample):
        assert stored["schema"] == int(sample.stem.rpartition(".")[2])

        read(service, kind.name, stored["_id"], lifted(kind, stored["_id"], stored["schema"], stored["state"]))


@pytest.mark.parametrize(("service", "sample"), READ)
def test_an_indexed_field_keeps_its_stored_form(service: str, sample: Path) -> None:
    kind = kinds_of(service)[sample.stem.partition(".")[0]]
    carried = CARRIED_AT_START.get(f"{service}/{kind.name}", set())
    for stored in documents(sample):
        after = lifted(kind, stored["_id"], stored["schema"], stored["state"])
        for path in {path for index in kind.indexes for path in index.fields} - carried:
            assert value_at(after, path) == value_at(stored["state"], path)


@pytest.mark.parametrize("service", installed())
def test_no_sample_was_changed_or_removed(service: str) -> None:
    folder = MUSEUM / service
    sums = dict(line.split()[::-1] for line in (folder / "SHA256SUMS").read_text().splitlines())

    assert {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.glob("*.jsonl")} == sums
