"""Official results over HTTP: entered, imported and removed, always beside our forecast with the difference."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from typing import Any

import httpx2
import pytest
from openpyxl import Workbook, load_workbook

from services.scoring.catalogue.constants_by_year import years_of
from services.scoring.catalogue.files import SHIPPED
from services.scoring.index.rounds import rounds_of
from services.scoring.index.sweep import RegionSweep
from services.scoring.kinds import KINDS
from shared.tables.workbook import MEDIA_TYPE
from tests.support.scoring_service import CATALOGUES, PONTIANAK, ScoringService, opened
from tests.support.store_engines import Engine

PLACE = f"/results/{PONTIANAK}/2026"
TABLE = f"{PLACE}/table"
RESULT = {"score": 61.37, "predicate": "Inovatif", "dated": "2025-12-01", "source": "Kepmendagri 400.10.11-1/2025"}
APPLIED = {"applied_on": date(2025, 3, 1)}
HEADS = ("Nama Inovasi", "OPD", "Nilai", "Predikat", "Tanggal Pengumuman", "Dasar")
ROWS: list[tuple[Any, ...]] = [
    ("Kabupaten Kubu Raya", None, 61.37, "Inovatif", date(2025, 12, 1), "Kep 1/2025"),
    ("INOVASI  PECI", "Disdukcapil (sintetis)", 98.5, None, date(2025, 12, 1), "Kep 1/2025"),
    ("Inovasi klinik", None, 40, None, "1 Desember 2025", "Kep 1/2025"),
]


@pytest.fixture
async def service(either: Engine) -> AsyncIterator[ScoringService]:
    """Three innovations, two of them verified, and the region's index of 2026."""
    async with opened(await either.open(*KINDS)) as service:
        await service.add("peci", 3, verified=2, **APPLIED)
        await service.add("klinik", 2, verified=1, agency="pkm", main_affair="sosial", **APPLIED)
        await service.add("menunggu", 3, verified=None, status="submitted", **APPLIED)
        years = years_of((SHIPPED,), CATALOGUES.values())
        sweeping = RegionSweep(service.store, rounds_of(years), service.clock)
        await sweeping.mark(PONTIANAK)
        await sweeping.run()
        yield service


def book(rows: list[tuple[Any, ...]], heads: tuple[str, ...] = HEADS) -> bytes:
    made, file = Workbook(), BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in (heads, *rows):
        sheet.append(row)
    made.save(file)
    return file.getvalue()


async def bring(
    service: ScoringService, file: bytes, tag: str = '"0"', who: str = "curator", *, dry_run: bool = False
) -> httpx2.Response:
    kind = MEDIA_TYPE if file.startswith(b"PK") else "text/csv"
    headers = {"Authorization": f"Bearer {who}", "If-Match": tag, "Content-Type": kind}
    return await service.client.put(TABLE, params={"dry_run": dry_run}, content=file, headers=headers)


async def test_the_region_s_result_stands_beside_the_forecast_with_the_difference(service: ScoringService) -> None:
    before = await service.request("GET", PLACE, "executive")
    index = before.json()["verified"]

    entered = await service.request("PUT", PLACE, "curator", RESULT, If_Match=before.headers["ETag"])

    assert before.json()["official"] is None
    assert before.headers["ETag"] == '"0"'
    found = entered.json()
    assert found["official"] == RESULT
    assert found["verified_difference"] == pytest.approx(61.37 - index)
    assert found["claimed_difference"] == pytest.approx(61.37 - found["claimed"])
    assert (found["of"], found["predicate"]) == (100, "kurang inovatif")


async def test_an_innovation_s_result_is_entered_corrected_and_removed(service: ScoringService) -> None:
    place = f"{PLACE}/innovations/peci"
    first = await service.request("PUT", place, "curator", RESULT | {"score": 98.5}, If_Match='"0"')
    stale = await service.request("PUT", place, "curator", RESULT, If_Match='"0"')
    corrected = await service.request("PUT", place, "curator", RESULT | {"score": 97}, If_Match=first.headers["ETag"])

    assert first.status_code == 200, first.text
    assert first.json()["name"] == "Inovasi peci"
    assert stale.status_code == 412
    assert corrected.json()["verified_difference"] == 97 - corrected.json()["verified"]
    assert corrected.json()["claimed"] == 111
    assert (await service.get(place, "agency"))["official"]["score"] == 97
    gone = await service.request("DELETE", place, "curator", If_Match=corrected.headers["ETag"])
    assert gone.status_code == 204
    assert (await service.get(place, "curator"))["official"] is None


