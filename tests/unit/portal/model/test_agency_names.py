from __future__ import annotations

import pytest

from services.portal.model.states.agency_name import AgencyName, matching
from tests.support.portal_model.events import REGION, agency
from tests.support.portal_model.told import Told

HEALTH = "Dinas Kesehatan"
PEOPLE = "Dinas Kependudukan dan Pencatatan Sipil"
STAFF = "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia"
PLANS = "Badan Perencanaan Pembangunan Daerah, Penelitian dan Pengembangan"
ORDER = "Satuan Polisi Pamong Praja"
SECRETARIAT = "Sekretariat Daerah"
PERMITS = "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"
CLINIC = "UPT Puskesmas Sungai Kakap"
NAMES = (HEALTH, PEOPLE, STAFF, PLANS, ORDER, SECRETARIAT, PERMITS, CLINIC)


def named(name: str) -> AgencyName:
    return AgencyName.of(name, name)


def found(text: str) -> list[str]:
    return [each.name for each in matching([named(each) for each in NAMES], text)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("kesehatan", HEALTH),
        ("SEHAT", HEALTH),
        ("sipil catat", PEOPLE),
        ("kakap", CLINIC),
        ("dinkes", HEALTH),
        ("Disdukcapil", PEOPLE),
        ("bkpsdm", STAFF),
        ("bappeda", PLANS),
        ("satpol pp", ORDER),
        ("setda", SECRETARIAT),
        ("DPMPTSP", PERMITS),
    ],
)
def test_an_agency_is_found_by_a_part_of_its_name_or_by_how_it_is_abbreviated(text: str, meant: str) -> None:
    assert found(text)[0] == meant


@pytest.mark.parametrize("text", ["", " - ", "perhubungan", "xq", "kesehatan perhubungan"])
def test_what_no_name_has_is_not_found(text: str) -> None:
    assert found(text) == []


def test_a_part_of_a_name_finds_no_others() -> None:
    assert found("kesehatan") == [HEALTH]
    assert found("sipil catat") == [PEOPLE]


def test_words_that_begin_so_come_before_those_that_have_it_inside() -> None:
    assert found("pe") == [PEOPLE, STAFF, PLANS, PERMITS]
    assert found("sungai") == [CLINIC]
    assert matching([named("Kesatuan Bangsa"), named("Satuan Polisi")], "satuan")[0].name == "Satuan Polisi"


async def test_the_names_of_a_region_are_read_once_for_a_search_that_is_typed(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told.tell(
        agency("a", HEALTH, 1), agency("b", "Dinas Kesehatan Hewan", 1), agency("c", HEALTH, 1, region="61.71")
    )
    reads = 0
    find = told.store.find

    async def counted(*arguments: object, **named: object) -> object:
        nonlocal reads
        reads += 1
        return await find(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(told.store, "find", counted)
    for typed in ("kes", "kese", "keseh"):
        assert [each.id for each in await told.model.agencies_called(REGION, typed)] == ["a", "b"]

    assert reads == 1


async def test_what_was_registered_just_now_is_found_though_the_names_are_kept(
    told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("services.portal.model.queries.agencies.machine_seconds", lambda: now[0])
    await told.tell(agency("a", HEALTH, 1))
    assert not await told.model.agencies_called(REGION, "sosial")
    await told.tell(agency("b", "Dinas Sosial", 1), agency("c", "Dinas Kesehatan Hewan", 1))

    now[0] = 2.0
    assert [each.id for each in await told.model.agencies_called(REGION, "sosial")] == ["b"]
    now[0] = 13.0
    assert [each.id for each in await told.model.agencies_called(REGION, "kesehatan")] == ["a", "c"]
