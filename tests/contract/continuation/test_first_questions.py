"""The first start after an upgrade: many verified innovations without a first question, each of which owes an event."""

from __future__ import annotations

import pytest

from services.registry.agencies.agency import Agency
from services.registry.continuation import watch
from services.registry.continuation.composition import ContinuationParts
from services.registry.continuation.watch import FollowUpWatch
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import AGENCY, INNOVATION
from services.registry.kinds import REGION as REGION_KIND
from services.registry.regions.region import Region
from shared.contracts.innovation import InnovationState
from shared.storage.models import replaced
from shared.storage.repository import Repository
from tests.contract.continuation.conftest import Office


def watch_of(office: Office) -> FollowUpWatch:
    """As a process that starts now has it."""
    store, registry = office.registry.store, office.registry
    access = InnovationAccess(
        Repository(store, REGION_KIND, Region, ""),
        Repository(store, AGENCY, Agency, ""),
        Repository(store, INNOVATION, Innovation, ""),
        registry.files,
        registry.clock,
    )
    return ContinuationParts(store, access).watch


async def many(office: Office, count: int) -> None:
    """So many more verified innovations, as a release before this one left them."""
    innovations = Repository(office.registry.store, INNOVATION, Innovation, "")
    one = (await innovations.get(office.place.rpartition("/")[2])).value
    for number in range(count):
        await innovations.create(f"former-{number}", replaced(one, id=f"former-{number}"))


async def test_a_run_plans_so_many_first_questions_and_the_next_ones_the_others(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MOST_PLANNED", 4)
    await many(office, 9)  # ten with the office's own
    loop = watch_of(office)

    planned: list[int] = []
    for _ in range(4):
        await loop.run()
        planned.append(len(await office.registry.owed_events()))

    assert planned == [4, 4, 2, 0]


async def test_what_lapses_does_not_wait_for_first_questions(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await many(office, 3)
    await office.change(office.curator, "PUT", "/follow-up", {"asked_on": "2026-12-01"})
    await office.registry.owed_events()
    monkeypatch.setattr(watch, "MOST_PLANNED", 1)
    office.at("2027-01-01T09:00:00+07:00")

    await watch_of(office).run()
    told = [payload for _, payload in await office.registry.owed_events()]

    states = [each.continuation for each in told if isinstance(each, InnovationState) and each.continuation]
    assert sorted(each.lapsed for each in states) == [0, 1]
    assert [str(each.lapsed_on) for each in states if each.lapsed] == ["2027-01-01"]
