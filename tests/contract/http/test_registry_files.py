"""Evidence files over HTTP: uploads, type checks by content, downloads and who may read them."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from shared.contracts.innovation import InnovationState
from tests.support.registry_service import Caller, RegistryService, running_registry

MB = 1024 * 1024
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
MP4 = struct.pack(">I4s4sI4s4s", 24, b"ftyp", b"isom", 512, b"isom", b"mp42") + b"\x00" * 64


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\x00")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.fixture
async def registry(tmp_path: Path) -> AsyncIterator[RegistryService]:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        yield registry


async def upload(caller: Caller, place: str, row: str, content: bytes, name: str = "SK.pdf") -> httpx2.Response:
    files = {"file": (name, content, "application/octet-stream")}
    return await caller.change("POST", f"{place}/evidence/{row}/files", of=place, files=files)


async def raw(
    caller: Caller, place: str, body: bytes, media_type: str = "multipart/form-data; boundary=b"
) -> httpx2.Response:
    headers = {"Content-Type": media_type}
    return await caller.change("POST", f"{place}/evidence/16/files", of=place, content=body, headers=headers)


def code_of(answer: httpx2.Response) -> tuple[int, str, str]:
    flaw = answer.json()["flaws"][0]
    return answer.status_code, flaw["field"], flaw["code"]


async def test_a_file_is_returned_unchanged_as_a_download(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner = registry.by(f"agency:{agency}")

    added = await upload(owner, place, "16", PDF, '../SK “Tim” é".pdf')

    assert added.status_code == 200, added.text
    (file,) = added.json()["evidence"]["16"]["files"]
    assert file["digest"] == hashlib.sha256(PDF).hexdigest()
    assert (file["size"], file["media_type"], file["name"]) == (len(PDF), "application/pdf", 'SK “Tim” é".pdf')
    downloaded = await owner("GET", f"{place}/evidence/16/files/{file['digest']}")
    assert downloaded.content == PDF
    assert downloaded.headers["Content-Type"] == "application/pdf"
    assert downloaded.headers["Content-Length"] == str(len(PDF))
    assert downloaded.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in downloaded.headers["Content-Security-Policy"]
    assert downloaded.headers["Content-Disposition"] == (
        "attachment; filename=\"SK _Tim_ __.pdf\"; filename*=UTF-8''SK%20%E2%80%9CTim%E2%80%9D%20%C3%A9%22.pdf"
    )


async def test_events_count_files_without_naming_them(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner = registry.by(f"agency:{agency}")
    await upload(owner, place, "16", PDF, "Budi Santoso.pdf")
    await registry.owed_events()
    await owner.change("POST", f"{place}/submit", of=place)

    ((event, payload),) = await registry.owed_events()

    assert isinstance(payload, InnovationState)
    assert next(row.proofs for row in payload.evidence if row.row == "16") == 2
    assert b"Budi" not in event.encode()


async def test_only_the_agency_and_its_region_can_read_files(registry: RegistryService) -> None:
    agency, other = await registry.agency(), await registry.agency("Dinas Sosial")
    place = await registry.submitted(agency)
    path = f"{place}/evidence/16/files/{hashlib.sha256(PDF).hexdigest()}"
    await registry.by("curator").change("POST", f"{place}/return", {"comments": {"16": "Unggah SK."}}, of=place)
    await upload(registry.by(f"agency:{agency}"), place, "16", PDF)
    await registry.by(f"agency:{agency}").change("POST", f"{place}/submit", of=place)
    await registry.by("curator").change("POST", f"{place}/verify", {}, of=place)

    expected = {
        f"agency:{agency}": 200, "curator": 200, "executive": 200, f"agency:{other}": 403, "curator-71": 403,
        "operator": 403, None: 401,
    }  # fmt: skip
    for token, status in expected.items():
        assert (await registry.by(token)("GET", path)).status_code == status, token


@pytest.mark.parametrize(
    ("row", "content", "expected"),
    [
        ("16", b"", (422, "file", "empty")),
        ("16", b"MZ\x90\x00 an executable called SK.pdf", (422, "file", "wrong-type")),
        ("16", b"<html><script>alert(1)</script></html>", (422, "file", "wrong-type")),
        ("16", MP4, (422, "file", "wrong-type")),
        ("25", PDF, (422, "file", "wrong-type")),
        ("16", PDF + b"\x00" * (10 * MB), (422, "file", "too-large")),
        ("35", png() + b"\x00" * (10 * MB), (422, "file", "too-large")),
    ],
    ids=[
        "empty",
        "executable",
        "web-page",
        "video-for-a-document",
        "document-for-a-photo",
        "too-large",
        "huge-picture",
    ],
)
async def test_a_refused_file_changes_nothing(
    registry: RegistryService, row: str, content: bytes, expected: tuple[int, str, str]
) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    before = (await registry.by("curator")("GET", place)).json()

    refused = await upload(registry.by(f"agency:{agency}"), place, row, content)

    assert code_of(refused) == expected
    assert (await registry.by("curator")("GET", place)).json() == before


@pytest.mark.parametrize(("row", "content"), [("25", png()), ("35", MP4), ("35", png()), ("33", PDF)])
async def test_each_row_accepts_its_media_types_whatever_the_file_name(
    registry: RegistryService, row: str, content: bytes
) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    added = await upload(registry.by(f"agency:{agency}"), place, row, content, "apa.exe")
    assert added.status_code == 200, added.text


async def test_a_large_video_is_accepted(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    video = MP4 + b"\x00" * (30 * MB)
    added = await upload(registry.by(f"agency:{agency}"), place, "35", video, "video.mp4")
    assert added.json()["evidence"]["35"]["files"][0]["size"] == len(video)


HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (422, "file", "missing")),
        (b"nonsense", (422, "body", "malformed")),
        (b"--b--\r\n", (422, "file", "missing")),
        (HEAD + PDF, (422, "body", "malformed")),
        (HEAD + PDF + b"\r\n--b\r\n" + HEAD[5:] + PDF + b"\r\n--b--\r\n", (422, "file", "too-many")),
        (HEAD.replace(b'"file"', b'"berkas"') + PDF + b"\r\n--b--\r\n", (422, "file", "missing")),
        (HEAD.replace(b'; filename="a.pdf"', b"") + PDF + b"\r\n--b--\r\n", (422, "file", "missing")),
        (b"--b\r\n" + b"X: y\r\n" * 20 + b"\r\n", (422, "body", "malformed")),
    ],
)
async def test_malformed_multipart_bodies_are_refused(
    registry: RegistryService, body: bytes, expected: tuple[int, str, str]
) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    assert code_of(await raw(registry.by(f"agency:{agency}"), place, body)) == expected
    assert (await registry.by("curator")("GET", place)).json()["evidence"]["16"]["files"] == []


async def test_a_body_without_a_boundary_is_refused(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner = registry.by(f"agency:{agency}")
    assert code_of(await raw(owner, place, HEAD, "multipart/form-data")) == (422, "body", "malformed")
    assert (await raw(owner, place, HEAD, "application/json")).status_code == 415


async def test_a_locked_innovation_refuses_a_file_before_it_is_stored(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.submitted(agency)
    refused = await upload(registry.by(f"agency:{agency}"), place, "16", PDF)
    assert refused.status_code == 409
    stale = await registry.by(f"agency:{agency}")(
        "POST", f"{place}/evidence/16/files", tag='"1"', files={"file": ("a.pdf", PDF)}
    )
    assert stale.status_code == 412


async def test_a_submitted_file_stays_readable_until_the_next_submission(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner, curator = registry.by(f"agency:{agency}"), registry.by("curator")
    await upload(owner, place, "16", PDF)
    await owner.change("POST", f"{place}/submit", of=place)
    await curator.change("POST", f"{place}/return", {"comments": {"16": "Salah berkas."}}, of=place)
    path = f"{place}/evidence/16/files/{hashlib.sha256(PDF).hexdigest()}"

    removed = await owner.change("DELETE", path, of=place)

    assert removed.status_code == 200
    assert removed.json()["evidence"]["16"]["files"] == []
    assert (await curator("GET", path)).status_code == 200
    assert (await owner.change("DELETE", path, of=place)).status_code == 404
    assert (await curator("GET", f"{place}/evidence/16/files/{'0' * 64}")).status_code == 404


async def test_documents_of_the_profile_are_put_read_and_removed(registry: RegistryService) -> None:
    agency = await registry.agency()
    place = await registry.draft(agency)
    owner = registry.by(f"agency:{agency}")
    path = f"{place}/documents/budget"

    put = await owner.change("PUT", path, of=place, files={"file": ("RKA.pdf", PDF)})
    assert put.status_code == 200, put.text
    assert put.json()["documents"]["budget"]["name"] == "RKA.pdf"
    assert (await owner("GET", path)).content == PDF
    large = await owner.change("PUT", path, of=place, files={"file": ("RKA.pdf", PDF + b"\x00" * (2 * MB))})
    assert code_of(large) == (422, "file", "too-large")
    assert (await owner.change("DELETE", path, of=place)).json()["documents"] == {}
    assert (await owner("GET", path)).status_code == 404
    assert (await owner("GET", f"{place}/documents/cv")).status_code == 422
