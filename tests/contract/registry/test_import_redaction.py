"""A curator has an imported table removed for good: its bytes, and the reports that quote it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.support.registry_service import RegistryService, running_registry
from tests.support.tables import findings, imported, send, workbook

NAME = "Nama Contoh 3171234567890001"
TABLE = workbook({"OPD": [("Nama OPD", "Jenis"), ("Dinas Kesehatan", "Dinas"), ("Dinas Sosial", NAME)]})
GOOD = workbook({"OPD": [("Nama OPD", "Jenis"), ("Dinas Kesehatan", "Dinas")]})
WHY = "Memuat NIK."


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as running:
        await running.region()
        yield running


async def redact(registry: RegistryService, run: str, digest: str, by: str = "curator") -> httpx2.Response:
    path = f"/imports/{run}"
    tag = (await registry.by("curator")("GET", path)).headers["ETag"]
    return await registry.by(by)("POST", f"{path}/redactions", {"digest": digest, "reason": WHY}, tag=tag)


async def stored(registry: RegistryService) -> list[str]:
    return [digest async for digest in registry.files.digests()]


async def test_the_table_and_the_report_go_and_digest_counts_and_reason_stay(registry: RegistryService) -> None:
    done = await imported(registry, "agencies", TABLE, name=f"{NAME}.xlsx")
    assert NAME in str(await findings(registry, done["id"]))

    answer = await redact(registry, done["id"], done["digest"])

    shown = (await registry.by("curator")("GET", f"/imports/{done['id']}")).json()
    assert answer.status_code == 200, answer.text
    assert await findings(registry, done["id"]) == []
    assert await stored(registry) == []
    assert (shown["digest"], shown["errors"], shown["name"]) == (done["digest"], done["errors"], "tabel")
    assert [(each["digest"], each["reason"]) for each in shown["redactions"]] == [(done["digest"], WHY)]
    assert NAME not in str(shown)


async def test_it_goes_from_every_import_of_the_region_that_has_it(registry: RegistryService) -> None:
    tried = await imported(registry, "agencies", GOOD, key="tried", dry_run=True)
    done = await imported(registry, "agencies", GOOD, key="done")
    assert tried["digest"] == done["digest"]

    await redact(registry, done["id"], done["digest"])

    other = (await registry.by("curator")("GET", f"/imports/{tried['id']}")).json()
    assert [each["reason"] for each in other["redactions"]] == [WHY]
    assert done["digest"] not in await stored(registry)
    assert done["created"] == 1, "what was imported stays"


async def test_an_import_that_goes_on_is_not_redacted(registry: RegistryService) -> None:
    made = await send(registry, "agencies", GOOD)

    refused = await redact(registry, made["id"], made["digest"])

    assert (refused.status_code, await stored(registry)) == (409, [made["digest"]])


async def test_only_a_curator_of_its_region_redacts_it_and_only_the_table_that_it_has(
    registry: RegistryService,
) -> None:
    done = await imported(registry, "agencies", TABLE)

    answers = [
        await redact(registry, done["id"], done["digest"], "curator-71"),
        await redact(registry, done["id"], done["digest"], "operator"),
        await redact(registry, done["id"], "0" * 64),
    ]

    assert [each.status_code for each in answers] == [404, 403, 404]
    assert await stored(registry) == [done["digest"]]


async def test_a_dry_run_beside_a_redacted_import_of_agencies_goes_without_it(registry: RegistryService) -> None:
    done = await imported(registry, "agencies", GOOD, key="agencies", dry_run=True)
    await redact(registry, done["id"], done["digest"])
    table = workbook({"Inovasi": [("OPD", "Tahun", "Judul inovasi"), ("Dinas Kesehatan", 2026, "Satu")]})

    tried = await imported(registry, "innovations", table, key="x", dry_run=True, agencies_from=done["id"])

    assert tried["status"] == "refused"
    assert "broken" not in {each["code"] for each in await findings(registry, tried["id"])}
