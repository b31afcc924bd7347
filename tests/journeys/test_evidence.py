"""Upload and download of evidence files over HTTP, on both pairs of engines; and files of another type than named."""

from __future__ import annotations

import hashlib

import httpx2
import pytest

from tests.support.client import Regency
from tests.support.faults.scenario import EVIDENCE
from tests.support.registry_samples import valid_profile
from tests.support.small_files import JPEG_FILE, PDF_FILE, PNG_FILE, mp4_file

pytestmark = pytest.mark.asyncio(loop_scope="session")

EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + b"\x00" * 200
ZIP = b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + b"\x00" * 200
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GZIP_BOMB = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03" + b"\xff" * 4096
HTML = b"<!doctype html><title>SK</title><script>fetch('//x.example')</script>"


async def upload(
    regency: Regency, agency: str, innovation: str, file: tuple[str, bytes], *, row: str = "16"
) -> httpx2.Response:
    path = f"/registry/v1/innovations/{innovation}"
    officer = regency.officer(agency)
    seen = await officer.raw("GET", path)
    return await officer.raw(
        "POST",
        f"{path}/evidence/{row}/files",
        files={"file": (*file, "application/pdf")},
        headers={"If-Match": seen.headers["etag"]},
    )


async def test_a_file_comes_down_as_it_went_up_and_only_to_those_who_may(regency: Regency) -> None:
    agency, other = await regency.agency("Dinas Pemilik"), await regency.agency("Dinas Lain")
    innovation = await regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE)
    scan = PDF_FILE + b"%" * 700_000  # several chunks

    added = await upload(regency, agency, innovation, ("SK Bupati.pdf", scan))

    assert added.status_code == 200, added.text
    (file,) = added.json()["evidence"]["16"]["files"]
    assert file["digest"] == hashlib.sha256(scan).hexdigest()
    path = f"/registry/v1/innovations/{innovation}/evidence/16/files/{file['digest']}"
    for may in (regency.officer(agency), regency.curator):
        taken = await may.raw("GET", path)
        assert (taken.status_code, taken.content == scan) == (200, True)
        assert taken.headers["content-type"] == "application/pdf"
    assert (await regency.officer(other).raw("GET", path)).status_code in (403, 404)
    await regency.submit(innovation, agency)
    assert (await regency.curator.raw("GET", path)).content == scan


async def test_a_file_is_judged_by_what_it_is_and_nothing_of_it_stays_when_it_is_refused(
    regency: Regency,
) -> None:
    agency = await regency.agency()
    innovation = await regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE)
    lies = {
        "a programme that calls itself a PDF": EXE,
        "an archive": ZIP,
        "a picture with a script in it": SVG,
        "a page": HTML,
        "a compressed bomb": GZIP_BOMB,
        "nothing": b"",
        "a PDF after something else": EXE + PDF_FILE,
        "half a signature": PNG_FILE[:6],
        "a signature without its picture": PNG_FILE[:12],
        "a PDF without a version": b"%PDF-",
    }

    for what, content in lies.items():
        answer = await upload(regency, agency, innovation, ("SK.pdf", content))

        assert answer.status_code == 422, (what, answer.status_code, answer.text)
        assert answer.headers["content-type"] == "application/problem+json", what
        assert answer.json()["detail"], what
        taken = await regency.curator.raw(
            "GET",
            f"/registry/v1/innovations/{innovation}/evidence/16/files/{hashlib.sha256(content).hexdigest()}",
        )
        assert taken.status_code == 404, what
    assert (await regency.innovation(innovation))["evidence"]["16"]["files"] == []


async def test_a_file_is_named_and_sent_as_what_it_is_whatever_its_owner_called_it(regency: Regency) -> None:
    agency = await regency.agency()
    innovation = await regency.draft(agency, valid_profile(applied_on="2026-05-05"), EVIDENCE)

    picture = await upload(regency, agency, innovation, ("foto.pdf", PNG_FILE), row="19")
    film = await upload(regency, agency, innovation, ("video.exe", mp4_file()), row="35")
    wrong_row = await upload(regency, agency, innovation, ("video.pdf", mp4_file()))

    assert (wrong_row.status_code, wrong_row.headers["content-type"]) == (422, "application/problem+json")
    for row, answer, media_type in (("19", picture, "image/png"), ("35", film, "video/mp4")):
        assert answer.status_code == 200, answer.text
        (file,) = answer.json()["evidence"][row]["files"]
        path = f"/registry/v1/innovations/{innovation}/evidence/{row}/files/{file['digest']}"
        taken = await regency.curator.raw("GET", path)
        assert taken.headers["content-type"] == media_type
        assert taken.headers["x-content-type-options"] == "nosniff"
        assert taken.headers["content-disposition"].startswith("attachment;")
    assert (await upload(regency, agency, innovation, ("foto.jpg", JPEG_FILE), row="19")).status_code == 200
