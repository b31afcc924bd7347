"""A full disk under the embedded engines: stores, bus and evidence files at once."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.servers.smtp import Mailbox
from tests.support.client import Api, eventually
from tests.support.faults.load import CLAIM, Load, WatchedRegency, improper
from tests.support.faults.process_state import check_alive, readiness
from tests.support.faults.processes import RunningSystem
from tests.support.faults.scenario import NOW
from tests.support.faults.small_disk import OnSmallDisk
from tests.support.registry_samples import valid_profile

PDF = b"%PDF-1.7\n" + b"% a page\n" * 100_000 + b"%%EOF\n"
MOST_WRITES = 400
DIGEST_LENGTH = 64  # of a file's name
RESERVE = 8 * 1024 * 1024  # bytes


async def etag(who: Api, path: str) -> str:
    return str((await who.raw("GET", path)).headers["etag"])


async def change_until_refused(who: Api, path: str) -> httpx2.Response:
    """Write until a write fails, and return that answer. The first writes use space that a database has reserved."""
    for number in range(MOST_WRITES):
        headers = {"If-Match": await etag(who, path)}
        claim = {"level": 1 + number % 3, "links": [f"https://bukti.satu.example/{number}"]}
        answer = await who.raw("PUT", f"{path}/evidence/19", json=claim, headers=headers)
        if not answer.is_success:
            return answer
    raise AssertionError("the disk was never full")


@pytest.mark.timeout(180)
async def test_on_a_full_disk_nothing_is_written_in_part_and_with_space_again_work_continues(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    disk = tmp_path / "disk"
    system = RunningSystem(tmp_path, {"BUSINESS_TIME": NOW, "DATA_DIR": str(disk)}, smtp=mailbox.url)
    environment = {
        **system.process.environment,
        "ACCESS_DIR": str(system.data / "access"),
        "FILES_RESERVE_BYTES": str(RESERVE),
    }
    system.process = small = OnSmallDisk(("up",), environment, tmp_path / "up.log", disk=disk)
    async with system:
        await system.process.ready()
        async with WatchedRegency(system.url, system.issue) as regency:
            load = Load(regency, 3)
            await load.prepare()
            await load.run()
            agency = await regency.agency("Dinas Penuh")
            innovation = await regency.draft(agency, valid_profile(applied_on="2026-05-05"), CLAIM)
            await system.wait_until_idle()
            path, officer = f"/registry/v1/innovations/{innovation}", regency.officer(agency)

            small.fill()
            refused = await change_until_refused(officer, path)
            assert improper(refused) == []
            seen = await etag(officer, path)
            before = await regency.innovation(innovation)
            await eventually(lambda: readiness(system), lambda parts: not parts["registry: store"]["ready"], within=15)
            submitted = await officer.raw("POST", f"{path}/submit", headers={"If-Match": seen})
            uploaded = await officer.raw(
                "POST",
                f"{path}/evidence/16/files",
                files={"file": ("SK.pdf", PDF, "application/pdf")},
                headers={"If-Match": seen},
            )
            assert (submitted.status_code, uploaded.status_code) == (503, 507)
            assert improper(submitted) == []
            assert uploaded.json()["type"] == "/problems/storage-low"
            assert await regency.innovation(innovation) == before
            assert await etag(officer, path) == seen
            assert [each for each in (small.visible / "files").rglob("*") if len(each.name) == DIGEST_LENGTH] == []
            assert (await load.regency.curator.get(f"/scoring/v1/scorecards/{next(iter(load.submitted.values()))}"))[
                "rows"
            ]
            await check_alive(system)

            small.empty()
            uploaded = await officer.raw(
                "POST",
                f"{path}/evidence/16/files",
                files={"file": ("SK.pdf", PDF, "application/pdf")},
                headers={"If-Match": seen},
            )
            assert uploaded.is_success, uploaded.text
            await regency.submit(innovation, agency)
            load.submitted[agency] = innovation
            await regency.innovation(innovation)
            await load.regency.becomes(agency, 2026, "fulfilled")
            await system.wait_until_idle()
            await system.process.ready()
            await check_alive(system)


@pytest.mark.timeout(180)
async def test_while_less_than_the_reserve_is_left_uploads_wait_and_submissions_go_on(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    disk = tmp_path / "disk"
    system = RunningSystem(tmp_path, {"BUSINESS_TIME": NOW, "DATA_DIR": str(disk)}, smtp=mailbox.url)
    environment = {
        **system.process.environment,
        "ACCESS_DIR": str(system.data / "access"),
        "FILES_RESERVE_BYTES": str(RESERVE),
    }
    system.process = small = OnSmallDisk(("up",), environment, tmp_path / "up.log", disk=disk)
    async with system:
        await system.process.ready()
        async with WatchedRegency(system.url, system.issue) as regency:
            await regency.found()
            agency = await regency.agency("Dinas Hampir Penuh")
            innovation = await regency.draft(agency, valid_profile(applied_on="2026-05-05"), CLAIM)
            path, officer = f"/registry/v1/innovations/{innovation}", regency.officer(agency)
            await system.wait_until_idle()

            small.fill(leaving=RESERVE - 1024 * 1024)
            refused = await upload(officer, path)
            assert refused.status_code == 507
            assert refused.json()["type"] == "/problems/storage-low"
            assert int(refused.headers["retry-after"]) > 0
            assert [each for each in (small.visible / "files").rglob("*") if len(each.name) == DIGEST_LENGTH] == []
            await regency.submit(innovation, agency)
            await eventually(lambda: regency.scorecard(innovation), lambda card: card["status"] == "submitted")
            await system.wait_until_idle()
            await system.process.ready()

            small.empty()
            second = await regency.draft(agency, valid_profile(name="Kedua", applied_on="2026-05-05"), CLAIM)
            assert (await upload(officer, f"/registry/v1/innovations/{second}")).is_success
            await check_alive(system)


async def upload(officer: Api, path: str) -> httpx2.Response:
    return await officer.raw(
        "POST",
        f"{path}/evidence/16/files",
        files={"file": ("SK.pdf", PDF, "application/pdf")},
        headers={"If-Match": await etag(officer, path)},
    )
