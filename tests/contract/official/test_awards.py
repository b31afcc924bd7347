"""Awards over HTTP: recorded once, corrected, listed by year, agency, kind and giver."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import httpx2
import pytest
from openpyxl import load_workbook

from services.scoring.kinds import KINDS
from shared.contracts.agency import AGENCY_RETIRED, AgencyRetired
from shared.contracts.contract import Origin, draft
from shared.contracts.vocabulary import AgencyKind
from tests.support.scoring_service import PONTIANAK, ScoringService, opened
from tests.support.store_engines import Engine

AWARD = {
    "kind": "piagam",
    "year": 2025,
    "title": "Innovative Government Award 2024",
    "giver": "Kementerian Dalam Negeri",
    "agency": "disdukcapil",
    "dated": "2025-11-30",
}


@pytest.fixture
async def service(either: Engine) -> AsyncIterator[ScoringService]:
    async with opened(await either.open(*KINDS)) as service:
        await service.add("peci", 3)
        yield service


async def record(service: ScoringService, key: str = "a", who: str = "curator", **changes: Any) -> httpx2.Response:  # noqa: ANN401 - any of the fields
    body = {"region": PONTIANAK, "award": AWARD | changes}
    return await service.request("POST", "/awards", who, body, Idempotency_Key=key)


async def titles(service: ScoringService, query: str = "", who: str = "executive") -> list[str]:
    return sorted(each["title"] for each in (await service.get(f"/awards{query}", who))["items"])


async def test_an_award_is_recorded_once_and_read_by_the_region(service: ScoringService) -> None:
    made = await record(service, innovation="peci")
    again = await record(service, innovation="peci")
    other = await record(service, title="Lain")

    assert made.status_code == 201, made.text
    assert again.json()["id"] == made.json()["id"]
    assert other.status_code == 422
    assert made.json()["agency_name"] == "Disdukcapil (sintetis)"
    read = await service.get(f"/awards/{made.json()['id']}", "agency")
    assert (read["kind"], read["innovation"], read["dated"]) == ("piagam", "peci", "2025-11-30")
    assert (await service.request("GET", f"/awards/{made.json()['id']}", "neighbour")).status_code == 404


async def test_awards_are_listed_by_year_agency_kind_and_giver(service: ScoringService) -> None:
    await record(service)
    await record(service, "b", title="KIPP", giver="KemenPANRB", kind="sertifikat", agency="pkm", year=2024)
    await record(service, "c", title="Daerah", agency=None)

    assert await titles(service) == ["Daerah", AWARD["title"], "KIPP"]
    assert await titles(service, "?year=2024") == ["KIPP"]
    assert await titles(service, "?agency=disdukcapil") == [AWARD["title"]]
    assert await titles(service, "?kind=sertifikat&year=2024") == ["KIPP"]
    assert await titles(service, "?giver=KemenPANRB") == ["KIPP"]
    assert await titles(service, who="neighbour") == []


async def test_an_award_is_corrected_and_removed(service: ScoringService) -> None:
    made = await record(service)
    place, tag = f"/awards/{made.json()['id']}", made.headers["ETag"]

    corrected = await service.request("PUT", place, "curator", AWARD | {"kind": "sertifikat"}, If_Match=tag)
    stale = await service.request("DELETE", place, "curator", If_Match=tag)
    foreign = await service.request("DELETE", place, "neighbour", If_Match=corrected.headers["ETag"])
    gone = await service.request("DELETE", place, "curator", If_Match=corrected.headers["ETag"])

    assert corrected.json()["kind"] == "sertifikat"
    assert (stale.status_code, foreign.status_code, gone.status_code) == (412, 404, 204)
    assert await titles(service) == []


async def test_an_award_of_nobody_here_is_refused(service: ScoringService) -> None:
    answer = await record(service, agency="dinas-asing", innovation="tidak-ada", dated="2099-01-01")

    assert answer.status_code == 422
    fields = sorted(each["field"] for each in answer.json()["flaws"])
    assert fields == ["award.agency", "award.dated", "award.innovation"]
    assert (await record(service, who="neighbour")).status_code == 403
    assert (await record(service, who="executive")).status_code == 403


async def test_the_table_lists_and_counts_them(service: ScoringService) -> None:
    await record(service)
    await record(service, "b", title="IGA 2025")
    headers = {"Authorization": "Bearer executive"}

    book = load_workbook(BytesIO((await service.client.get("/awards/table.xlsx", headers=headers)).content))
    lines = (await service.client.get("/awards/table.csv?year=2025", headers=headers)).text.splitlines()

    listed, counts = book.worksheets
    assert [cell.value for cell in listed[2]][1:4] == ["Piagam", "IGA 2025", "Kementerian Dalam Negeri"]
    row = (2025, "Piagam", "Kementerian Dalam Negeri", "Disdukcapil (sintetis)", 2)
    assert tuple(cell.value for cell in counts[2]) == row
    assert len(lines) == 3


async def test_an_agency_that_is_retired_keeps_its_awards_and_may_get_one_for_its_time(
    service: ScoringService,
) -> None:
    await record(service, kind="lainnya", title="Piala bergilir")
    retired = AgencyRetired(
        id="disdukcapil",
        region=PONTIANAK,
        name="Disdukcapil (sintetis)",
        kind=AgencyKind.DINAS,
        retired=True,
        retired_on=date(2026, 1, 1),
    )
    event = draft(AGENCY_RETIRED, retired, PONTIANAK, Origin(datetime(2026, 1, 1, tzinfo=UTC)))
    await service.scoring.on_agency(event.stamp("agency", retired.id, 2), retired)
    later = await record(service, "b", title="KIPP")

    assert later.status_code == 201
    assert await titles(service, "?agency=disdukcapil") == ["KIPP", "Piala bergilir"]
    assert later.json()["agency_name"] == "Disdukcapil (sintetis)"
