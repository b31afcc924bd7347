"""A region with one of everything that routes show or change, each with a mark by which it is found in any answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx2
import yaml

from tests.support.client import Api, Regency, eventually
from tests.support.paths import ROOT
from tests.support.registry_samples import valid_evidence, valid_profile
from tests.support.small_files import PDF_FILE

YEAR = 2026
_EXAMPLE = yaml.safe_load((ROOT / "examples/pontianak/competition.yaml").read_text())
_TERMS = _EXAMPLE["terms"] | {"entrance": {"first": "2026-01-18", "last": "2026-12-18"}, "milestones": []}


@dataclass
class Populated:
    """A region and its ids. mark: in every private text; paths: path parameter → value, by the collection it is of."""

    regency: Regency
    mark: str
    agency: str = ""
    innovation: str = ""
    digest: str = ""
    made: dict[str, str] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        """What may stand in no answer to another region's account, unless the route is public."""
        return {self.mark, self.agency, self.innovation, *(it for it in self.made.values() if len(it) > 10)}


async def populated(regency: Regency, mark: str) -> Populated:
    """Register the region and fill it."""
    it = Populated(regency, mark)
    await regency.found()
    await regency.deadline(YEAR, date(YEAR, 12, 31))
    it.agency = await regency.agency(f"Dinas {regency.code}")
    await regency.contact([it.agency], f"{mark.lower()}@dinas.example")
    await _innovation(it)
    await _office(it)
    await _import(it)
    return it


async def _innovation(it: Populated) -> None:
    evidence = {row: claim | {"subject": f"Surat {it.mark}"} for row, claim in valid_evidence().items()}
    profile = valid_profile(name=f"Layanan {it.mark}", initiator_name=f"Tim {it.mark}")
    it.innovation = await it.regency.draft(it.agency, profile, evidence, YEAR)
    path, curator = f"/registry/v1/innovations/{it.innovation}", it.regency.curator
    content = PDF_FILE + it.mark.encode()
    it.digest = hashlib.sha256(content).hexdigest()
    for method, place in (("POST", "evidence/16/files"), ("PUT", "documents/budget")):
        tag = (await curator.raw("GET", path)).headers["etag"]
        file = {"file": (f"{it.mark}.pdf", content, "application/pdf")}
        answer = await curator.raw(method, f"{path}/{place}", files=file, headers={"If-Match": tag})
        assert answer.status_code == 200, answer.text
    await it.regency.submit(it.innovation, it.agency)
    await eventually(lambda: it.regency.scorecard(it.innovation))


async def _office(it: Populated) -> None:
    curator, code = it.regency.curator, it.regency.code
    region = f"/registry/v1/regions/{code}"

    async def made(name: str, path: str, body: dict[str, Any]) -> None:
        answer = await curator.create(path, body)
        it.made[name] = str(answer.get("id", ""))

    contact = await eventually(lambda: curator.get("/notifications/v1/contacts"), lambda page: bool(page["items"]))
    it.made["person"] = contact["items"][0]["id"]
    await made("idea", f"{region}/ideas", {"title": f"Gagasan {it.mark}", "text": f"Isi gagasan {it.mark}."})
    promise = {"agency": it.agency, "year": YEAR, "number": f"PI/{it.mark}", "dated": "2026-02-02"}
    await made("commitment", "/registry/v1/commitments", {**promise, "promises": [{"name": f"Janji {it.mark}"}]})
    asked = {"region": code, "year": YEAR, "agencies": [it.agency]}
    await made("reminder", "/notifications/v1/reminders", asked)
    rescore = {"region": code, "year": YEAR, "catalogue": "2026.1", "dry_run": True}
    await made("rescore", "/scoring/v1/rescores", rescore)
    hook = {"url": f"https://127.0.0.1/{it.mark.lower()}", "subjects": ["innovation"], "region": code}
    await made("endpoint", "/feed/v1/endpoints", hook)
    await made("competition", "/scoring/v1/competitions", {"region": code, "terms": _TERMS})
    award = {"kind": "piagam", "year": YEAR, "title": f"Piagam {it.mark}", "giver": f"Pemberi {it.mark}"}
    await made("award", "/scoring/v1/awards", {"region": code, "award": award})
    place = f"/feed/v1/endpoints/{it.made['endpoint']}"
    await curator.change("POST", f"{place}/disable", of=place)
    await _put(curator, f"/registry/v1/agencies/{it.agency}/mentor", {"name": f"Nama {it.mark}"})
    office = {"name": f"Kantor {it.mark}", "telephone": "(0561) 000000", "reply_to": f"{it.mark.lower()}@k.example"}
    await _put(curator, f"/notifications/v1/office/{code}", office)
    decree = {"decree": f"100/{it.mark}", "decree_date": "2026-11-02", "reason": f"Alasan {it.mark} yang cukup."}
    await _put(curator, f"/notifications/v1/exemptions/{it.agency}/{YEAR}", decree)
    letter = {"number": "6 Tahun 2025", "dated": "2025-08-20", "subject": f"RPJMD {it.mark}"}
    await _put(curator, f"/scoring/v1/spd/{code}/{YEAR}", {"rows": {"1": {"level": 3, "evidence": [letter]}}})


async def _import(it: Populated) -> None:
    """A table of agencies with a mistake, of which the report tells."""
    table = f"Nama Perangkat Daerah,Jenis\nDinas {it.mark},bukan jenis {it.mark}\n".encode()
    answer = await it.regency.curator.raw(
        "POST",
        "/registry/v1/imports",
        params={"region": it.regency.code, "sheet": "agencies"},
        files={"file": ("opd.csv", table, "text/csv")},
        headers={"Idempotency-Key": it.mark},
    )
    assert answer.is_success, answer.text
    it.made["import"] = answer.json()["id"]


async def _put(curator: Api, path: str, body: dict[str, Any]) -> httpx2.Response:
    tag = (await curator.raw("GET", path)).headers.get("etag")
    headers = {"If-Match": tag} if tag else {"If-None-Match": "*"}
    answer = await curator.raw("PUT", path, json=body, headers=headers if tag else {})
    assert answer.is_success, (path, answer.status_code, answer.text)
    return answer
