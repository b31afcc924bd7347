from __future__ import annotations

import pytest

from services.scoring.known import REGIONS
from shared.contracts.region import RegionRegistered
from shared.ports.store import Store
from shared.storage import recent
from shared.storage.copies import Copies, Copy
from shared.storage.recent import RecentCopies
from tests.support.scoring_examples import KUBU_RAYA, region


class Counted(Copies[RegionRegistered]):
    """One copy, and how often it was read."""

    def __init__(self, store: Store | None = None) -> None:
        del store
        self.stored: Copy[RegionRegistered] | None = None
        self.reads = 0

    async def get(self, id: str) -> Copy[RegionRegistered] | None:
        assert id == KUBU_RAYA
        self.reads += 1
        return self.stored


def copy(sequence: int) -> Copy[RegionRegistered]:
    return REGIONS.copy_of(REGIONS.state_of(region(), sequence))


async def test_a_copy_is_given_again_for_some_time_and_none_is_asked_for_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr(recent, "machine_seconds", lambda: now)
    copies = Counted()
    regions = RecentCopies(copies, 0.25)
    assert (await regions.get(KUBU_RAYA), await regions.get(KUBU_RAYA), copies.reads) == (None, None, 2)

    copies.stored = copy(1)
    assert await regions.get(KUBU_RAYA) == copy(1)
    copies.stored = copy(2)  # by another process
    now += 0.2
    assert (await regions.get(KUBU_RAYA), copies.reads) == (copy(1), 3)
    now += 0.1
    assert (await regions.get(KUBU_RAYA), copies.reads) == (copy(2), 4)


async def test_what_was_kept_is_given_at_once_and_nothing_older_than_it() -> None:
    copies = Counted()
    regions = RecentCopies(copies, 0.0)
    copies.stored = copy(1)
    assert await regions.get(KUBU_RAYA) == copy(1)
    regions.kept(KUBU_RAYA, copy(2))
    assert await regions.get(KUBU_RAYA) == copy(2), "of a read that began before"
