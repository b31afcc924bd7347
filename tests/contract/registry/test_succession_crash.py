"""A hand-over that is cut off at any write, before or after it, ends as one that was not, on both engines."""

from __future__ import annotations

from typing import Any

import pytest

from services.registry.kinds import KINDS
from shared.faults import StoreAway
from shared.ports.store import Document, Store
from tests.contract.registry.test_succession import Office, going
from tests.support.registry_states import a_draft, a_region, returned, submitted
from tests.support.store_engines import Engine

Ending = dict[str, Any]


class Cut:
    """Loses the n-th write from `arm` on: it is not made (`before`), or its answer does not come."""

    def __init__(self, store: Store) -> None:
        self._change = store.change
        self.left: int | None = None
        self.before = True
        store.change = self._changed  # type: ignore[method-assign,assignment]

    async def _changed(self, *given: Any, **named: Any) -> Document:  # noqa: ANN401 - as the store's
        if self.left is None:
            return await self._change(*given, **named)
        self.left -= 1
        if self.left == 0 and self.before:
            raise StoreAway
        done = await self._change(*given, **named)
        if self.left == 0:
            raise StoreAway
        return done


async def ending(office: Office, cut: Cut, number: int | None) -> tuple[Ending, bool]:
    """The end of a hand-over of an office of its own, and whether the n-th write came."""
    name, heir, part = (f"{each}-{number}-{int(cut.before)}" for each in ("a1", "a2", "a3"))
    await office.agency(name, **going(heir, obliged_from=2024))
    await office.agency(heir, obliged_from=2027)
    await office.agency(part, parent=name)
    for kind, made in (("draft", a_draft()), ("back", returned()), ("in", submitted())):
        await office.innovation(f"{kind}-{name}", made, agency=name)
    cut.left = number
    happened = False
    try:
        await office.look()
    except StoreAway:
        happened = True
    cut.left = None
    await office.look()

    def plain(value: object) -> object:
        return str(value).replace(f"-{number}-{int(cut.before)}", "")

    agencies = [(await office.agencies.get(each)).value for each in (name, heir, part)]
    page = await office.innovations.list({"agency": heir}, limit=50, after=None)
    return {
        "agencies": [plain((each.obliged_from, each.parent, each.succession)) for each in agencies],
        "innovations": sorted(
            str(plain((each.id, len(each.value.assignments), len(each.value.history)))) for each in page.items
        ),
    }, happened


@pytest.fixture
async def office(either: Engine) -> Office:
    office = Office(await either.open(*KINDS), "2026-07-01T00:00:01+07:00")
    await office.regions.create("61.12", a_region(y2026="2026-12-31"))
    return office


@pytest.mark.parametrize("before", [True, False], ids=["not written", "answer lost"])
async def test_a_hand_over_that_was_cut_off_ends_as_any_other(office: Office, *, before: bool) -> None:
    cut = Cut(office.store)
    cut.before = before
    whole, _ = await ending(office, cut, None)
    assert len(whole["innovations"]) == 3

    number, happened = 0, True
    while happened:
        number += 1
        found, happened = await ending(office, cut, number)
        assert found == whole, number
    assert number >= 6  # three innovations, the part, the duty, that it is done
