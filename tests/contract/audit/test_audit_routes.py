"""The audit log over HTTP: who may see what of it."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from shared.clock import Clock
from shared.messaging.audit_filing import AuditFiling
from shared.storage.audit.sealing import Sealing
from tests.support.registry_service import RegistryService, running_registry
from tests.support.store_samples import LEASE
from tests.support.tables import send, workbook

OTHER = "61.71"
HOSTILE = "=cmd|'/C calc'!A1"


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        await registry.region(OTHER)
        await registry.agency(HOSTILE)
        await registry.agency("Dinas Kesehatan", OTHER)
        await AuditFiling(registry.store).file_all(LEASE)
        yield registry


async def items(registry: RegistryService, token: str, **query: str | int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        answer = await registry.by(token)("GET", "/audit", params={**query, **after})
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        if answer.json()["next"] is None:
            return found
        after = {"after": answer.json()["next"]}


async def test_a_curator_sees_the_own_region_only(registry: RegistryService) -> None:
    assert {each["region"] for each in await items(registry, "curator")} == {"61.12"}
    assert {each["region"] for each in await items(registry, "curator-71")} == {OTHER}
    assert (await registry.by("curator")("GET", f"/audit?region={OTHER}")).status_code == 403
    assert (await registry.by("curator")("GET", f"/audit.csv?region={OTHER}")).status_code == 403


async def test_others_see_nothing(registry: RegistryService) -> None:
    for token, path in product(("agency:a", "executive", None), ("/audit", "/audit.csv", "/audit/seal")):
        assert (await registry.by(token)("GET", path)).status_code in {401, 403}


async def test_an_operator_sees_who_changed_which_fields_and_no_values(registry: RegistryService) -> None:
    found = await items(registry, "operator")

    assert {each["region"] for each in found} == {"61.12", OTHER}
    assert {each["account"] for each in found} == {"account-operator"}
    changes = [change for each in found for change in each["changes"]]
    assert "name" in {each["field"] for each in changes}
    assert {(each["hidden"], each["before"], each["after"]) for each in changes} == {(True, None, None)}
    assert (await registry.by("operator")("GET", "/audit.csv")).status_code == 403


async def test_pages_of_one_give_every_entry_once(registry: RegistryService) -> None:
    every = [each["id"] for each in await items(registry, "curator")]

    assert [each["id"] for each in await items(registry, "curator", limit=1)] == every
    assert len(set(every)) == len(every) == 2


async def test_entries_are_found_by_document_and_day(registry: RegistryService) -> None:
    (entry,) = await items(registry, "curator", document="region/61.12")
    day = entry["at"][:10]

    assert len(await items(registry, "curator", **{"from": day, "to": day})) == 2
    assert await items(registry, "curator", to="2020-01-01") == []
    assert await items(registry, "curator", **{"from": "2199-01-01"}) == []
    assert (await registry.by("curator")("GET", "/audit?from=kemarin")).status_code == 422
    assert (await registry.by("curator")("GET", "/audit?after=x")).status_code == 422
    assert (await registry.by("curator")("GET", "/audit?akun=x")).status_code == 422


async def test_the_table_has_a_line_for_each_field_and_runs_no_formula(registry: RegistryService) -> None:
    answer = await registry.by("curator")("GET", "/audit.csv")

    lines = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    names = [each for each in lines if each["Isian"] == "name" and each["Dokumen"].startswith("agency/")]
    assert [(each["Akun"], each["Tindakan"], each["Sebelum"], each["Sesudah"]) for each in names] == [
        ("account-operator", "dibuat", "", f"'{HOSTILE}")
    ]
    assert {each["Daerah"] for each in lines} == {"61.12"}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit-registry-61.12.csv"'


async def test_the_last_seal_can_be_read(registry: RegistryService) -> None:
    assert (await registry.by("curator")("GET", "/audit/seal")).json() == {"last": None}
    entries = await items(registry, "curator")
    day = entries[0]["at"][:10]
    await Sealing(registry.store, lambda: Clock.machine() + timedelta(days=2)).run()

    last = (await registry.by("curator")("GET", "/audit/seal")).json()["last"]

    assert len(last["sha256"]) == 64
    assert last["day"] >= day


async def test_what_an_imported_file_changes_is_told_in_the_name_of_who_sent_it(registry: RegistryService) -> None:
    await send(registry, "agencies", workbook({"Perangkat Daerah": [("Nama", "Jenis"), ("Dinas Baru", "Dinas")]}))
    await registry.loops["imports"]()
    await AuditFiling(registry.store).file_all(LEASE)

    told = [each for each in await items(registry, "curator") if each["role"] == "import"]

    assert {each["account"] for each in told} == {"account-curator"}
    assert {each["document"].partition("/")[0] for each in told} == {"agency", "import"}
    assert {each["through"].partition("/")[0] for each in told} == {"import"}
