"""The ready package over HTTP: checked, refused, downloaded, opened again."""

from __future__ import annotations

import csv
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile, ZipFile

import pytest

from services.registry.evidence.attachment import Attachment, ProfileDocument
from services.registry.evidence.evidence import ROWS, Evidence
from services.registry.exports.composition import packages_of
from services.registry.exports.package.choice import Take
from services.registry.exports.package.package import AT_ONCE, Packages
from services.registry.innovation.innovation import Innovation
from shared.clock import Clock
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Busy, FilesAway
from shared.ports.bus import Bus
from shared.runtime.service import Resources
from shared.settings import Settings
from shared.storage.models import replaced
from tests.support.exports.package_samples import AT, all_rows, put_file, verified, write
from tests.support.registry_service import RegistryService, running_registry
from tests.support.small_files import PDF_FILE

TOP = "Paket IGA 2026 61.12"
PATH = "/regions/61.12/ready-package/2026"


@dataclass
class Desk:
    """A registry with one agency. whole: an innovation without a flaw, as it was written."""

    registry: RegistryService
    agency: str
    whole: Innovation

    async def get(self, path: str, who: str = "curator") -> Any:  # noqa: ANN401 - JSON
        answer = await self.registry.by(who)("GET", f"{PATH}{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def zip(self, query: str = "") -> ZipFile:
        answer = await self.registry.by("curator")("GET", f"{PATH}.zip{query}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "application/zip"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{TOP}.zip"'
        book = ZipFile(BytesIO(answer.content))
        assert book.testzip() is None
        return book


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        agency = await registry.agency()
        whole = verified("a", agency, await all_rows(registry.files, b"a"))
        await write(registry.store, whole)
        yield Desk(registry, agency, whole)


async def test_the_package_has_a_folder_for_each_innovation_in_the_order_of_the_national_form(desk: Desk) -> None:
    book = await desk.zip()

    folder = f"{TOP}/001 Layanan Antar Dokumen"
    names = book.namelist()
    assert names[0] == f"{folder}/00 Profil/Profil inovasi.txt"
    assert names[1] == f"{folder}/16 Regulasi Inovasi Daerah/16-01 188-16-2025.pdf"
    assert [name.split("/")[2][:2] for name in names[1:21]] == list(ROWS)
    assert names[21:] == [f"{folder}/Daftar data pendukung.csv", f"{TOP}/Daftar inovasi.csv"]
    assert book.read(names[1]) == PDF_FILE + b"a16"
    assert book.getinfo(names[1]).date_time == (2026, 5, 4, 9, 0, 0)
    assert names[10].endswith("25-01 188-25-2025.jpg")
    assert max(map(len, names)) < 180


async def test_the_evidence_files_have_their_numbers_and_the_list_tells_them(desk: Desk) -> None:
    book = await desk.zip()

    text = book.read(f"{TOP}/001 Layanan Antar Dokumen/Daftar data pendukung.csv").decode("utf-8-sig")
    rows = {row["Nomor"]: row for row in csv.DictReader(StringIO(text))}
    assert list(rows) == list(ROWS)
    assert rows["16"]["Wajib"] == "Ya"
    assert rows["16"]["Berkas atau tautan"] == "16-01 188-16-2025.pdf"
    assert (rows["16"]["Nomor surat"], rows["16"]["Tanggal surat"]) == ("188/16/2025", "2024-12-01")
    assert (rows["16"]["Tentang"], rows["16"]["Parameter terverifikasi"]) == ("Surat 16", "2")


async def test_the_profile_is_a_text_in_the_order_of_the_form_and_in_its_words(desk: Desk) -> None:
    book = await desk.zip()

    text = book.read(book.namelist()[0]).decode("utf-8-sig")
    assert text.startswith(
        "PROPOSAL INOVASI DAERAH\r\n\r\n1. Nama pemerintah daerah: Kabupaten Kubu Raya\r\n"
        "2. Nama perangkat daerah: Dinas Kesehatan\r\n3. Nama inovasi: Layanan Antar Dokumen\r\n"
        "4. Tahapan inovasi: Penerapan\r\n"
    )
    assert "\r\n17. Waktu penerapan: 5 Mei 2025\r\n" in text
    assert "\r\n14. Urusan utama: Kesehatan\r\n" in text
    assert "\r\n20. Rancang bangun:\r\nDasar hukum" in text


async def test_a_whole_package_is_complete(desk: Desk) -> None:
    assert await desk.get("") == {
        "region": "61.12",
        "year": 2026,
        "form": "2026.1",
        "window_from": "2024-01-01",
        "window_to": "2025-12-31",
        "window_stated": True,
        "taken": 1,
        "ready": 1,
        "left_out": 0,
        "left_out_ids": [],
        "files": 20,
        "size": sum(each.files[0].size for each in desk.whole.evidence.values()),
        "errors": 0,
        "hints": 0,
        "complete": True,
    }


async def test_a_file_that_is_gone_is_an_error_and_is_left_out_of_the_package(desk: Desk) -> None:
    (file,) = desk.whole.evidence["17"].files
    await desk.registry.files.delete(file.digest, put_before=datetime.now(UTC) + timedelta(hours=1))

    (item,) = (await desk.get("/check"))["items"]
    assert [each["code"] for each in item["findings"]] == ["file-missing"]
    book = await desk.zip("?take=all")
    assert not [name for name in book.namelist() if "/17 " in name]
    said = book.read(f"{TOP}/001 Layanan Antar Dokumen/Hasil pemeriksaan.txt").decode("utf-8-sig")
    assert said == "SALAH: Indikator 17, berkas 17-01: berkas tidak ada lagi di penyimpanan\r\n"


async def test_a_package_with_errors_does_not_leave_unless_told(desk: Desk) -> None:
    rows = {row: each for row, each in desk.whole.evidence.items() if row != "35"}
    await write(desk.registry.store, verified("b", desk.agency, rows, name="Berjumpa"))

    refused = await desk.registry.by("curator")("GET", f"{PATH}.zip")
    assert refused.status_code == 422
    (flaw,) = refused.json()["flaws"]
    assert (flaw["field"], flaw["code"]) == ("innovations.b.35", "mandatory-missing")
    assert flaw["message"].startswith("001 Berjumpa: ")
    folders = {name.split("/")[1] for name in (await desk.zip("?take=ready")).namelist()}
    assert folders == {"002 Layanan Antar Dokumen", "Daftar inovasi.csv"}
    book = await desk.zip("?take=all")
    assert {name.split("/")[1] for name in book.namelist()} == folders | {"001 Berjumpa"}
    listed = list(csv.DictReader(StringIO(book.read(f"{TOP}/Daftar inovasi.csv").decode("utf-8-sig"))))
    assert [(row["Nomor"], row["Nama inovasi"], row["Kesalahan"]) for row in listed] == [
        ("1", "Berjumpa", "1"),
        ("2", "Layanan Antar Dokumen", "0"),
    ]


async def test_an_innovation_that_the_round_does_not_take_for_its_age_is_left_out(desk: Desk) -> None:
    store, rows = desk.registry.store, desk.whole.evidence
    old = {"applied_on": "2021-03-01", "trial_on": "2020-11-02"}
    await write(store, verified("old", desk.agency, rows, **old))
    await write(store, verified("new", desk.agency, rows, **old, developed=True, developed_on="2024-02-01"))

    summary = await desk.get("")
    assert (summary["taken"], summary["left_out_ids"]) == (2, ["old"])


async def test_only_verified_innovations_are_taken_unless_told(desk: Desk) -> None:
    for status in (InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.WITHDRAWN):
        other = replaced(desk.whole, id=status.value, status=status)
        await write(desk.registry.store, other)

    assert (await desk.get(""))["taken"] == 1
    (_, other) = (await desk.get("/check?scope=submitted"))["items"]
    assert (other["id"], other["findings"][0]["code"]) == ("submitted", "not-verified")
    assert (await desk.get("?duty_year=2025"))["taken"] == 0


async def test_the_profile_s_documents_and_links_go_along(desk: Desk) -> None:
    stored = await put_file(desk.registry.files, PDF_FILE + b"anggaran")
    attachment = Attachment(
        digest=stored.digest, size=stored.size, media_type=stored.media_type, name="x.pdf", added_at=AT
    )
    rows = desk.whole.evidence | {"35": Evidence(level=3, links=("https://video.example/=1",))}
    await write(
        desk.registry.store,
        replaced(desk.whole, documents={ProfileDocument.BUDGET: attachment}, evidence=rows),
    )

    book = await desk.zip()
    folder = f"{TOP}/001 Layanan Antar Dokumen"
    assert book.read(f"{folder}/00 Profil/Anggaran.pdf") == PDF_FILE + b"anggaran"
    assert book.read(f"{folder}/35 Video inovasi daerah/35 tautan.txt") == b"https://video.example/=1\r\n"


async def test_the_check_comes_in_pages_in_the_order_of_the_package(desk: Desk) -> None:
    for name in ("Cepat", "Bumi Bahari", "Adu"):
        await write(desk.registry.store, verified(name[0].lower() * 2, desk.agency, desk.whole.evidence, name=name))

    first = await desk.get("/check?limit=3")
    second = await desk.get(f"/check?limit=3&after={first['next']}")
    folders = [each["folder"] for each in (*first["items"], *second["items"])]
    assert folders == ["001 Adu", "002 Bumi Bahari", "003 Cepat", "004 Layanan Antar Dokumen"]
    assert second["next"] is None
    refused = await desk.registry.by("curator")("GET", f"{PATH}/check?after=x")
    assert refused.status_code == 422


async def test_only_the_curator_of_the_region_gets_the_package(desk: Desk) -> None:
    for who, status in (("curator-71", 403), (f"agency:{desk.agency}", 403), ("operator", 403), ("executive", 403)):
        assert (await desk.registry.by(who)("GET", f"{PATH}.zip")).status_code == status
    assert (await desk.registry.by(None)("GET", PATH)).status_code == 401
    assert (await desk.get("", "executive"))["complete"]
    assert (await desk.registry.by("curator-71")("GET", f"{PATH}/check")).status_code == 403


async def test_a_name_cannot_leave_its_folder_or_run_in_a_spreadsheet(desk: Desk) -> None:
    hostile = desk.whole.evidence["16"].files[0].model_copy(update={"number": "../../../etc/passwd", "subject": "=1+1"})
    rows = desk.whole.evidence | {"16": Evidence(level=2, files=(hostile,))}
    await write(desk.registry.store, verified("a", desk.agency, rows, name="..\\..\\Ánté: <LPT1>"))

    book = await desk.zip()
    folder = f"{TOP}/001 Ante- -LPT1"
    assert book.namelist()[1] == f"{folder}/16 Regulasi Inovasi Daerah/16-01 etc-passwd.pdf"
    assert ",'=1+1" in book.read(f"{folder}/Daftar data pendukung.csv").decode()


async def test_a_process_sends_a_few_packages_at_once_and_a_reader_that_leaves_frees_its_place(desk: Desk) -> None:
    packages = packages_at(desk)
    choice = await packages.choice_of("61.12", 2026)
    streams = [packages.stream(choice, Take.ALL) for _ in range(AT_ONCE)]
    for each in streams:
        assert (await anext(each)).startswith(b"PK")

    with pytest.raises(Busy):
        await anext(packages.stream(choice, Take.ALL))
    await cast("AsyncGenerator[bytes, None]", streams[0]).aclose()
    assert b"".join([chunk async for chunk in packages.stream(choice, Take.ALL)]).startswith(b"PK")


async def test_a_package_that_is_cut_off_cannot_be_opened(desk: Desk) -> None:
    rows = await all_rows(desk.registry.files, b"large", 100_000, rows=("16", "17"))
    await write(desk.registry.store, verified("a", desk.agency, rows))
    packages = packages_at(desk)
    stream = packages.stream(await packages.choice_of("61.12", 2026), Take.ALL)
    sent = [await anext(stream)]
    await desk.registry.files.close()

    with pytest.raises(FilesAway):
        await drained(stream, sent)
    with pytest.raises(BadZipFile):
        ZipFile(BytesIO(b"".join(sent)))


def packages_at(desk: Desk) -> Packages:
    store, files = desk.registry.store, desk.registry.files
    return packages_of(Resources(store, files, cast("Bus", None), Clock(AT), Settings()))


async def drained(stream: AsyncIterator[bytes], into: list[bytes]) -> None:
    into.extend([chunk async for chunk in stream])
