"""Awards from tables: nothing or all, also after a crash; the same table again, and the exported one, change none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from io import BytesIO
from typing import Any

import httpx2
import pytest
from openpyxl import Workbook

from services.scoring.kinds import KINDS
from services.scoring.official import award_importing
from services.scoring.official.award import AwardKind
from services.scoring.official.award_importing import AwardImporter
from shared.faults import StoreAway
from shared.tables.sheets.awards import AWARDS
from shared.tables.workbook import MEDIA_TYPE
from tests.support.scoring_service import PONTIANAK, ScoringService, opened
from tests.support.store_engines import Engine

HEAD = ("Tahun", "Jenis Penghargaan", "Nama Penghargaan", "Pemberi", "OPD", "Nama Inovasi", "Nomor", "Tanggal")
ROWS = [
    HEAD,
    (2024, "Piagam", "Top 10", "Wali Kota", "Disdukcapil (sintetis)", "inovasi PECI", "12/2024", date(2024, 12, 3)),
    (2024, "insentif", "Top 10", "Wali Kota", "disdukcapil (SINTETIS)", None, None, "3 Desember 2024"),
    (2025, "Sertifikat", "IGA", "Kementerian Dalam Negeri", None, None, None, None),
]


@pytest.fixture
async def service(either: Engine) -> AsyncIterator[ScoringService]:
    async with opened(await either.open(*KINDS)) as service:
        await service.add("peci", 3)
        yield service


def book(rows: list[tuple[Any, ...]]) -> bytes:
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    file = BytesIO()
    made.save(file)
    return file.getvalue()


WHOLE = book(ROWS)  # once: a workbook has the time in it


async def bring(
    service: ScoringService, file: bytes, key: str, *, who: str = "curator", **query: str | bool
) -> httpx2.Response:
    kind = MEDIA_TYPE if file.startswith(b"PK") else "text/csv"
    headers = {"Authorization": f"Bearer {who}", "Idempotency-Key": key, "Content-Type": kind}
    asked = {"region": PONTIANAK, **query}
    return await service.client.request("POST", "/awards/table", params=asked, headers=headers, content=file)


async def listed(service: ScoringService) -> list[tuple[Any, ...]]:
    items = (await service.get("/awards?limit=200", "executive"))["items"]
    return sorted((each["year"], each["kind"], each["agency"], each["innovation"], each["dated"]) for each in items)


async def test_a_table_comes_in_once_and_the_exported_one_changes_nothing(service: ScoringService) -> None:
    done = await bring(service, WHOLE, "a")
    repeated = await bring(service, WHOLE, "a")
    again = await bring(service, WHOLE, "b")

    assert (done.status_code, done.json()["created"], done.json()["rows"]) == (200, 3, 3), done.text
    assert repeated.json()["created"] == 3
    assert (again.json()["created"], again.json()["updated"], again.json()["unchanged"]) == (0, 0, 3)
    assert await listed(service) == [
        (2024, "insentif", "disdukcapil", None, "2024-12-03"),
        (2024, "piagam", "disdukcapil", "peci", "2024-12-03"),
        (2025, "sertifikat", None, None, None),
    ]
    for format in ("xlsx", "csv"):
        file = await service.client.get(
            f"/awards/table.{format}", params={"region": PONTIANAK}, headers={"Authorization": "Bearer curator"}
        )
        same = (await bring(service, file.content, format)).json()
        assert (same["rows"], same["unchanged"], same["errors"]) == (3, 3, 0), same


async def test_a_corrected_row_changes_its_award_and_what_it_leaves_empty_stays(service: ScoringService) -> None:
    await bring(service, WHOLE, "a")
    corrected = [
        HEAD[:5] + HEAD[6:],
        (2024, "Insentif", "TOP 10", "wali kota", "Disdukcapil (sintetis)", "9/2024", None),
    ]

    done = await bring(service, book(corrected), "b")

    assert (done.json()["created"], done.json()["updated"]) == (0, 1), done.text
    found = (await service.get("/awards?kind=insentif", "executive"))["items"]
    assert [(each["number"], each["dated"]) for each in found] == [("9/2024", "2024-12-03")]


async def test_one_wrong_row_and_nothing_is_stored(service: ScoringService) -> None:
    wrong = [
        *ROWS,
        (2024, "Medali", "Top 10", "Wali Kota", None, None, None, None),
        (2024, "Piagam", "Top 10", "Wali Kota", "Dinas Mana", None, None, None),
        (2024, "Piagam", "Top 10", "Wali Kota", None, "Tidak ada", None, None),
        (2024, "Piagam", "Top 11", "Wali Kota", None, None, None, date(2026, 1, 1)),
        (2024, "Piagam", "top 10", "Wali Kota", "Disdukcapil (sintetis)", "Inovasi peci", None, None),
    ]

    checked = (await bring(service, book(wrong), "a", dry_run=True)).json()
    refused = await bring(service, book(wrong), "b")

    assert [(each["row"], each["column"], each["code"]) for each in checked["findings"]] == [
        (5, "Jenis Penghargaan", "choice"),
        (6, "OPD", "unknown"),
        (7, "Nama Inovasi", "unknown"),
        (8, "Tanggal", "future"),
        (9, "Nama Penghargaan", "duplicate"),
    ]
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/invalid")
    assert await listed(service) == []


async def test_an_import_that_a_crash_cut_off_is_finished(
    service: ScoringService, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = AwardImporter._apply_row
    applied = 0

    async def crash(self: AwardImporter, *of: Any) -> None:  # noqa: ANN401 - as the real one
        nonlocal applied
        applied += 1
        if applied == 2:
            raise StoreAway("killed")
        await real(self, *of)

    monkeypatch.setattr(award_importing, "_AT_ONCE", 1)
    with monkeypatch.context() as crashing:
        crashing.setattr(AwardImporter, "_apply_row", crash)
        cut = await bring(service, WHOLE, "a")
    before = await listed(service)

    await AwardImporter(service.store, service.clock).finish()

    assert (cut.status_code, len(before), len(await listed(service))) == (503, 1, 3)
    assert (await bring(service, WHOLE, "a")).json()["created"] == 3


async def test_only_the_curator_of_the_region_brings_awards_in(service: ScoringService) -> None:
    found = [
        (await bring(service, WHOLE, "a", who=who)).status_code
        for who in ("neighbour", "executive", "agency", "operator")
    ]
    assert found == [403, 403, 403, 403]


async def test_an_award_that_was_removed_does_not_come_back_under_its_id(service: ScoringService) -> None:
    await bring(service, WHOLE, "a")
    (award,) = (await service.get("/awards?kind=piagam", "executive"))["items"]
    read = await service.request("GET", f"/awards/{award['id']}", "curator")
    await service.request("DELETE", f"/awards/{award['id']}", "curator", If_Match=read.headers["etag"])

    by_id = await bring(service, book([("ID", *HEAD), (award["id"], *ROWS[1])]), "b", dry_run=True)
    by_name = await bring(service, WHOLE, "c")

    assert [each["code"] for each in by_id.json()["findings"]] == ["taken"]
    assert (by_name.json()["created"], by_name.json()["unchanged"]) == (1, 2)


def test_the_table_knows_every_kind_of_award() -> None:
    assert {each.value for each in AWARDS.by_key["kind"].choices} == {each.value for each in AwardKind}
