"""PDFs are read by a process of their own, whatever they are."""

from __future__ import annotations

import asyncio
import gc
import os
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from services.registry.evidence.precheck import process as rooms
from services.registry.evidence.precheck import reader
from services.registry.evidence.precheck.process import PdfProcess
from services.registry.evidence.precheck.text import TextState
from shared.faults import Busy
from tests.support.precheck.pdfs import pdf_of, scan_of


@pytest.fixture
async def pdfs() -> AsyncIterator[PdfProcess]:
    process = PdfProcess()
    yield process
    await process.close()


def pdf_with(content: bytes, *, times: int = 1, packed: int = 0, more: bytes = b"") -> bytes:
    """A PDF of one page, whose content is deflated `times` times; it is so already `packed` times."""
    filters = b"/FlateDecode " * times
    for _ in range(times - packed):
        content = zlib.compress(content, 9)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> " + more + b" >> >>",
        b"<< /Length %d /Filter [%s] >>\nstream\n%s\nendstream" % (len(content), filters, content),
    ]
    return _written(objects)


def _written(objects: list[bytes]) -> bytes:
    file, places = b"%PDF-1.7\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        file
        + head
        + table
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            len(file),
        )
    )


def a_bomb() -> bytes:
    """300 MB of blanks in some kilobytes, deflated twice."""
    packed = zlib.compressobj(9)
    once = b"".join(packed.compress(b" " * 10_000_000) for _ in range(30)) + packed.flush()
    return pdf_with(once, times=2, packed=1)


def endless_pages() -> bytes:
    """A tree of pages that contains itself."""
    return _written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999999 >>"])


def a_page_of_work() -> bytes:
    """More operators than can be read in time."""
    return pdf_with(b"BT /F1 1 Tf " + b"(a b) Tj 1 0 0 1 0 0 Tm " * 1_000_000 + b"ET")


def deep_nesting() -> bytes:
    return pdf_with(b"BT ET", more=b"/Deep " + b"[" * 200_000 + b"]" * 200_000)


@pytest.mark.parametrize("hostile", [a_bomb, endless_pages, a_page_of_work, deep_nesting])
async def test_a_hostile_file_is_given_up_and_the_next_one_is_read(
    hostile: Callable[[], bytes],
) -> None:
    pdfs, file = PdfProcess(given_up=0.7), hostile()
    assert len(file) < 10 * 1024 * 1024  # as it may be uploaded
    try:
        async with asyncio.timeout(20):
            found = await pdfs.read(file)
        pdfs._given_up = rooms.GIVEN_UP  # a new process starts first, which takes its time on a busy machine
        after = await pdfs.read(pdf_of(["Surat yang dapat dibaca sesudahnya"]))
    finally:
        await pdfs.close()

    assert found.state in {TextState.TOO_COMPLEX, TextState.UNREADABLE, TextState.SCAN}
    assert after.state is TextState.READ


async def test_bytes_that_are_no_pdf_are_unreadable(pdfs: PdfProcess) -> None:
    for data in (b"", b"%PDF-1.4", b"\x00" * 1000, pdf_of(["a"])[:300]):
        assert (await pdfs.read(data)).state is TextState.UNREADABLE


async def test_a_file_that_needs_a_password_is_locked(pdfs: PdfProcess) -> None:
    assert (await pdfs.read(pdf_of(["rahasia"], password="kunci"))).state is TextState.LOCKED


async def test_a_scan_is_said_to_be_one_also_with_a_stamp_on_it(pdfs: PdfProcess) -> None:
    scan = await pdfs.read(scan_of(2, "Dokumen ini telah ditandatangani secara elektronik oleh BSrE"))

    assert (scan.state, scan.pages, scan.without_text) == (TextState.SCAN, 2, (1, 2))


async def test_the_process_has_no_settings_and_little_memory(pdfs: PdfProcess) -> None:
    await pdfs.read(pdf_of(["Surat"]))
    assert pdfs._process is not None

    environment = await asyncio.to_thread(_proc, pdfs._process.pid, "environ")
    limits = await asyncio.to_thread(_proc, pdfs._process.pid, "limits")

    assert environment == ""
    assert f"Max address space         {reader.MEMORY}" in limits
    assert "Max file size             0" in limits


def _proc(pid: int, name: str) -> str:
    return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")


async def test_it_is_used_again_and_ended_when_idle() -> None:
    pdfs = PdfProcess(idle=0.0)
    await pdfs.read(pdf_of(["Surat pertama"]))
    process = pdfs._process
    assert process is not None

    async with asyncio.timeout(20):
        await process.wait()

    assert (await pdfs.read(pdf_of(["Surat kedua, dengan cukup banyak huruf"]))).state is TextState.READ
    await pdfs.close()


async def test_a_reader_that_is_killed_costs_one_file(pdfs: PdfProcess) -> None:
    await pdfs.read(pdf_of(["Surat pertama"]))
    assert pdfs._process is not None
    os.kill(pdfs._process.pid, 9)

    states = [(await pdfs.read(pdf_of(["Surat kedua, dengan cukup banyak huruf"]))).state for _ in range(2)]

    assert states[-1] is TextState.READ


async def test_a_caller_who_goes_away_leaves_nothing_behind(pdfs: PdfProcess) -> None:
    gone = asyncio.create_task(pdfs.read(a_page_of_work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone

    found = await pdfs.read(pdf_of(["Surat yang dapat dibaca sesudahnya"]))

    assert found.read[0].text == "Surat yang dapat dibaca sesudahnya"


async def test_too_many_waiting_files_are_refused(pdfs: PdfProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_WAITING", 2)
    waiting = [asyncio.create_task(pdfs.read(pdf_of(["Surat"]))) for _ in range(2)]
    await asyncio.sleep(0)

    with pytest.raises(Busy):
        await pdfs.read(pdf_of(["Surat"]))

    await asyncio.gather(*waiting)


# --- What the process does, here without one ---


def test_only_the_first_pages_and_signs_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf_of(*([f"Halaman {number}"] for number in range(1, 6)))

    monkeypatch.setattr(reader, "MOST_PAGES", 3)
    assert [each["text"] for each in reader.read(data)["texts"]] == ["Halaman 1\n", "Halaman 2\n", "Halaman 3\n"]
    monkeypatch.setattr(reader, "MOST_SIGNS", 12)
    assert [each["text"] for each in reader.read(data)["texts"]] == ["Halaman 1\n", "Ha"]


def test_pages_that_were_read_in_time_are_kept() -> None:
    data = pdf_of(*(["Kata " * 20] * 40 for _ in range(80)))

    gc.disable()  # pytest fails for what is raised in a callback of the collector, where it is ignored
    try:
        answer = reader.read(data, seconds=0.02)
    finally:
        gc.enable()

    assert answer["state"] in {"read", "too-complex"}
    assert len(answer["texts"]) < 80
