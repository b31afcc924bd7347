"""What the successor of a retired agency takes over, on both engines."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from services.registry.agencies.agency import Agency, Succession
from services.registry.continuation.public_ideas.idea import Idea, NewIdea, close, hand_over, receive
from services.registry.innovation.innovation import Innovation, Placement
from services.registry.innovation.succession import SuccessionWatch
from services.registry.kinds import AGENCY, IDEA, INNOVATION, KINDS, REGION
from services.registry.regions.region import Region
from shared.clock import Clock
from shared.contracts.contract import Origin
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.store import Store
from shared.storage.repository import Repository
from tests.support.registry_states import a_draft, a_region, an_agency, returned, submitted, verified
from tests.support.store_engines import Engine

RETIRED = date(2026, 7, 1)


class Office:
    """A region on 1 July 2026 with a retired agency `a1`, its successor `a2`, and its parts."""

    def __init__(self, store: Store, moment: str) -> None:
        self.store = store
        self.regions = Repository(store, REGION, Region, "")
        self.agencies = Repository(store, AGENCY, Agency, "")
        self.innovations = Repository(store, INNOVATION, Innovation, "")
        self.ideas = Repository(store, IDEA, Idea, "")
        self.clock = Clock(datetime.fromisoformat(moment))

    async def agency(self, id: str, **more: object) -> None:
        await self.agencies.create(id, an_agency(id, name=f"Dinas {id}", **more))

    async def innovation(self, id: str, made: Innovation, year: int = 2026, *, agency: str = "a1") -> None:
        place = Placement(agency=agency, year=year)
        update = {"id": id, "agency": agency, "year": year, "assignments": (place,)}
        await self.innovations.create(id, made.model_copy(update=update))

    async def look(self, *, settled: float = 0.0) -> None:
        watch = SuccessionWatch(self.agencies, self.regions, self.innovations, self.ideas, self.clock, settled=settled)
        await watch.run()
        await watch.run()

    async def where(self) -> dict[str, str]:
        page = await self.innovations.list({"region": "61.12"}, limit=50, after=None)
        return {each.id: each.value.agency for each in page.items}


@pytest.fixture
async def office(either: Engine) -> Office:
    office = Office(await either.open(*KINDS), "2026-07-01T00:00:01+07:00")
    await office.regions.create("61.12", a_region(y2025="2025-12-31", y2026="2026-12-31"))
    return office


def going(successor: str = "a2", **more: object) -> dict[str, object]:
    return {"retired_on": RETIRED, "successor": successor, "succession": Succession.WAITING, **more}


async def test_undecided_innovations_and_duties_that_are_not_over_go_to_the_successor(office: Office) -> None:
    await office.agency("a1", **going(obliged_from=2024))
    await office.agency("a2", obliged_from=2027)
    await office.agency("a3", parent="a1")
    gone = submitted().model_copy(update={"status": InnovationStatus.WITHDRAWN})
    for year in (2025, 2026):
        for name, made in (("draft", a_draft()), ("back", returned()), ("in", submitted()), ("done", verified())):
            await office.innovation(f"{name}-{year}", made, year)
    await office.innovation("gone", gone)
    await office.innovation("imported-2025", returned().model_copy(update={"imported": True}), 2025)
    await office.innovation("imported-2026", verified().model_copy(update={"imported": True}), 2026)

    await office.look()

    assert await office.where() == {
        "draft-2025": "a2", "back-2025": "a2", "in-2025": "a1", "done-2025": "a1",
        "draft-2026": "a2", "back-2026": "a2", "in-2026": "a2", "done-2026": "a2", "gone": "a1",
        "imported-2025": "a1", "imported-2026": "a2",
    }  # fmt: skip
    assert (await office.agencies.get("a2")).value.obliged_from == 2026
    assert (await office.agencies.get("a3")).value.parent == "a2"
    assert (await office.agencies.get("a1")).value.succession is Succession.DONE
    moved = (await office.innovations.get("done-2026")).value
    assert (moved.status, [each.agency for each in moved.assignments]) == (InnovationStatus.VERIFIED, ["a1", "a2"])
    assert moved.history[-1].reason == "Diteruskan oleh Dinas a2 setelah Dinas a1 ditutup."


async def test_nothing_is_handed_over_before_the_day_and_without_a_successor_that_exists(office: Office) -> None:
    await office.agency("a1", **going())
    await office.agency("a2", retired_on=RETIRED)
    await office.innovation("draft", a_draft())
    await office.look()
    assert await office.where() == {"draft": "a1"}

    office.clock.move_to(datetime.fromisoformat("2026-06-30T23:59:00+07:00"))
    await office.agencies.amend("a2", None, lambda it: (it.model_copy(update={"retired_on": None}), None))
    await office.look()
    assert await office.where() == {"draft": "a1"}
    assert (await office.agencies.get("a1")).value.succession is Succession.WAITING


async def test_a_successor_that_is_retired_too_passes_it_on_and_a_circle_ends(office: Office) -> None:
    await office.agency("a1", **going("a2"))
    await office.agency("a2", **going("a3"))
    await office.agency("a3")
    await office.innovation("draft", a_draft())
    await office.look()
    assert await office.where() == {"draft": "a3"}

    await office.agencies.amend("a3", None, lambda it: (it.model_copy(update=going("a2")), None))
    await office.look()
    assert await office.where() == {"draft": "a3"}


async def test_it_is_done_only_when_no_request_can_be_under_way_any_more(office: Office) -> None:
    await office.agency("a1", **going())
    await office.agency("a2")
    await office.look(settled=60.0)
    assert (await office.agencies.get("a1")).value.succession is Succession.WAITING

    await office.innovation("late", a_draft())
    await office.look()
    assert await office.where() == {"late": "a2"}
    assert (await office.agencies.get("a1")).value.succession is Succession.DONE


async def test_a_successor_that_was_a_part_takes_the_place_and_one_that_owes_already_stays(office: Office) -> None:
    await office.agency("a1", parent="a9", **going())
    await office.agency("a2", parent="a1", obliged_from=2020)
    await office.look()
    heir = (await office.agencies.get("a2")).value
    assert (heir.parent, heir.obliged_from) == ("a9", 2020)


async def test_ideas_of_which_nothing_has_come_go_to_the_successor(office: Office) -> None:
    await office.agency("a1", **going())
    await office.agency("a2")
    now = Origin(office.clock.now())
    for id, agency in (("open", "a1"), ("closed", "a1"), ("other", "a9")):
        new = NewIdea(title="Antar obat", text="Obat diantar ke rumah.")
        received, _ = receive(id, "61.12", new, fingerprint="f", origin=now)
        handed = hand_over(received, agency, "curator", now)
        assert handed is not None
        closed, _ = close(handed[0], "Sudah ada.", "curator", now)
        await office.ideas.create(id, closed if id == "closed" else handed[0])

    await office.look()

    found = {id: (await office.ideas.get(id)).value.agency for id in ("open", "closed", "other")}
    assert found == {"open": "a2", "closed": "a1", "other": "a9"}
    assert (await office.agencies.get("a1")).value.succession is Succession.DONE


@pytest.mark.parametrize(("retired_on", "begins", "owes"), [("2024-03-01", 2027, 2026), ("2024-03-01", 2025, 2025)])
async def test_a_successor_is_not_late_at_once_for_a_year_that_is_over(
    office: Office, retired_on: str, begins: int, owes: int
) -> None:
    await office.agency("a1", **going(retired_on=date.fromisoformat(retired_on), obliged_from=2020))
    await office.agency("a2", obliged_from=begins)
    await office.look()
    assert (await office.agencies.get("a2")).value.obliged_from == owes
