"""A curator has the bytes of an answer's proof, or of a signed paper, removed for good."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import httpx2

from services.registry.files.sweep import FileSweep
from tests.contract.continuation.conftest import Office
from tests.support.small_files import PDF_FILE

SCAN = PDF_FILE + b"% KTP"
DIGEST = hashlib.sha256(SCAN).hexdigest()
WHY = {"digest": DIGEST, "reason": "Memuat salinan KTP."}
FILE = {"file": ("KTP Nama Contoh.pdf", SCAN, "application/pdf")}


async def stored(office: Office) -> list[str]:
    return [digest async for digest in office.registry.files.digests()]


async def proved(office: Office) -> str:
    """An answer with a proof, and the same proof for the next question; the path of the first."""
    await office.look()
    await office.change(office.owner, "POST", "/follow-up/files", files=FILE)
    await office.change(office.owner, "POST", "/follow-up/answer", {"use": "live"})
    await office.change(office.owner, "POST", "/follow-up/files", files=FILE)
    return f"{office.place}/continuation/follow-ups/1/files/{DIGEST}"


async def redact(office: Office, place: str, by: str = "curator") -> httpx2.Response:
    tag = (await office.curator("GET", place)).headers["ETag"]
    return await office.registry.by(by)("POST", f"{place}/redactions", WHY, tag=tag)


async def signed(office: Office) -> str:
    body = {"agency": office.agency, "year": 2026, "number": "PI/1/2026", "dated": "2026-02-02", "promises": []}
    await office.curator("POST", "/commitments", body)
    place = f"/commitments/{office.agency}/2026"
    put = await office.curator.change("PUT", f"{place}/file", of=place, files=FILE)
    assert put.is_success, put.text
    return place


async def test_the_proofs_of_follow_ups_are_redacted_wherever_the_innovation_has_them(office: Office) -> None:
    path = await proved(office)

    done = await redact(office, office.place)

    read = await office.curator("GET", path)
    known = await office.read()
    assert done.is_success, done.text
    assert (read.status_code, "Memuat salinan KTP" in read.json()["detail"]) == (410, True)
    assert [each["digest"] for each in known["follow_ups"][0]["files"]] == [DIGEST]
    assert "Nama Contoh" not in str(known)
    assert known["question"]["files"][0]["name"] == "berkas.pdf"
    assert await stored(office) == []


async def test_the_same_proof_does_not_come_back(office: Office) -> None:
    await proved(office)
    await redact(office, office.place)

    again = await office.owner.change(
        "POST", f"{office.place}/continuation/follow-up/files", of=office.place, files=FILE
    )

    assert again.status_code == 409, again.text


async def test_the_paper_of_a_commitment_is_redacted_and_digest_and_reason_stay(office: Office) -> None:
    place = await signed(office)
    by_agency = await redact(office, place, f"agency:{office.agency}")
    elsewhere = await redact(office, place, "curator-71")

    done = await redact(office, place)
    twice = await redact(office, place)

    read = await office.curator("GET", f"{place}/file")
    shown = (await office.owner("GET", place)).json()
    assert (by_agency.status_code, elsewhere.status_code, done.status_code, twice.status_code) == (403, 403, 200, 200)
    assert (read.status_code, "Memuat salinan KTP" in read.json()["detail"]) == (410, True)
    assert (shown["file"]["digest"], shown["file"]["name"]) == (DIGEST, "berkas.pdf")
    assert [(each["digest"], each["reason"]) for each in shown["redactions"]] == [(DIGEST, WHY["reason"])]
    assert await stored(office) == []


async def test_another_paper_takes_the_place_of_a_redacted_one_which_does_not_come_back(office: Office) -> None:
    place = await signed(office)
    await redact(office, place)
    other = {"file": ("perjanjian.pdf", PDF_FILE, "application/pdf")}

    same = await office.curator.change("PUT", f"{place}/file", of=place, files=FILE)
    put = await office.curator.change("PUT", f"{place}/file", of=place, files=other)

    swept = await FileSweep(office.registry.store, office.registry.files).sweep(timedelta(0))
    assert (same.status_code, put.status_code) == (409, 200)
    assert (await office.curator("GET", f"{place}/file")).content == PDF_FILE
    assert swept.removed == 1, "the bytes that were refused"


async def test_only_the_paper_that_is_there_is_redacted(office: Office) -> None:
    place = await signed(office)

    unknown = await office.curator.change("POST", f"{place}/redactions", {**WHY, "digest": "0" * 64}, of=place)
    stale = await office.curator("POST", f"{place}/redactions", WHY, tag='"1"')

    assert (unknown.status_code, stale.status_code) == (404, 412)
    assert await stored(office) == [DIGEST]
