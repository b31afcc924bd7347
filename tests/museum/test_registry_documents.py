"""Every document that the registry ever stored must be readable for ever. Samples: `<kind>.<schema>.jsonl`."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from pydantic import BaseModel

from services.registry.agencies.agency import Agency
from services.registry.imports.document import TableImport
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.turn import turn_of
from services.registry.kinds import AGENCY, IMPORT, IMPORT_REPORT, INNOVATION, KINDS, REGION
from services.registry.regions.region import Region
from shared.adapters.stored_form import lifted, value_at
from shared.contracts.region import REGION_REGISTERED
from shared.ports.store import State
from shared.tables.reports import ReportPage

FOLDER = Path(__file__).parent / "registry"
SAMPLES = sorted(FOLDER.glob("*.jsonl"))
SUMS = dict(line.split()[::-1] for line in (FOLDER / "SHA256SUMS").read_text().splitlines())
BY_NAME = {kind.name: kind for kind in KINDS}
MODELS: dict[str, type[BaseModel]] = {
    REGION.name: Region,
    AGENCY.name: Agency,
    INNOVATION.name: Innovation,
    IMPORT.name: TableImport,
    IMPORT_REPORT.name: ReportPage,
}
CARRIED_AT_START = {AGENCY.name: {"key", "succession"}}
"""Indexed fields that a later release has added: stored at start, before anything queries them."""
PUBLISHED = (REGION, AGENCY, INNOVATION)
"""The kinds that earlier releases published events of."""


def documents(name: str) -> list[State]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def present(name: str) -> list[State]:
    """The states of a sample as this release loads them."""
    kind = BY_NAME[name.partition(".")[0]]
    return [lifted(kind, each["_id"], each["schema"], each["state"]) for each in documents(name)]


@pytest.mark.parametrize("name", [sample.stem for sample in SAMPLES])
def test_a_former_document_loads_and_nothing_of_it_is_lost(name: str) -> None:
    """Fields that were added since, with their defaults, may join it."""
    model = MODELS[name.partition(".")[0]]
    for state in present(name):
        assert _part_of(state, model.model_validate(state).model_dump(mode="json"))


@pytest.mark.parametrize("name", [sample.stem for sample in SAMPLES])
def test_an_indexed_field_keeps_its_stored_form(name: str) -> None:
    kind = BY_NAME[name.partition(".")[0]]
    for stored, after in zip(documents(name), present(name), strict=True):
        for path in {path for index in kind.indexes for path in index.fields} - CARRIED_AT_START.get(kind.name, set()):
            assert value_at(after, path) == value_at(stored["state"], path)


@pytest.mark.parametrize("name", ["region.1", "region.2"])
def test_the_policy_of_a_former_region_is_revision_1_from_2000_and_deadlines_keep_their_revisions(name: str) -> None:
    for stored, state in zip(documents(name), present(name), strict=True):
        region, former = Region.model_validate(state), stored["state"]["policy"]
        (policy,) = region.policies
        assert (policy.revision, policy.from_year, policy.set_at) == (1, 2000, None)
        assert policy.model_dump(mode="json", include={"obliged_kinds", "minimum", "counts_when"}) == {
            key: former[key] for key in ("obliged_kinds", "minimum", "counts_when")
        }
        kept = [(each.year, each.revision, each.date.isoformat(), each.basis) for each in region.deadlines]
        assert kept == [(each["year"], each["revision"], each["date"], each["basis"]) for each in former["deadlines"]]


def test_the_upcast_of_a_region_says_what_the_lift_of_its_event_says() -> None:
    """A consumer that lifts the former event and one that hears the next event agree."""
    for stored, state in zip(documents("region.2"), present("region.2"), strict=True):
        former = {key: stored["state"][key] for key in ("code", "name", "zone", "catalogue", "policy")}
        heard = REGION_REGISTERED.payload.model_validate(REGION_REGISTERED.lifts[1](former), extra="ignore")
        assert REGION_REGISTERED.payload.model_validate(Region.model_validate(state).public()) == heard


def test_an_agency_that_was_stored_without_a_first_year_owes_as_before() -> None:
    found = {
        Agency.model_validate(state).obliged_from
        for state in present("agency.1") + present("agency.2") + present("agency.3")
    }
    assert found == {None, 2026}


def test_a_former_innovation_has_its_turn() -> None:
    """drafted, submitted, returned, submitted, verified twice; drafted, submitted, moved; drafted."""
    turns = [turn_of(Innovation.model_validate(state).history).number for state in present("innovation.1")]
    assert sorted(turns) == [1, 3, 5]


def test_every_former_schema_has_a_sample() -> None:
    former = {f"{kind.name}.{schema}.jsonl" for kind in PUBLISHED for schema in range(1, max(kind.schema, 2))}
    assert {sample.name for sample in SAMPLES} >= former


def test_no_sample_was_changed_or_removed() -> None:
    assert {sample.name: hashlib.sha256(sample.read_bytes()).hexdigest() for sample in SAMPLES} == SUMS


def _part_of(small: object, large: object) -> bool:
    """Whether everything in `small` is in `large` too; lists as long as each other."""
    if isinstance(small, dict):
        return isinstance(large, dict) and all(key in large and _part_of(small[key], large[key]) for key in small)
    if isinstance(small, list):
        return isinstance(large, list) and len(small) == len(large) and all(map(_part_of, small, large))
    return json.dumps(small) == json.dumps(large)
