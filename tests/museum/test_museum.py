"""Every event that was ever published must be readable for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from shared.contracts.event import Event
from shared.contracts.event_types import CONTRACTS, decode_event
from tests.museum.readers import is_part_of

MUSEUM = Path(__file__).parent
SAMPLES = sorted(MUSEUM.glob("*.json"))
SEALS = dict(line.split()[::-1] for line in (MUSEUM / "SHA256SUMS").read_text().splitlines())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_still_opens_as_the_present_payload(sample: Path) -> None:
    event, payload = decode_event(sample.read_bytes())

    assert sample.name == f"{event.type}.{event.version}.json"
    assert type(payload) is CONTRACTS[event.type].payload


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_nothing_that_a_sample_of_the_present_version_says_is_lost_by_reading(sample: Path) -> None:
    event, payload = decode_event(sample.read_bytes())
    if event.version != CONTRACTS[event.type].version:
        return  # an upcast may rename and drop; that it opens is tested above

    kept = payload.model_dump(mode="json")

    said = Event.decode(sample.read_bytes()).data
    assert is_part_of(said, kept), "a field was renamed or taken away: that is a new version with an upcast"


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_reads_and_writes_to_the_same_bytes(sample: Path) -> None:
    assert Event.decode(sample.read_bytes()).encode() == sample.read_bytes()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_what_it_was_when_it_was_put_here(sample: Path) -> None:
    assert hashlib.sha256(sample.read_bytes()).hexdigest() == SEALS[sample.name]


def test_no_sample_was_taken_away() -> None:
    assert {each.name for each in SAMPLES} == SEALS.keys()


@pytest.mark.parametrize("type", CONTRACTS)
def test_every_version_of_every_event_has_a_sample_and_a_way_up(type: str) -> None:
    contract = CONTRACTS[type]
    versions = set(range(1, contract.version + 1))

    assert {f"{type}.{version}.json" for version in versions} == {
        each.name for each in SAMPLES if each.name.startswith(f"{type}.")
    }, "a new version needs a new sample: tests/museum/<type>.<version>.json and its line in SHA256SUMS"
    assert set(contract.lifts) == versions - {contract.version}
