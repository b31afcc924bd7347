"""A region in which people write about persons wherever they can write, over HTTP."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import httpx2
import yaml

from tests.support.client import Answer, Api, Regency, eventually
from tests.support.paths import ROOT
from tests.support.personal.planting import Planter
from tests.support.registry_samples import valid_evidence, valid_profile
from tests.support.small_files import PDF_FILE
from tests.support.tables import workbook

YEAR = 2026
_TERMS = yaml.safe_load((ROOT / "examples/pontianak/competition.yaml").read_text())["terms"]
_JURY = {"maturity_weight": 60, "criteria": [{"slug": "kebaruan", "name": "Kebaruan", "weight": 40}]}


@dataclass
class Office:
    """planter: what is written; tables: the field under which texts in files are known."""

    regency: Regency
    planter: Planter

    @property
    def curator(self) -> Api:
        return self.regency.curator

    async def send(
        self,
        who: Api,
        method: str,
        service: str,
        path: str,
        body: Answer,
        *,
        of: str = "",
        **places: Any,  # noqa: ANN401 - path parameters
    ) -> Answer:
        """Send a filled body to a route. of: the resource whose version it changes, by default itself."""
        url = f"/{service}/v1{path}".format(**places)
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        read = await who.raw("GET", f"/{service}/v1{of}".format(**places) if of else url)
        if tag := read.headers.get("etag"):
            headers["If-Match"] = tag
        filled = self.planter.filled(service, method, path, body)
        answer = await who.raw(method, url, json=filled, headers=headers)
        assert answer.is_success, (method, url, answer.status_code, answer.text)
        return dict(answer.json()) if answer.content else {}

    async def upload(self, who: Api, method: str, path: str, of: str, content: bytes = PDF_FILE) -> Answer:
        """A file with a name and a content about persons."""
        name, text = self.planter.word("file name"), self.planter.word("file content")
        tag = (await who.raw("GET", of)).headers["etag"]
        file = {"file": (f"KTP {name}.pdf", content + text.encode(), "application/pdf")}
        answer = await who.raw(method, path, files=file, headers={"If-Match": tag})
        assert answer.is_success, answer.text
        return dict(answer.json())


async def everything(office: Office) -> str:
    """Every route that takes a text is used at least once. Returns an agency without contacts that is late."""
    regency = office.regency
    await regency.found()
    await regency.be_reminded_at_any_hour()
    agency, other = await _agencies(office)
    await contacts(office, agency)
    await _ideas(office, agency)
    innovation = await _innovation(office, agency, other)
    await _continuation(office, innovation, agency)
    await _commitment(office, agency, innovation)
    await _scoring(office, innovation)
    await _office(office, agency, other)
    await _tables(office)
    return other


async def _agencies(office: Office) -> tuple[str, str]:
    code = office.regency.code
    send = partial(office.send, office.curator, service="registry")
    place = {"service": "registry", "of": "/regions/{code}", "code": code}
    region = await office.curator.get(f"/registry/v1/regions/{code}")
    terms = {name: region[name] for name in ("name", "zone", "catalogue", "policy")}
    terms["policy"] = {
        name: terms["policy"][name] for name in ("obliged_kinds", "minimum", "counts_when", "community_counts")
    } | {"decree": "SK"}
    operator = office.regency.operator
    await office.send(operator, "PUT", "registry", "/regions/{code}", terms, code=code)
    policy = {"obliged_kinds": ["dinas"], "minimum": 1, "counts_when": "submitted", "community_counts": True}
    body = policy | {"from_year": YEAR + 1, "decree": "SK"}
    await office.send(office.curator, "POST", path="/regions/{code}/policies", body=body, **place)
    for year in (YEAR, YEAR + 1):
        deadline = {"year": year, "date": f"{year}-12-31", "basis": "SE"}
        await office.send(office.curator, "POST", path="/regions/{code}/deadlines", body=deadline, **place)
    cancel = "/regions/{code}/deadlines/{year}/cancel"
    await office.send(office.curator, "POST", path=cancel, body={"basis": "SE"}, year=YEAR + 1, **place)
    made = []
    for name in ("Dinas Satu", "Dinas Dua"):
        agency = {"region": code, "name": name, "kind": "dinas", "obliged_from": None}
        made.append(str((await send(method="POST", path="/agencies", body=agency))["id"]))
    again = {"name": "Dinas Satu Baru", "kind": "dinas", "obliged_from": None}
    await send(method="PUT", path="/agencies/{id}", body=again, id=made[0])
    await send(method="PUT", path="/agencies/{id}/mentor", body={"name": "Pendamping"}, id=made[0])
    await office.regency.deadline(YEAR - 1, date(2026, 11, 10))
    return made[0], made[1]


async def contacts(office: Office, agency: str) -> None:
    """Two persons of a late agency, one for each channel, entered and corrected."""
    body = {
        "region": office.regency.code,
        "agencies": [agency],
        "name": "Pengelola",
        "email": "x@x.example",
        "phone": "0812",
        "landline": "0561",
        "consent_whatsapp": "2026-12",
        "notice": "2026-12",
    }
    await office.regency.becomes(agency, YEAR - 1, "overdue")
    for preferred in ("email", "whatsapp"):
        made = await office.send(office.curator, "POST", "notifications", "/contacts", body | {"preferred": preferred})
        left = body | {"preferred": preferred}
        await office.send(office.curator, "PUT", "notifications", "/contacts/{person}", left, person=made["id"])


async def _ideas(office: Office, agency: str) -> None:
    code, send = office.regency.code, partial(office.send, office.curator)
    for _ in range(2):
        idea = await send("POST", "registry", "/regions/{code}/ideas", {"title": "Gagasan", "text": "Isi"}, code=code)
    await send("POST", "registry", "/ideas/{id}/close", {"reason": "Sudah ada."}, of="/ideas/{id}", id=idea["id"])
    rules = await office.curator.get(f"/registry/v1/regions/{code}/continuation-rules")
    rules = {name: rules[name] for name in ("pipelines", "follow_up", "ideas_per_day")}
    await send("PUT", "registry", "/regions/{code}/continuation-rules", rules, code=code)


async def _innovation(office: Office, agency: str, other: str) -> str:
    """Drafted, submitted, returned, submitted, verified, asked to be withdrawn; another one moved and withdrawn."""
    officer, curator = office.regency.officer(agency), office.curator
    certificate = {"number": "1", "dated": "2025-05-05"}
    profile = valid_profile(award=certificate, intellectual_property=certificate)
    place = {"service": "registry", "of": "/innovations/{id}"}
    made = await office.send(
        officer, "POST", "registry", "/innovations", {"agency": agency, "year": YEAR, "profile": profile}
    )
    id = str(made["id"])
    path = f"/registry/v1/innovations/{id}"
    for row, claim in valid_evidence().items():
        await office.send(officer, "PUT", path="/innovations/{id}/evidence/{row}", body=claim, id=id, row=row, **place)
    uploaded = await office.upload(officer, "POST", f"{path}/evidence/16/files", path)
    digest = uploaded["evidence"]["16"]["files"][0]["digest"]
    letter = {"number": "1", "dated": "2025-05-05", "subject": "Penetapan"}
    letters = "/innovations/{id}/evidence/{row}/files/{digest}"
    await office.send(officer, "PUT", path=letters, body=letter, id=id, row="16", digest=digest, **place)
    await office.upload(officer, "PUT", f"{path}/documents/budget", path)
    await office.regency.submit(id, agency)
    comments = {"comments": {"16": "Perbaiki.", "profile": "Lengkapi."}}
    await office.send(curator, "POST", path="/innovations/{id}/return", body=comments, id=id, **place)
    await office.regency.submit(id, agency)
    await office.regency.verify(id, {"16": 2})
    reason = {"reason": "Dihentikan."}
    await office.send(officer, "POST", path="/innovations/{id}/withdrawal", body=reason, id=id, **place)
    await office.send(curator, "POST", path="/innovations/{id}/withdrawal/decline", body=reason, id=id, **place)
    redaction = reason | {"digest": digest}
    await office.send(curator, "POST", path="/innovations/{id}/redactions", body=redaction, id=id, **place)
    second = await office.regency.draft(agency, valid_profile(), valid_evidence(), YEAR)
    await office.regency.submit(second, agency)
    moved = reason | {"agency": other, "year": YEAR}
    await office.send(curator, "POST", path="/innovations/{id}/reassign", body=moved, id=second, **place)
    await office.regency.verify(second, {"16": 2})
    await office.send(curator, "POST", path="/innovations/{id}/withdraw", body=reason, id=second, **place)
    await office.send(
        curator, "POST", "registry", "/likeness", {"name": "Layanan", "text": "Teks. " * 40, "affairs": ["kesehatan"]}
    )
    return id


async def _continuation(office: Office, id: str, agency: str) -> None:
    curator, officer = office.curator, office.regency.officer(agency)
    path = f"/registry/v1/innovations/{id}"

    async def change(who: Api, method: str, what: str, body: Answer) -> None:
        route = f"/innovations/{{id}}/continuation/{what}"
        await office.send(who, method, "registry", route, body, of="/innovations/{id}", id=id)

    await change(curator, "POST", "stage", {"pipeline": "labinov", "stage": "design", "note": "Catatan"})
    training = {"kind": "training", "training": "pka", "decision": "continue", "decided_on": "2026-10-01"}
    await change(officer, "PUT", "origin", training | {"reason": "Diteruskan"})
    elsewhere = {"region": "61.71", "region_name": "Kota", "name": "Asalnya"}
    await change(officer, "PUT", "origin", {"kind": "replication", "replicated": elsewhere})
    paper = {"number": "1", "dated": "2025-05-05"}
    team = [{"name": "Anggota", "part": "Ketua"}]
    kept = {"team": team, "decree": paper, "sop": paper, "financing": "APBD", "successor": "Pengganti"}
    await change(officer, "PUT", "sustainability", kept)
    await change(officer, "PUT", "actors", {"actors": [{"kind": "akademisi", "name": "Pelaku", "part": "Peran"}]})
    right = {"kind": "program_komputer", "number": "EC1", "dated": "2025-05-05", "holder": "Pemegang"}
    await change(officer, "PUT", "rights", {"rights": [right]})
    await office.curator.change("PUT", f"{path}/continuation/follow-up", {"asked_on": "2026-11-16"}, of=path)
    await office.upload(officer, "POST", f"{path}/continuation/follow-up/files", path, PDF_FILE + b"%2")
    figures = [{"label": "Warga", "value": 10, "unit": "orang"}]
    await change(
        officer, "POST", "follow-up/answer", {"use": "dormant", "reason": "a", "note": "b", "figures": figures}
    )
    await change(curator, "PUT", "use", {"use": "stopped", "reason": "Selesai"})


async def _commitment(office: Office, agency: str, innovation: str) -> None:
    dropped = {"name": "Janji dua", "dropped": "Digabung"}
    terms = {
        "number": "PI/1",
        "dated": "2026-02-02",
        "promises": [{"name": "Janji", "innovation": innovation}, dropped],
    }
    await office.send(office.curator, "POST", "registry", "/commitments", terms | {"agency": agency, "year": YEAR})
    path = f"/registry/v1/commitments/{agency}/{YEAR}"
    await office.send(office.curator, "PUT", "registry", "/commitments/{id}/{year}", terms, id=agency, year=YEAR)
    await office.upload(office.curator, "PUT", f"{path}/file", path, PDF_FILE + b"%3")


async def _scoring(office: Office, innovation: str) -> None:
    code, send = office.regency.code, partial(office.send, office.curator)
    await eventually(lambda: office.regency.scorecard(innovation))
    terms = _TERMS | {"jury": _JURY, "year": YEAR, "entrance": {"first": "2026-01-18", "last": "2026-12-18"}}
    competition = await send("POST", "scoring", "/competitions", {"region": code, "terms": terms | {"milestones": []}})
    days = {"first": "2026-12-20", "last": "2026-12-21"}
    terms["milestones"] = [{"name": "Final", **days}]
    await send("PUT", "scoring", "/competitions/{id}", terms, id=competition["id"])
    freeze = {"region": code, "year": YEAR}
    await office.curator.create("/scoring/v1/rankings/freezes", freeze)
    await send("POST", "scoring", "/rankings/freezes", freeze | {"reason": "Ralat"}, of="/rankings/freezes")
    letter = {"number": "6", "dated": "2025-08-20", "subject": "RPJMD", "link": "https://jdih.example/6"}
    spd = {"rows": {"1": {"level": 3, "evidence": [letter]}}}
    await send("PUT", "scoring", "/spd/{region}/{year}", spd, region=code, year=YEAR)
    result = {"score": 61, "predicate": "Inovatif", "dated": "2026-11-10", "source": "Surat"}
    await send("PUT", "scoring", "/results/{region}/{year}", result, region=code, year=YEAR)
    award = {"kind": "piagam", "year": YEAR, "title": "Piagam", "giver": "Pemberi", "number": "1"}
    await send("POST", "scoring", "/awards", {"region": code, "award": award})
    added = {"name": "Rencana", "affair": "kesehatan", "maturity": 50}
    await send("POST", "scoring", "/what-if", {"region": code, "year": YEAR, "added": [added]})


async def _office(office: Office, agency: str, other: str) -> None:
    code, send = office.regency.code, partial(office.send, office.curator)
    body = {"name": "Kantor", "telephone": "0561", "reply_to": "x@x.example"}
    await send("PUT", "notifications", "/office/{region}", body, region=code)
    exemption = {"decree": "SK 1", "decree_date": "2026-11-02", "reason": "Alasan yang cukup panjang."}
    await send("PUT", "notifications", "/exemptions/{agency}/{year}", exemption, agency=other, year=YEAR)
    policy = {"quiet_from": "00:00", "quiet_until": "00:00", "person_cap": 20, "decree": "SK"}
    await send("PUT", "notifications", "/alert-policies/{region}", policy, region=code)
    hook = {"url": "https://127.0.0.1:1/kait", "subjects": ["innovation"], "region": code}
    await send("POST", "feed", "/endpoints", hook)


async def _tables(office: Office) -> None:
    """Tables with mistakes about persons, and one without."""
    word, code = office.planter.word, office.regency.code
    heads = {
        "agencies": ("Nama OPD", "Jenis"),
        "innovations": ("OPD", "Tahun", "Judul inovasi"),
        "commitments": ("OPD", "Tahun", "Nomor", "Tanggal", "Inovasi yang dijanjikan"),
    }
    for sheet, head in heads.items():
        table = workbook({sheet: [head, tuple(f"Ibu {word('table')}" for _ in head)]})
        file = {"file": (f"{word('file name')}.xlsx", table, "application/octet-stream")}
        await _sent(office, f"/registry/v1/imports?region={code}&sheet={sheet}", files=file)
    contacts = f"nama,perangkat_daerah,surel,telepon\nIbu {word('table')},Dinas Dua,{word('table')}@orang.example,\n"
    wrong = f"Bapak {word('table')},Dinas {word('table')},bukan {word('table')},nomor {word('table')}\n"
    for content in (contacts, contacts + wrong):
        headers = {"Content-Type": "text/csv"}
        await _sent(office, f"/notifications/v1/contacts/imports?region={code}", content=content, headers=headers)
        answer = await office.curator.raw(
            "POST", f"/notifications/v1/contacts/import?region={code}", content=content, headers=headers
        )
        assert answer.status_code in (200, 201, 422), answer.text


async def _sent(office: Office, path: str, *, headers: dict[str, str] | None = None, **content: Any) -> None:  # noqa: ANN401 - httpx2's own
    key = {"Idempotency-Key": str(uuid.uuid4())}
    answer: httpx2.Response = await office.curator.raw("POST", path, headers={**(headers or {}), **key}, **content)
    assert answer.is_success, (path, answer.text)
    place, _, _ = path.partition("?")
    id = answer.json()["id"]
    done = ("done", "refused", "checked", "waiting")
    await eventually(lambda: office.curator.get(f"{place}/{id}"), lambda run: run["status"] in done)
