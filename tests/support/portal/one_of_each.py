"""One of each thing that a page of details shows, told to a running system over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

from shared.demo import sample
from tests.support.client import Answer, Regency, eventually

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
WITHOUT_PDF = {"25", "27", "29", "35"}  # rows that are proved by pictures, and by a film
ROW = "16"
_NAME = "Layanan Antar Dokumen Kependudukan (contoh)"


@dataclass(frozen=True)
class OneOfEach:
    """Ids. innovation: submitted and scored, with every row claimed, and a file to each that takes a PDF; draft: with
    one row and its file."""

    code: str
    year: int
    agency: str
    innovation: str
    draft: str
    idea: str
    contact: str
    rows: tuple[str, ...]


async def one_of_each(regency: Regency, year: int) -> OneOfEach:
    """An agency of its own in a region that has a deadline for that year, and all that it can have."""
    agency = await regency.agency("Dinas Kependudukan dan Pencatatan Sipil (contoh)")
    known = sample.load()
    claims = known.evidence[max(known.evidence)]
    evidence = {row: {"links": [f"https://bukti.contoh.example/{row}"], **claim} for row, claim in claims.items()}
    innovation = await regency.draft(agency, _profile(known), evidence, year)
    for row in sorted(evidence.keys() - WITHOUT_PDF):
        await _upload(regency, agency, innovation, row)
    await regency.submit(innovation, agency)
    await eventually(partial(regency.scorecard, innovation), lambda card: card["maturity"] is not None)
    draft = await regency.draft(agency, {**_profile(known), "name": "Rancangan (contoh)"}, {ROW: evidence[ROW]}, year)
    await _upload(regency, agency, draft, ROW)
    text = {"title": "Halte ramah lansia (contoh)", "text": "Halte untuk warga lanjut usia di dekat puskesmas. " * 20}
    idea = await regency.curator.create(f"/registry/v1/regions/{regency.code}/ideas", text)
    contact = await regency.contact([agency], "petugas@dinas.example")
    promises = [{"name": f"Inovasi yang dijanjikan ke-{number} (contoh)"} for number in range(1, 6)]
    promised = {"number": "PI/1 (contoh)", "dated": f"{year}-02-03", "promises": promises, "revoked": False}
    await regency.curator.create("/registry/v1/commitments", {**promised, "agency": agency, "year": year})
    decree = {"decree": "SK/1 (contoh)", "decree_date": f"{year}-02-03", "reason": "Baru dibentuk (contoh)."}
    await eventually(partial(regency.curator.put, f"/notifications/v1/exemptions/{agency}/{year + 1}", decree))
    return OneOfEach(regency.code, year, agency, innovation, draft, str(idea["id"]), contact, tuple(evidence))


async def region_of(regency: Regency, code: str, deadlines: dict[int, date]) -> None:
    """Register a region of this code with deadlines, by year."""
    regency.code = code
    await regency.found(kinds=("dinas",))
    for year, day in deadlines.items():
        await regency.deadline(year, day)


def _profile(known: sample.Sample) -> dict[str, Any]:
    texts = {name: text.format(name=_NAME, agency="Dinas (contoh)") for name, text in known.profile.items()}
    return {
        "name": _NAME,
        "stage": "penerapan",
        "initiator": "opd",
        "classification": "perangkat_daerah",
        "nature": "digital",
        "form": "pelayanan_publik",
        "main_affair": "kesehatan",
        "asta_cita": [4, 7],
        "cluster": "non_pkpn",
        "trial_on": "2025-02-03",
        "applied_on": "2025-05-05",
        "developed": False,
        **texts,
    }


async def _upload(regency: Regency, agency: str, innovation: str, row: str) -> Answer:
    path, officer = f"/registry/v1/innovations/{innovation}", regency.officer(agency)
    version = (await officer.raw("GET", path)).headers["etag"]
    file = {"file": (f"Keputusan Kepala Dinas {row}.pdf", PDF + uuid4().bytes, "application/pdf")}
    answer = await officer.raw("POST", f"{path}/evidence/{row}/files", files=file, headers={"If-Match": version})
    assert answer.is_success, answer.text
    return dict(answer.json())
