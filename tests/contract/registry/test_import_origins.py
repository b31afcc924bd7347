"""Where innovations come from, by import: projects of training with their decision, replications, the community."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.registry_service import REGION, RegistryService, running_registry
from tests.support.tables import findings, imported, workbook

HEAD = (
    *("OPD", "Tahun", "Judul Inovasi", "Status", "Tanggal Pengajuan", "Tanggal Verifikasi"),
    *("Tahapan", "Inisiator", "Klasifikasi", "Jenis", "Bentuk", "Urusan", "Asal", "Diklat", "Keputusan Tindak Lanjut"),
    *("Tanggal Keputusan Tindak Lanjut", "Alasan Dihentikan", "Daerah Asal", "Inovasi yang direplikasi"),
)
DECIDED = ("Terverifikasi", "2025-03-03", "2025-04-07", "Penerapan", "ASN", "Perangkat Daerah", "Digital")
PAST = (*DECIDED, "Pelayanan publik", "Kesehatan")
WITHDRAWN = ("Ditarik", *PAST[1:])
DRAFT = (None,) * 9
NOTHING = (None,) * 7

ROWS: dict[str, tuple[object, ...]] = {
    "Lanjut": (*PAST, "Pelatihan", "PKP", "Dilanjutkan", "5 Mei 2025", None, None, None),
    "Selesai": (*PAST, None, "Latsar CPNS", "dihentikan", "05/05/2025", "Selesai bersama pelatihan.", None, None),
    "Belum": (*DRAFT, "diklat", "PKA", None, None, None, None, None),
    "Tiruan": (*PAST, None, None, None, None, None, "Kota Contoh", "Loket Contoh"),
    "Warga": (*PAST, "Masyarakat", None, None, None, None, None, None),
    "Ditarik": (*WITHDRAWN, "Pelatihan", "PKP", None, None, None, None, None),
}


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as running:
        await running.region()
        await running.agency("Dinas Contoh")
        yield running


def table(**rows: tuple[object, ...]) -> bytes:
    lines = [("Dinas Contoh", 2026 if cells[0] is None else 2025, name, *cells) for name, cells in rows.items()]
    return workbook({"Inovasi": [HEAD, *lines]})


async def continuations(registry: RegistryService) -> dict[str, Any]:
    curator = registry.by("curator")
    listed = (await curator("GET", "/innovations", params={"limit": 200})).json()["items"]
    return {
        each["profile"]["name"]: (await curator("GET", f"/innovations/{each['id']}/continuation")).json()
        for each in listed
    }


async def test_projects_of_training_come_in_with_the_decision_whether_they_go_on(registry: RegistryService) -> None:
    done = await imported(registry, "innovations", table(**ROWS), key="first")
    again = await imported(registry, "innovations", table(**ROWS), key="again")
    known = await continuations(registry)

    assert (done["status"], done["created"]) == ("done", 6), await findings(registry, done["id"])
    assert (again["updated"], again["unchanged"]) == (0, 6)
    kinds = {name: each["origin"]["kind"] for name, each in known.items()}
    assert kinds == {
        **dict.fromkeys(("Lanjut", "Selesai", "Belum", "Ditarik"), "training"),
        "Tiruan": "replication",
        "Warga": "community",
    }
    assert (known["Selesai"]["use"]["use"], known["Selesai"]["use"]["reason"]) == (
        "stopped",
        "Selesai bersama pelatihan.",
    )
    assert known["Lanjut"]["origin"]["decided_on"] == "2025-05-05"
    assert [each["concern"] for each in known["Belum"]["concerns"]] == ["undecided"]
    assert known["Warga"]["origin"]["fostering_agency"] == known["Warga"]["agency"]


async def test_what_was_exported_has_the_origin_and_changes_nothing(registry: RegistryService) -> None:
    await imported(registry, "innovations", table(**ROWS), key="first")
    before = await continuations(registry)
    await registry.owed_events()
    for format in ("csv", "xlsx"):
        answer = await registry.by("curator")("GET", f"/exports/innovations.{format}?region={REGION}")
        done = await imported(registry, "innovations", answer.content, key=format, name=f"tabel.{format}")
        assert (done["status"], done["updated"], done["unchanged"]) == ("done", 0, 6)

    assert await continuations(registry) == before
    assert await registry.owed_types() == []


async def test_a_later_table_brings_the_decision_and_changes_none(registry: RegistryService) -> None:
    await imported(registry, "innovations", table(Belum=ROWS["Belum"]), key="first")
    stop = (*DRAFT, None, None, "Dihentikan", "2026-05-04", "Tidak ada anggaran.", None, None)
    decided = await imported(registry, "innovations", table(Belum=stop), key="decided")
    empty = await imported(registry, "innovations", table(Belum=(*DRAFT, *NOTHING)), key="empty")
    other = (*DRAFT, None, None, "Dilanjutkan", None, None, None, None)
    refused = await imported(registry, "innovations", table(Belum=other), key="other")
    known = (await continuations(registry))["Belum"]

    assert (decided["updated"], empty["unchanged"]) == (1, 1)
    assert [each["column"] for each in await findings(registry, refused["id"])] == ["Keputusan Tindak Lanjut"]
    assert (known["origin"]["decision"], known["use"]["use"]) == ("stop", "stopped")


async def test_an_origin_that_cannot_be_is_reported_with_its_column(registry: RegistryService) -> None:
    wrong: list[tuple[tuple[object, ...], str]] = [
        (("Gagasan sendiri", "PKP", None, None, None, None, None), "Asal"),
        (("Pelatihan", None, None, None, None, None, None), "Asal"),
        ((None, "PKP", "Dihentikan", "2026-05-04", None, None, None), "Asal"),
        ((None, "PKP", "Dilanjutkan", "2026-06-02", None, None, None), "Tanggal Keputusan Tindak Lanjut"),
        ((None, "PKS", None, None, None, None, None), "Diklat"),
        ((None, None, None, None, None, "Kota Contoh", None), "Inovasi yang direplikasi"),
    ]
    rows = {f"Salah {number}": (*DRAFT, *cells) for number, (cells, _) in enumerate(wrong)}
    refused = await imported(registry, "innovations", table(**rows), key="wrong")
    report = await findings(registry, refused["id"])

    assert refused["status"] == "refused"
    assert {(each["row"] - 2, each["column"]) for each in report} == {
        (number, column) for number, (_, column) in enumerate(wrong)
    }
