"""Every document that the registry ever stored must be readable for ever. Samples: `<kind>.<schema>.jsonl`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from services.registry.agencies.agency import Agency
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.turn import turn_of
from services.registry.kinds import KINDS
from services.registry.regions.region import Region
from shared.adapters.stored_form import lifted
from shared.contracts.region import REGION_REGISTERED
from shared.ports.store import State

FOLDER = Path(__file__).parent / "registry"
BY_NAME = {kind.name: kind for kind in KINDS}


def documents(name: str) -> list[State]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def present(name: str) -> list[State]:
    """The states of a sample as this release loads them."""
    kind = BY_NAME[name.partition(".")[0]]
    return [lifted(kind, each["_id"], each["schema"], each["state"]) for each in documents(name)]


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
