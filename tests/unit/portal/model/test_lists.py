from __future__ import annotations

from decimal import Decimal

from services.portal.model.views.innovation import InnovationQuery, SearchQuery
from services.portal.model.views.ranking import RankingQuery
from shared.contracts.vocabulary import InnovationStatus
from tests.support.portal_model.events import DAY, REGION, YEAR, agency, card, innovation, message, region
from tests.support.portal_model.told import Told

SUBMITTED, VERIFIED = InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED


async def test_an_innovation_has_its_scorecard_and_its_agency_s_name(told: Told) -> None:
    await told.tell(
        region(1),
        agency("dinkes", "Dinas Kesehatan", 1),
        innovation("a", SUBMITTED, 7, name="Gestur"),
        card("a", 40, 12.5, 9, of=7),
    )

    found = await told.model.innovation("a")

    assert found is not None
    assert (found.name, found.agency_name, found.sequence, found.waiting_since) == ("Gestur", "Dinas Kesehatan", 7, DAY)
    assert (found.claimed, found.verified, found.most) == (Decimal(40), Decimal("12.5"), Decimal(111))
    assert found.card is not None
    assert found.card.up_to_date
    assert await told.model.sequence("innovation/a") == 7
    assert await told.model.sequence("scorecard/a") == 9
    assert await told.model.sequence("innovation/b") is None


async def test_the_queue_has_the_longest_waiting_first(told: Told) -> None:
    await told.tell_together(innovation(f"i{days}", SUBMITTED, 1, days=days) for days in (3, 1, 2))
    await told.tell(innovation("i4", VERIFIED, 1, days=0), innovation("i5", InnovationStatus.DRAFT, 1))

    first = await told.model.queue(REGION, limit=2)
    second = await told.model.queue(REGION, first.after, limit=2)

    assert [each.id for each in (*first.items, *second.items)] == ["i1", "i2", "i3"]
    assert second.after is None


async def test_only_verified_innovations_are_in_the_catalogue(told: Told) -> None:
    await told.tell(
        agency("dinkes", "Dinas Kesehatan", 1),
        innovation("a", SUBMITTED, 1, name="Satu"),
        innovation("b", VERIFIED, 1, name="Dua"),
        innovation("c", VERIFIED, 1, name="Tiga"),
        innovation("c", InnovationStatus.WITHDRAWN, 2, name="Tiga"),
    )

    assert [each.id for each in (await told.model.search(SearchQuery())).items] == ["b"]
    assert [each.id for each in (await told.model.search(SearchQuery(text="dua"))).items] == ["b"]
    assert not (await told.model.search(SearchQuery(text="tiga"))).items


async def test_words_are_found_by_how_they_begin_in_any_order_and_each_innovation_once(told: Told) -> None:
    await told.tell(
        agency("dinkes", "Dinas Kesehatan", 1),
        innovation("a", VERIFIED, 1, name="Sistem Siaga Banjir"),
        innovation("b", VERIFIED, 1, name="Siaga Ibu Hamil"),
        innovation("c", VERIFIED, 1, name="Bank Sampah"),
    )

    async def found(text: str) -> list[str]:
        return [each.id for each in (await told.model.search(SearchQuery(text=text))).items]

    assert sorted(await found("si")) == ["a", "b"]
    assert await found("banj SIST") == ["a"]
    assert await found("siaga sampah") == []
    assert sorted(await found("kesehatan ba")) == ["a", "c"]
    assert await found("!!") == []


async def test_a_new_name_of_innovation_or_agency_is_found_and_the_old_one_is_not(told: Told) -> None:
    await told.tell(agency("dinkes", "Dinas Kesehatan", 1), innovation("a", VERIFIED, 1, name="Gestur"))
    await told.tell(agency("dinkes", "Dinas Sehat", 2), innovation("a", VERIFIED, 2, name="Gerak"))

    for text, ids in (("gestur", []), ("gerak", ["a"]), ("kesehatan", []), ("sehat", ["a"])):
        assert [each.id for each in (await told.model.search(SearchQuery(text=text))).items] == ids, text


async def test_search_pages_have_each_hit_once(told: Told) -> None:
    await told.tell_together(innovation(f"i{n:02}", VERIFIED, 1, name=f"Layanan nomor{n}") for n in range(25))

    ids: list[str] = []
    after = None
    while True:
        page = await told.model.search(SearchQuery(text="no layanan"), after, limit=10)
        ids += [each.id for each in page.items]
        after = page.after
        if after is None:
            break

    assert sorted(ids) == [f"i{n:02}" for n in range(25)]


async def test_the_ranking_shares_ranks_across_pages(told: Told) -> None:
    points = {"a": (50, 50), "b": (60, 40), "c": (60, 40), "d": (60, 40), "e": (70, 39)}
    for id, (claimed, verified) in points.items():
        await told.tell(innovation(id, VERIFIED, 1, days=3), card(id, claimed, verified, 2, status=VERIFIED))

    first = await told.model.ranking(RankingQuery(YEAR, REGION), limit=3)
    second = await told.model.ranking(RankingQuery(YEAR), first.after, limit=3)

    places = [(each.rank, each.shared, each.innovation.id) for each in (*first.items, *second.items)]
    assert [place[:2] for place in places] == [(1, False), (2, False), (2, True), (2, True), (5, False)]
    assert [place[2] for place in places][0::4] == ["a", "e"]


async def test_an_agency_s_innovations_and_messages_are_listed_newest_first(told: Told) -> None:
    await told.tell(
        innovation("a", SUBMITTED, 1, days=1),
        innovation("b", SUBMITTED, 1, days=2),
        message("p", 1, ("dinkes", "dinsos"), 1),
        message("p", 2, ("dinkes",), 1, sent=False),
    )

    listed = await told.model.innovations(InnovationQuery(agency="dinkes"))
    messages = await told.model.messages("dinkes")

    assert [each.id for each in listed.items] == ["b", "a"]
    assert [(each.number, each.sent, len(each.reasons)) for each in messages.items] == [(2, False, 1), (1, True, 1)]
    assert len((await told.model.messages("dinsos")).items) == 1


async def test_an_agency_s_innovations_are_listed_in_its_own_region_alone(told: Told) -> None:
    await told.tell(
        agency("dinkes", "Dinas Kesehatan", 1), innovation("a", SUBMITTED, 1), innovation("b", SUBMITTED, 1, agency="x")
    )

    own = await told.model.innovations(InnovationQuery(region=REGION, agency="dinkes"))
    elsewhere = await told.model.innovations(InnovationQuery(region="61.71", agency="dinkes"))

    assert [each.id for each in own.items] == ["a"]
    assert elsewhere.items == []