async def test_a_table_with_the_words_of_an_office_is_brought_in_once(service: ScoringService) -> None:
    looked = await bring(service, book(ROWS), dry_run=True)
    empty = await service.get(PLACE, "curator")
    done = await bring(service, book(ROWS))
    again = await bring(service, book(ROWS), done.headers["ETag"])

    assert (looked.status_code, looked.json()["changed"], looked.json()["errors"]) == (200, 3, 0)
    assert (empty["official"], empty["innovations"]) == (None, 0)
    assert (done.status_code, done.json()["changed"]) == (200, 3), done.text
    assert again.json()["changed"] == 0
    assert again.headers["ETag"] == done.headers["ETag"]
    page = await service.get(f"{PLACE}/innovations", "curator")
    assert [(each["innovation"], each["official"]["score"]) for each in page["items"]] == [
        ("klinik", 40),
        ("peci", 98.5),
    ]
    assert (await service.get(PLACE, "curator"))["official"]["predicate"] == "Inovatif"


async def test_what_was_written_is_read_back_without_a_change(service: ScoringService) -> None:
    done = await bring(service, book(ROWS))
    headers = {"Authorization": "Bearer curator"}

    for format in ("xlsx", "csv"):
        file = await service.client.get(f"{TABLE}.{format}", headers=headers)
        again = await bring(service, file.content, done.headers["ETag"])
        assert (again.status_code, again.json()["rows"], again.json()["changed"]) == (200, 3, 0), again.text
    empty = await service.client.get(f"/results/{PONTIANAK}/2027/table.xlsx", headers=headers)
    assert [cell.value for cell in load_workbook(BytesIO(empty.content)).worksheets[0][1]][3] == "Skor"


async def test_a_table_with_one_wrong_row_changes_nothing_and_says_which(service: ScoringService) -> None:
    wrong = [
        *ROWS,
        ("Tidak Ada", None, 50, None, date(2025, 12, 1), "Kep"),
        ("Inovasi peci", None, 50, None, date(2025, 12, 1), "Kep"),
        ("Inovasi menunggu", None, "banyak", None, date(2025, 12, 1), "Kep"),
        ("Inovasi menunggu", None, 50, None, date(2026, 12, 1), "Kep"),
        ("Inovasi menunggu", None, 5000, None, date(2025, 12, 1), "Kep"),
    ]

    refused = await bring(service, book(wrong))
    looked = await bring(service, book(wrong), dry_run=True)

    assert refused.status_code == 422
    found = [(each["row"], each["column"], each["code"]) for each in looked.json()["findings"]]
    assert found == [
        (5, "Nama Inovasi", "unknown"),
        (6, "Nama Inovasi", "twice"),
        (7, "Nilai", "malformed"),
        (8, "Tanggal Pengumuman", "future"),
        (9, "Nilai", "out-of-range"),
    ]
    assert (await service.get(PLACE, "curator"))["innovations"] == 0


async def test_two_innovations_of_one_name_are_told_apart_by_agency(service: ScoringService) -> None:
    await service.add("peci-2", 1, name="Inovasi peci", agency="pkm")
    row = ("Inovasi peci", None, 50, None, date(2025, 12, 1), "Kep")

    ambiguous = await bring(service, book([row]), dry_run=True)
    told_apart = await bring(service, book([(row[0], "Pkm (sintetis)", *row[2:])]))

    assert [each["code"] for each in ambiguous.json()["findings"]] == ["ambiguous"]
    assert told_apart.json()["innovations"] == 1
    page = await service.get(f"{PLACE}/innovations", "curator")
    assert [each["innovation"] for each in page["items"]] == ["peci-2"]


async def test_only_the_curator_of_the_region_enters_and_only_the_region_reads(service: ScoringService) -> None:
    for who, method, path, status in (
        ("neighbour", "GET", PLACE, 403),
        ("neighbour", "PUT", PLACE, 403),
        ("executive", "PUT", PLACE, 403),
        ("agency", "GET", PLACE, 403),
        ("agency", "GET", f"{PLACE}/innovations/klinik", 403),
        ("neighbour", "GET", f"{TABLE}.xlsx", 403),
        ("curator", "PUT", f"{PLACE}/innovations/unknown", 404),
        ("curator", "DELETE", PLACE, 404),
    ):
        answer = await service.request(method, path, who, RESULT if method == "PUT" else None, If_Match='"0"')

        assert answer.status_code == status, (who, method, path, answer.text)


async def test_a_result_of_a_day_to_come_is_refused(service: ScoringService) -> None:
    answer = await service.request("PUT", PLACE, "curator", RESULT | {"dated": "2025-12-04"}, If_Match='"0"')

    assert (answer.status_code, answer.json()["flaws"][0]["code"]) == (422, "future")
