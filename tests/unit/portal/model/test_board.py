from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import NoReturn

from services.portal.model.keeping.counting import Counting
from services.portal.model.keeping.proving import Proving
from services.portal.model.views.duty import BoardOrder
from services.portal.model.views.summary import IndicatorMaturity
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus
from tests.support.portal_model.events import REGION, YEAR, agency, card, duty, index, innovation, region
from tests.support.portal_model.told import Told

SUBMITTED, VERIFIED = InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED


async def test_the_board_has_a_row_for_each_agency_with_its_duties_of_all_years(told: Told) -> None:
    await told.tell(
        region(1),
        agency("dinkes", "Dinas Kesehatan", 1),
        agency("dinsos", "Dinas Sosial", 1),
        agency("batu", "Kecamatan Batu Ampar", 1, kind=AgencyKind.KECAMATAN),
        duty("dinkes", ObligationStatus.FULFILLED, 1, on_time=True),
        duty("dinsos", ObligationStatus.OVERDUE, 1),
        duty("dinsos", ObligationStatus.FULFILLED, 1, year=YEAR - 1, on_time=False),
        duty("batu", ObligationStatus.OPEN, 1, waiting="verification"),
        innovation("a", SUBMITTED, 1, agency="batu"),
    )

    model = await told.counted()
    late = await model.board(REGION, [YEAR, YEAR - 1])
    named = await model.board(REGION, [YEAR], order=BoardOrder.NAME)

    assert [each.agency for each in late.items] == ["dinsos", "batu", "dinkes"]
    assert [each.agency_name for each in named.items] == ["Dinas Kesehatan", "Dinas Sosial", "Kecamatan Batu Ampar"]
    assert late.items[0].cells[YEAR - 1].late
    assert late.items[1].innovations == {SUBMITTED: 1}
    assert [each.agency for each in (await model.late(REGION, YEAR)).items] == ["dinsos"]
    assert await model.duty_years(REGION) == (YEAR, YEAR - 1)


async def test_the_summary_adds_up_the_board(told: Told) -> None:
    await told.tell(
        agency("dinkes", "Dinas Kesehatan", 1),
        agency("batu", "Kecamatan Batu Ampar", 1, kind=AgencyKind.KECAMATAN),
        duty("dinkes", ObligationStatus.FULFILLED, 1, on_time=False),
        duty("batu", ObligationStatus.OPEN, 1, waiting="verification"),
        innovation("a", VERIFIED, 1),
        innovation("b", SUBMITTED, 1, agency="batu"),
        innovation("c", InnovationStatus.DRAFT, 1, agency="batu"),
        card("a", 40, 30.5, 1, status=VERIFIED),
        card("b", 10, 5, 1, agency="batu"),
        index(41.5, 1),
    )

    found = await (await told.counted()).summary(REGION, YEAR)

    assert (found.agencies, found.duties.fulfilled, found.duties.late, found.duties.waiting) == (2, 1, 1, 1)
    assert found.kinds[AgencyKind.KECAMATAN].open == 1
    assert found.innovations == {VERIFIED: 1, SUBMITTED: 1, InnovationStatus.DRAFT: 1}
    assert found.maturity == (IndicatorMaturity("2026.1", "16", Decimal(50), Decimal("30.5")),)
    assert [(each.claimed, each.verified) for each in found.scored] == [(2, 1)]
    assert found.index is not None
    assert found.index.verified.index == Decimal("41.5")
    assert (await told.model.queue_state(REGION)).length == 1
    assert (await told.model.totals(None)).verified == 1


async def test_an_innovation_that_moves_is_counted_where_it_is(told: Told) -> None:
    await told.tell(innovation("a", SUBMITTED, 1))
    await told.counted()
    await told.tell(innovation("a", SUBMITTED, 2, agency="dinsos", year=YEAR - 1, former=(("dinkes", YEAR),)))

    model = await told.counted()

    assert [each.agency for each in (await model.board(REGION, [YEAR - 1])).items] == ["dinsos"]
    assert not (await model.board(REGION, [YEAR])).items
    assert (await model.summary(REGION, YEAR)).innovations == {}


async def test_a_new_name_of_an_agency_is_on_the_board(told: Told) -> None:
    await told.tell(duty("dinkes", ObligationStatus.OPEN, 1), agency("dinkes", "Dinas Kesehatan", 1))
    await told.counted()
    await told.tell(agency("dinkes", "Dinas Sehat", 2))

    row = await (await told.counted()).board_row("dinkes", YEAR)

    assert row is not None
    assert row.agency_name == "Dinas Sehat"


async def test_what_is_marked_while_it_is_counted_is_counted_again(told: Told) -> None:
    await told.tell(innovation("a", SUBMITTED, 1))
    row = (await told.store.get("board", f"dinkes/{YEAR}")) or _missing()
    await told.tell(innovation("b", SUBMITTED, 1))

    await told.counting._region(REGION, YEAR, [row])

    after = await told.store.get("board", row.id) or _missing()
    assert after.state["due"] == 1
    found = await (await told.counted()).summary(REGION, YEAR)
    assert found.innovations == {SUBMITTED: 2}


async def test_a_count_that_was_wrong_is_found_and_made_good(told: Told) -> None:
    await told.tell(innovation("a", SUBMITTED, 1))
    await told.counted()
    row = await told.store.get("board", f"dinkes/{YEAR}") or _missing()
    wrong = {**row.state, "tally": {**row.state["tally"], "innovations": {"submitted": 9}}}
    await told.store.change("board", row.id, lambda _: (wrong, None))
    proving = Proving(told.store, told.counting)

    await proving.run()

    found = await (await told.counted()).summary(REGION, YEAR)
    assert found.innovations == {SUBMITTED: 1}


async def test_the_rest_after_a_count_ends_with_the_process(told: Told) -> None:
    await told.tell(agency("dinkes", "Dinas Kesehatan", 1))
    counting = Counting(told.store, rest=1e9)
    await counting.run()
    resting = asyncio.create_task(counting.run())
    await asyncio.sleep(0)

    counting.stopping()

    async with asyncio.timeout(5):
        await resting


def _missing() -> NoReturn:
    raise AssertionError
