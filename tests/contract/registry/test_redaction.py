"""A curator has the bytes of an uploaded file removed: what goes, what stays, and what answers say."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import httpx2
import pytest

from services.registry.files.redaction import NewRedaction
from services.registry.files.sweep import FileSweep
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.redaction import redact
from services.registry.kinds import INNOVATION
from services.registry.main import compose
from shared.contracts.contract import Origin
from shared.operations.backup import back_up
from shared.operations.restore import restore
from shared.ports.bus import Bus
from shared.runtime.service import Resources
from shared.settings import load
from shared.storage.repository import Repository
from tests.support.registry_service import RegistryService, running_registry
from tests.support.small_files import PDF_FILE

NOON = "2026-06-01T12:00:00+07:00"
SCAN = PDF_FILE + b"% KTP"
DIGEST = hashlib.sha256(SCAN).hexdigest()
WHY = "Memuat salinan KTP."


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path, NOON) as running:
        await running.region()
        yield running


async def uploaded(registry: RegistryService, agency: str, key: str = "draft") -> str:
    place = await registry.draft(agency, key)
    answer = await upload(registry, agency, place)
    assert answer.status_code == 200, answer.text
    letter = {"number": "188/1/2026", "dated": "2026-05-04", "subject": "Pengangkatan Nama Contoh"}
    officer = registry.by(f"agency:{agency}")
    await officer.change("PUT", f"{place}/evidence/16/files/{DIGEST}", letter, of=place)
    return place


async def upload(registry: RegistryService, agency: str, place: str) -> httpx2.Response:
    files = {"file": ("KTP Nama Contoh.pdf", SCAN, "application/pdf")}
    return await registry.by(f"agency:{agency}").change("POST", f"{place}/evidence/16/files", of=place, files=files)


async def redacted(registry: RegistryService, place: str, by: str = "curator") -> httpx2.Response:
    body = {"digest": DIGEST, "reason": WHY}
    return await registry.by(by).change("POST", f"{place}/redactions", body, of=place)


def make_older(folder: Path) -> None:
    """Make every file eleven minutes older."""
    for path in (folder / "files").rglob(DIGEST):
        past = path.stat().st_mtime - 11 * 60
        os.utime(path, (past, past))


async def stored(registry: RegistryService) -> list[str]:
    return [digest async for digest in registry.files.digests()]


async def test_the_bytes_go_and_digest_number_date_and_reason_stay(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await uploaded(registry, agency)
    submitted = await registry.by(f"agency:{agency}").change("POST", f"{place}/submit", of=place)
    assert submitted.status_code == 200, submitted.text

    answer = await redacted(registry, place)

    assert answer.status_code == 200, answer.text
    body = answer.json()
    (file,) = body["evidence"]["16"]["files"]
    assert await stored(registry) == []
    assert (file["digest"], file["size"], file["number"], file["dated"]) == (
        DIGEST, len(SCAN), "188/1/2026", "2026-05-04",
    )  # fmt: skip
    assert (file["name"], file["subject"]) == ("berkas.pdf", None)
    assert "Nama Contoh" not in answer.text
    assert [(each["digest"], each["reason"]) for each in body["redactions"]] == [(DIGEST, WHY)]
    assert (body["history"][-1]["action"], body["history"][-1]["reason"]) == ("redacted", WHY)
    assert body["status"] == "submitted"


async def test_reading_it_says_when_and_why_and_its_bytes_do_not_come_back(
    registry: RegistryService, tmp_path: Path
) -> None:
    agency = await registry.agency()
    place = await uploaded(registry, agency)
    await redacted(registry, place)

    read = await registry.by("curator")("GET", f"{place}/evidence/16/files/{DIGEST}")
    again = await upload(registry, agency, place)
    make_older(tmp_path)
    await FileSweep(registry.store, registry.files).sweep()

    assert (read.status_code, WHY in read.json()["detail"], "1 Juni 2026" in read.json()["detail"]) == (410, True, True)
    assert again.status_code == 409
    assert await stored(registry) == []


async def test_another_innovation_keeps_the_same_file_until_it_is_redacted_there_too(
    registry: RegistryService,
) -> None:
    agency = await registry.agency()
    first, second = await uploaded(registry, agency), await uploaded(registry, agency, "second")

    await redacted(registry, first)
    kept = await registry.by("curator")("GET", f"{second}/evidence/16/files/{DIGEST}")
    gone = await registry.by("curator")("GET", f"{first}/evidence/16/files/{DIGEST}")
    await redacted(registry, second)

    assert (kept.status_code, kept.content, gone.status_code) == (200, SCAN, 410)
    assert await stored(registry) == []


async def test_only_the_curator_of_the_region_redacts_and_only_a_file_that_is_there(
    registry: RegistryService,
) -> None:
    agency = await registry.agency()
    place = await uploaded(registry, agency)

    by_agency = await redacted(registry, place, f"agency:{agency}")
    unknown = await registry.by("curator").change(
        "POST", f"{place}/redactions", {"digest": "0" * 64, "reason": WHY}, of=place
    )
    without_reason = await registry.by("curator").change("POST", f"{place}/redactions", {"digest": DIGEST}, of=place)

    assert (by_agency.status_code, unknown.status_code, without_reason.status_code) == (403, 404, 422)
    assert await stored(registry) == [DIGEST]


async def test_after_a_crash_between_document_and_bytes_the_next_look_removes_them(
    registry: RegistryService, tmp_path: Path
) -> None:
    place = await uploaded(registry, await registry.agency())
    innovations = Repository(registry.store, INNOVATION, Innovation, "")
    known = await innovations.get(place.rpartition("/")[2])
    wanted, source = NewRedaction(digest=DIGEST, reason=WHY), Origin(time=registry.clock.now())
    await innovations.amend(known.id, known.sequence, lambda it: redact(it, wanted, "kurator", source))

    before = await stored(registry)
    make_older(tmp_path)
    swept = await FileSweep(registry.store, registry.files).sweep()

    assert (before, swept.removed, await stored(registry)) == ([DIGEST], 1, [])


async def test_a_redaction_survives_backup_and_restore_into_another_place(
    registry: RegistryService, tmp_path: Path
) -> None:
    place = await uploaded(registry, await registry.agency())
    await redacted(registry, place)
    here = Resources(registry.store, registry.files, cast("Bus", None), registry.clock, load({}))
    manifest = await back_up(tmp_path / "backup", [(here, compose(here))], "test")

    async with running_registry(tmp_path / "other", NOON) as other:
        there = Resources(other.store, other.files, cast("Bus", None), other.clock, load({}))
        await restore(tmp_path / "backup", manifest, there, compose(there))
        read = await other.by("curator")("GET", f"{place}/evidence/16/files/{DIGEST}")

    assert (read.status_code, WHY in read.json()["detail"]) == (410, True)
    assert [each for each in (tmp_path / "backup").rglob("*") if each.is_file() and SCAN in each.read_bytes()] == []
