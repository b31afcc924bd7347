"""The pre-check of evidence over HTTP: what it answers, who may ask, and what hostile files can do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from shared.clock import Clock
from tests.support.precheck.pdfs import pdf_of, scan_of
from tests.support.registry_service import Caller, RegistryService, running_registry
from tests.support.small_files import PDF_FILE

LETTER = pdf_of(
    [
        "KEPUTUSAN BUPATI KUBU RAYA",
        "NOMOR 188/17/2025",
        "TENTANG",
        "PENETAPAN TIM INOVASI",
        "Menimbang: bahwa untuk Layanan Antar Dokumen perlu ditetapkan tim;",
    ],
    ["Ditetapkan di Sungai Raya", "pada tanggal 2 Mei 2025"],
)


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        yield registry


async def upload(caller: Caller, place: str, row: str, content: bytes) -> str:
    """The digest of the uploaded file."""
    files = {"file": ("SK.pdf", content, "application/pdf")}
    added = await caller.change("POST", f"{place}/evidence/{row}/files", of=place, files=files)
    assert added.status_code == 200, added.text
    return str(added.json()["evidence"][row]["files"][-1]["digest"])


def outcomes(found: dict[str, Any]) -> dict[str, str]:
    return {each["item"]: each["outcome"] for each in found["precheck"]["findings"]}


async def test_the_words_and_the_page_are_quoted(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner = registry.by(f"agency:{agency}")
    digest = await upload(owner, place, "17", LETTER)

    answer = await owner("GET", f"{place}/evidence/17/files/{digest}/precheck")

    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert outcomes(found) == dict.fromkeys(("number", "dated", "subject", "title", "years"), "found")
    quoted = {each["item"]: each["found"] for each in found["precheck"]["findings"]}
    assert quoted["number"] == {"text": "NOMOR 188/17/2025", "page": 1}
    assert quoted["dated"] == {"text": "pada tanggal 2 Mei 2025", "page": 2}
    assert found["precheck"]["doubtful"] == []
    assert "bukan penilaian" in found["precheck"]["note"]


async def test_years_are_counted_from_the_year_of_assessment_that_is_asked_for(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    digest = await upload(registry.by(f"agency:{agency}"), place, "17", LETTER)

    later = await registry.by("curator")("GET", f"{place}/evidence/17/files/{digest}/precheck?year=2028")

    assert outcomes(later.json())["years"] == "other"
    assert later.json()["precheck"]["doubtful"] == ["years"]


async def test_all_files_of_an_innovation_come_in_pages(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner = registry.by(f"agency:{agency}")
    digests = [await upload(owner, place, row, content) for row, content in (("16", scan_of()), ("17", LETTER))]

    first = await registry.by("executive")("GET", f"{place}/precheck?limit=1")
    second = await registry.by("executive")("GET", f"{place}/precheck?limit=1&after={first.json()['next']}")

    assert [each["digest"] for page in (first, second) for each in page.json()["items"]] == digests
    assert first.json()["items"][0]["precheck"]["state"] == "scan"
    assert "tanpa teks" in first.json()["items"][0]["precheck"]["message"]
    assert second.json()["next"] is None
    assert "Link" in first.headers
    bad = await owner("GET", f"{place}/precheck?after=16/x")
    assert (bad.status_code, bad.json()["flaws"][0]["code"]) == (422, "bad-cursor")


async def test_only_the_agency_and_its_region_may_ask(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    digest = await upload(registry.by(f"agency:{agency}"), place, "17", LETTER)

    for path in (f"{place}/precheck", f"{place}/evidence/17/files/{digest}/precheck"):
        asked = {token: await registry.by(token)("GET", path) for token in ("curator-71", "agency:other", "operator")}
        assert {token: answer.status_code for token, answer in asked.items()} == {
            "curator-71": 404,
            "agency:other": 404,
            "operator": 403,
        }
        assert (await registry.by(None)("GET", path)).status_code == 401


async def test_a_file_that_is_not_kept_any_more_is_said_to_be_gone(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    digest = await upload(registry.by(f"agency:{agency}"), place, "17", LETTER)
    await registry.files.delete(digest, put_before=Clock.machine() + timedelta(minutes=1))

    answer = await registry.by("curator")("GET", f"{place}/precheck")

    assert [each["precheck"]["state"] for each in answer.json()["items"]] == ["gone"]


async def test_a_file_of_its_own_letter_is_compared_with_that_one(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner = registry.by(f"agency:{agency}")
    digest = await upload(owner, place, "17", LETTER)
    own = {"number": "5/DS/2025", "dated": "2025-05-02", "subject": "Penetapan tim inovasi"}
    changed = await owner.change("PUT", f"{place}/evidence/17/files/{digest}", own, of=place)
    assert changed.status_code == 200, changed.text

    found = (await owner("GET", f"{place}/evidence/17/files/{digest}/precheck")).json()

    assert outcomes(found)["number"] == "other"
    assert found["precheck"]["doubtful"] == ["number"]


async def test_a_broken_file_and_an_unknown_one(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner = registry.by(f"agency:{agency}")
    broken = await upload(owner, place, "17", PDF_FILE)

    read = await owner("GET", f"{place}/evidence/17/files/{broken}/precheck")
    unknown = await owner("GET", f"{place}/evidence/17/files/{'0' * 64}/precheck")

    assert read.json()["precheck"]["state"] == "unreadable"
    assert read.json()["precheck"]["findings"] == []
    assert unknown.status_code == 404
