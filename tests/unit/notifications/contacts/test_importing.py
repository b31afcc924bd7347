"""Imported tables: once, completely, and finished after a crash."""

from __future__ import annotations

import pytest

from services.notifications.kinds import CONTACT, CONTACT_IMPORT, MESSAGE
from shared.faults import KeyReused
from shared.storage.batches import AT_ONCE
from tests.support.notifications_service import REGION, WITHIN_30, NotificationsService
from tests.unit.notifications.reminders.telling import receive_agencies

TABLE = """nama;email;telepon;perangkat_daerah
Budi;Budi@Dinkes.example;0812-3456-7890;Dinas Kesehatan
Sari;sari@dinsos.example;;dinas sosial
"""


async def test_a_table_is_imported_once_and_its_import_keeps_no_personal_data(
    log_service: NotificationsService,
) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    importer = log_service.parts.importer
    first = await importer.run("curator-1", "key", REGION, TABLE.encode())
    again = await importer.run("curator-1", "key", REGION, TABLE.encode())
    assert first.value == again.value
    assert (first.value.created, first.value.updated, first.value.rows) == (2, 0, ())
    with pytest.raises(KeyReused):
        await importer.run("curator-1", "key", REGION, TABLE.encode() + b"\n")
    updated = await importer.run("curator-1", "other", REGION, TABLE.encode())
    assert (updated.value.created, updated.value.updated) == (0, 2)
    assert updated.value.people == first.value.people


async def test_an_import_that_a_crash_interrupted_is_finished_by_the_sweep(
    log_service: NotificationsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan", "Dinas Sosial")
    change, contacts_written = log_service.store.change, 0

    async def cut(kind: str, id: str, decide, **more):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN202
        nonlocal contacts_written
        if kind == "contact":
            contacts_written += 1
            if contacts_written == 2:
                raise ConnectionError("killed")
        return await change(kind, id, decide, **more)

    monkeypatch.setattr(log_service.store, "change", cut)
    with pytest.raises(ConnectionError):
        await log_service.parts.importer.run("curator-1", "key", REGION, TABLE.encode())
    monkeypatch.undo()
    await log_service.parts.sweep.run()
    page = await log_service.store.find(CONTACT_IMPORT.name, {"status": "done"})
    assert len(page.documents) == 1
    log_service.clock.move_to(WITHIN_30)
    await log_service.parts.sweep.run()
    assert len((await log_service.store.find(MESSAGE.name, {})).documents) == 2


async def test_a_table_longer_than_one_batch_is_imported_completely_and_once(log_service: NotificationsService) -> None:
    await receive_agencies(log_service, "Dinas Kesehatan")
    lines = [f"Orang {number},orang{number}@dinkes.example,Dinas Kesehatan" for number in range(2 * AT_ONCE + 3)]
    table = "\n".join(["nama,email,perangkat_daerah", *lines]).encode()
    done = await log_service.parts.importer.run("curator-1", "key", REGION, table)
    assert (done.value.status, done.value.created, done.value.rows) == ("done", len(lines), ())
    stored = (await log_service.store.find(CONTACT.name, {}, limit=1000)).documents
    assert sorted(each.state["name"] for each in stored) == sorted(line.partition(",")[0] for line in lines)
