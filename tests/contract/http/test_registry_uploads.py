"""How much may be uploaded, and which files are removed again."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx2
import pytest

from services.registry.files.sweep import GRACE, FileSweep, Swept
from services.registry.kinds import UNREFERENCED
from shared.clock import Clock
from tests.support.registry_service import Caller, RegistryService, running_registry
from tests.support.small_files import PDF_FILE

KB, MB = 1024, 1024 * 1024
PDF = PDF_FILE + b"%" * (400 * KB)
NOON = "2026-06-01T12:00:00+07:00"
DIGEST = hashlib.sha256(PDF).hexdigest()


async def upload(caller: Caller, place: str, content: bytes = PDF, row: str = "16") -> httpx2.Response:
    files = {"file": ("SK.pdf", content, "application/pdf")}
    return await caller.change("POST", f"{place}/evidence/{row}/files", of=place, files=files)


async def detach(caller: Caller, place: str, content: bytes = PDF) -> httpx2.Response:
    path = f"{place}/evidence/16/files/{hashlib.sha256(content).hexdigest()}"
    return await caller.change("DELETE", path, of=place)


async def endless() -> AsyncIterator[bytes]:
    yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    while True:
        yield bytes(64 * KB)


# --- The quota of an agency ---


async def test_an_agency_may_upload_so_much_a_day_and_then_waits_until_its_midnight(tmp_path: Path) -> None:
    async with running_registry(tmp_path, NOON, agency_upload_bytes_per_day=MB) as registry:
        await registry.region()
        agency, other = await registry.agency(), await registry.agency("Dinas Sosial")
        place, others = await registry.draft(agency), await registry.draft(other, "other")
        owner = registry.by(f"agency:{agency}")
        for number in range(2):
            content = PDF + str(number).encode()
            assert (await upload(owner, place, content)).is_success
            assert (await detach(owner, place, content)).is_success

        refused = await upload(owner, place)
        colleague = await upload(registry.by(f"agency:{agency},{other}"), place)

        for answer in (refused, colleague):
            assert answer.status_code == 429
            assert answer.json()["type"] == "/problems/quota-spent"
            assert 0 < int(answer.headers["retry-after"]) <= 12 * 3600
        assert int(refused.headers["retry-after"]) > 12 * 3600 - 60
        assert (await upload(registry.by(f"agency:{other}"), others)).is_success
        assert (await upload(registry.by("curator"), place)).is_success
        claim = await owner.change("PUT", f"{place}/evidence/18", {"level": 1}, of=place)
        assert claim.is_success
        registry.clock.move_to(datetime.fromisoformat("2026-06-02T00:00:01+07:00"))
        assert (await upload(owner, place, PDF + b"next day")).is_success


async def test_what_was_refused_or_is_smaller_than_it_claims_does_not_count(tmp_path: Path) -> None:
    async with running_registry(tmp_path, NOON, agency_upload_bytes_per_day=11 * MB) as registry:
        await registry.region()
        agency = await registry.agency()
        place = await registry.draft(agency)
        owner = registry.by(f"agency:{agency}")
        wrong = b"MZ" + bytes(9 * MB)
        for _ in range(5):
            assert (await upload(owner, place, wrong)).status_code == 422

        async def without_a_length() -> AsyncIterator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
            yield PDF
            yield b"\r\n--b--\r\n"

        for number in range(3):
            answer = await owner.change(
                "POST",
                f"{place}/evidence/{16 + number}/files",
                of=place,
                content=without_a_length(),
                headers={"Content-Type": "multipart/form-data; boundary=b"},
            )
            assert answer.is_success, answer.text


async def test_uploads_at_the_same_time_share_one_quota(tmp_path: Path) -> None:
    async with running_registry(tmp_path, NOON, agency_upload_bytes_per_day=MB) as registry:
        await registry.region()
        agency = await registry.agency()
        owner = registry.by(f"agency:{agency}")
        places = [await registry.draft(agency, str(number)) for number in range(8)]

        answers = await asyncio.gather(
            *(upload(owner, place, PDF + str(number).encode()) for number, place in enumerate(places))
        )

        assert sorted(answer.status_code for answer in answers) == [200] * 2 + [429] * 6


# --- The reserve of the storage ---


async def test_beyond_the_limit_of_all_files_uploads_are_refused_and_submissions_go_on(tmp_path: Path) -> None:
    async with running_registry(tmp_path, NOON, files_limit_bytes=2 * MB, files_reserve_bytes=MB) as registry:
        await registry.region()
        agency = await registry.agency()
        place = await registry.draft(agency)
        owner = registry.by(f"agency:{agency}")
        for number in range(2):
            assert (await upload(owner, place, PDF + str(number).encode())).is_success

        refused = await upload(owner, place)
        read = await owner.change(
            "POST",
            f"{place}/evidence/35/files",
            of=place,
            content=endless(),
            headers={"Content-Type": "multipart/form-data; boundary=b"},
        )
        submitted = await owner.change("POST", f"{place}/submit", of=place)

        for answer in (refused, read):
            assert answer.status_code == 507
            assert answer.json()["type"] == "/problems/storage-low"
            assert int(answer.headers["retry-after"]) > 0
        assert submitted.is_success


async def test_the_limit_of_the_kind_holds_while_the_bytes_come_in(tmp_path: Path) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        place = await registry.draft(await registry.agency())
        sent = 0

        async def picture() -> AsyncIterator[bytes]:
            nonlocal sent
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
            yield b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(100)
            while sent < 100 * MB:
                sent += 64 * KB
                yield bytes(64 * KB)

        refused = await registry.by("curator").change(
            "POST",
            f"{place}/evidence/35/files",
            of=place,
            content=picture(),
            headers={"Content-Type": "multipart/form-data; boundary=b"},
        )

        assert (refused.status_code, refused.json()["flaws"][0]["code"]) == (422, "too-large")
        assert sent < 12 * MB


# --- What is removed ---


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        yield registry


def sweep_of(registry: RegistryService) -> FileSweep:
    return FileSweep(registry.store, registry.files)


async def there(registry: RegistryService) -> list[str]:
    return [digest async for digest in registry.files.digests()]


async def age(registry: RegistryService, folder: Path, hours: float) -> None:
    """Make every file, and since when it is seen unreferenced, that much older."""
    for path in (folder / "files").rglob("*"):
        if len(path.name) == 64:
            past = path.stat().st_mtime - hours * 3600
            os.utime(path, (past, past))
    noted = [row async for row in registry.store.scan(UNREFERENCED.name, {}, ("since",))]
    for row in noted:
        older = {"since": row["since"] - hours * 3600}
        await registry.store.change(UNREFERENCED.name, row.id, lambda _, older=older: (older, None))  # type: ignore[misc]


async def test_a_file_that_nothing_refers_to_is_removed_after_a_day(registry: RegistryService, tmp_path: Path) -> None:
    place = await registry.draft(await registry.agency())
    curator, sweep = registry.by("curator"), sweep_of(registry)
    await upload(curator, place)
    await age(registry, tmp_path, 30)
    await detach(curator, place)

    first = await sweep.sweep()
    await age(registry, tmp_path, 23)
    second = await sweep.sweep()
    kept = await there(registry)
    await age(registry, tmp_path, 2)
    tried = await sweep.sweep(dry_run=True)
    third = await sweep.sweep()

    assert (first, second, kept) == (Swept(0, 0, 1), Swept(0, 0, 1), [DIGEST])
    assert tried == third == Swept(1, len(PDF), 0)
    assert await there(registry) == []
    assert [row async for row in registry.store.scan(UNREFERENCED.name, {}, ())] == []


async def test_a_file_that_two_innovations_share_stays_until_neither_refers_to_it(registry: RegistryService) -> None:
    agency = await registry.agency()
    one, two = await registry.draft(agency), await registry.draft(agency, "two")
    curator, sweep = registry.by("curator"), sweep_of(registry)
    await upload(curator, one)
    await curator.change("PUT", f"{two}/documents/budget", of=two, files={"file": ("RKA.pdf", PDF)})
    await detach(curator, one)

    assert await sweep.sweep(timedelta(0)) == Swept(0, 0, 0)
    assert await there(registry) == [DIGEST]
    assert (await curator("GET", f"{two}/documents/budget")).content == PDF

    await curator.change("DELETE", f"{two}/documents/budget", of=two)
    assert await sweep.sweep(timedelta(0)) == Swept(1, len(PDF), 0)
    assert await there(registry) == []


async def test_a_file_of_the_last_submission_stays_while_the_returned_innovation_is_edited(
    registry: RegistryService,
) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner, curator = registry.by(f"agency:{agency}"), registry.by("curator")
    await upload(owner, place)
    await owner.change("POST", f"{place}/submit", of=place)
    await curator.change("POST", f"{place}/return", {"comments": {"16": "Salah berkas."}}, of=place)
    await detach(owner, place)

    assert await sweep_of(registry).sweep(timedelta(0)) == Swept(0, 0, 0)
    assert (await curator("GET", f"{place}/evidence/16/files/{DIGEST}")).content == PDF


async def test_a_file_that_is_uploaded_again_while_it_waits_for_removal_stays(
    registry: RegistryService, tmp_path: Path
) -> None:
    place = await registry.draft(await registry.agency())
    curator, sweep = registry.by("curator"), sweep_of(registry)
    await upload(curator, place)
    await detach(curator, place)
    await age(registry, tmp_path, 30)
    await sweep.sweep()
    await age(registry, tmp_path, 30)

    await upload(curator, place)
    attached = await sweep.sweep()
    await detach(curator, place)
    detached = await sweep.sweep()

    assert (attached, detached) == (Swept(0, 0, 0), Swept(0, 0, 0))
    assert await there(registry) == [DIGEST]


async def test_a_file_that_was_stored_and_is_not_attached_yet_stays(registry: RegistryService) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield PDF

    stored = await registry.files.put(chunks(), most={"application/pdf": MB})

    assert await sweep_of(registry).sweep(GRACE) == Swept(0, 0, 0)
    assert await registry.files.stat(stored.digest) is not None


async def test_a_reference_that_appears_between_two_looks_is_seen_before_the_removal(
    registry: RegistryService, tmp_path: Path
) -> None:
    place = await registry.draft(await registry.agency())
    curator = registry.by("curator")
    await upload(curator, place)
    await detach(curator, place)
    await age(registry, tmp_path, 30)
    await sweep_of(registry).sweep()
    await age(registry, tmp_path, 30)
    past = (Clock.machine() - timedelta(hours=50)).timestamp()

    class Attaching(FileSweep):
        async def _note(self, *arguments: object) -> None:
            await upload(curator, place)
            for path in (tmp_path / "files").rglob(DIGEST):  # as if the file's time told nothing
                os.utime(path, (past, past))
            await super()._note(*arguments)  # type: ignore[arg-type]

    assert await Attaching(registry.store, registry.files).sweep() == Swept(0, 0, 1)
    assert (await curator("GET", f"{place}/evidence/16/files/{DIGEST}")).content == PDF
