"""A region in which every form of the portal is on some page: small, and told over HTTP as people would."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import httpx2
import pyotp
import yaml

from services.portal.accounts.account import ROLES, Account
from services.portal.accounts.application import Accounts
from services.portal.accounts.inviting import NewInvitation
from services.portal.accounts.session import Step
from services.scoring.ranking.terms import Terms
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.clock import machine_ms
from shared.demo.sample import Sample
from shared.storage.repository import Versioned
from shared.storage.stored import Fingerprint
from tests.support.client import Api, Regency, eventually
from tests.support.paths import ROOT
from tests.support.portal.process import PortalProcess
from tests.support.portal.told import Told
from tests.support.registry_samples import valid_profile
from tests.support.small_files import PDF_FILE

PASSWORD = "kuda-biru-terbang-rendah"
YEAR = 2025
_ROWS: Mapping[str, Any] = {"16": {"level": 3, "links": ["https://bukti.example/16"]}}
_COMPETITION = ROOT / "examples/pontianak/competition.yaml"


class _Region(Regency):
    """The region that the people of `PortalProcess.sign_in` belong to."""

    code = "61.12"

    def __init__(self, address: str, issue: Callable[[Grant], str]) -> None:
        super().__init__(address, issue)
        self.code = _Region.code


async def tell(_: Sample, address: str, issue: Callable[[Grant], str]) -> Told:
    """Register the region with agencies and innovations in every status; instead of the sample."""
    told = Told(_Region.code, YEAR)
    async with _Region(address, issue) as regency:
        await regency.found()
        await regency.deadline(YEAR, date(2025, 12, 1))
        for key in ("satu", "dua", "ditutup", "berutang"):
            told.agencies[key] = await regency.agency(f"Dinas {key} (contoh)")
        one, two = told.agencies["satu"], told.agencies["dua"]
        names = ("rancangan", "rancangan lain", "diajukan", "diajukan lain", "dikembalikan", "terverifikasi", "ditanya")
        drafts = [regency.draft(one, valid_profile(name=f"Inovasi {each} (contoh)"), _ROWS, YEAR) for each in names]
        told.innovations = dict(zip(names, await asyncio.gather(*drafts), strict=True))
        for name in names[2:]:
            await regency.submit(told.innovations[name], one)
        await regency.give_back(
            told.innovations["dikembalikan"], {"16": "Lampirkan surat (contoh).", "profile": "Nama."}
        )
        for name in names[5:]:
            await regency.verify(told.innovations[name], {"16": 2})
        await _office(regency, told, one, two)
        await _files(regency, told, one)
        await _follow_up(regency, told.innovations["ditanya"], one)
        verified = told.innovations["terverifikasi"]
        path = f"/registry/v1/innovations/{verified}"
        await regency.officer(one).change("POST", f"{path}/withdrawal", {"reason": "Berhenti (contoh)."}, of=path)
        await eventually(
            partial(regency.scorecard, verified), lambda card: bool((card["maturity"] or {}).get("verified"))
        )
        contest = Terms.model_validate(yaml.safe_load(_COMPETITION.read_text())["terms"]).model_dump(mode="json")
        jury = {"maturity_weight": 60, "criteria": [{"slug": "kebaruan", "name": "Kebaruan", "weight": 40}]}
        contest |= {"year": YEAR, "jury": jury, "entrance": {"first": None, "last": None}}
        await regency.curator.create("/scoring/v1/competitions", {"region": regency.code, "terms": contest})
        await regency.curator.create(
            "/scoring/v1/rankings/freezes", {"region": regency.code, "year": YEAR, "synthetic": True}
        )
    return told


async def _office(regency: Regency, told: Told, one: str, two: str) -> None:
    curator, code = regency.curator, regency.code
    promise = {"agency": two, "year": YEAR, "number": "PI/1", "dated": "2025-02-02", "promises": [{"name": "Janji"}]}
    await curator.create("/registry/v1/commitments", promise)
    paper = f"/registry/v1/commitments/{two}/{YEAR}"
    await _upload(curator, "PUT", f"{paper}/file", paper)
    async with Api(regency._base_url) as anybody:
        for title in ("Taman baca (contoh)", "Halte ramah lansia (contoh)"):
            idea = {"title": title, "text": "Untuk warga (contoh)."}
            made = await anybody.create(f"/registry/v1/regions/{code}/ideas", idea)
    handed = f"/registry/v1/ideas/{made['id']}"
    await curator.change("POST", f"{handed}/hand-over", {"agency": one}, of=handed)
    closed = f"/registry/v1/agencies/{told.agencies['ditutup']}"
    await curator.change("POST", f"{closed}/retire", {"retired_on": "2027-01-01"}, of=closed)
    await regency.contact([one], "petugas@satu.example")
    await regency.contact([two], "petugas@dua.example")
    await regency.contact([told.agencies["berutang"]], "petugas@berutang.example")
    decree = {"decree": "100/2025", "decree_date": "2025-02-02", "reason": "Baru dibentuk (contoh)."}

    async def exempt() -> bool:
        path = f"/notifications/v1/exemptions/{two}/{YEAR}"
        return (await curator.raw("PUT", path, json=decree)).is_success

    await eventually(exempt)
    table = b"Nama Perangkat Daerah,Jenis\nDinas Impor,bukan jenis\n"
    answer = await curator.raw(
        "POST",
        "/registry/v1/imports",
        params={"region": code, "sheet": "agencies"},
        files={"file": ("opd.csv", table, "text/csv")},
        headers={"Idempotency-Key": uuid4().hex},
    )
    assert answer.is_success, answer.text


async def _files(regency: Regency, told: Told, agency: str) -> None:
    """Evidence in files, of a draft and of a submission, and a file of the profile."""
    officer = regency.officer(agency)
    draft = f"/registry/v1/innovations/{told.innovations['dikembalikan']}"
    await _upload(officer, "POST", f"{draft}/evidence/16/files", draft)
    await _upload(officer, "PUT", f"{draft}/documents/budget", draft)
    again = f"/registry/v1/innovations/{told.innovations['diajukan lain']}"
    await regency.give_back(told.innovations["diajukan lain"], {"16": "Lampirkan surat (contoh)."})
    await _upload(officer, "POST", f"{again}/evidence/16/files", again)
    await regency.submit(told.innovations["diajukan lain"], agency)


async def _follow_up(regency: Regency, innovation: str, agency: str) -> None:
    """Asked and answered once with a file, and asked again."""
    path = f"/registry/v1/innovations/{innovation}"
    here = f"{path}/continuation/follow-up"
    await regency.curator.change("PUT", here, {"asked_on": "2025-11-03"}, of=path)
    officer = regency.officer(agency)
    await _upload(officer, "POST", f"{here}/files", path)
    await officer.change("POST", f"{here}/answer", {"use": "live", "note": "Dipakai (contoh)."}, of=path)
    await regency.curator.change("PUT", here, {"asked_on": "2025-11-03"}, of=path)


async def _upload(api: Api, method: str, path: str, of: str, name: str = "surat.pdf") -> None:
    version = (await api.raw("GET", of)).headers["etag"]
    answer: httpx2.Response = await api.raw(
        method, path, files={"file": (name, PDF_FILE, "application/pdf")}, headers={"If-Match": version}
    )
    assert answer.is_success, (path, answer.text)


@dataclass
class People:
    """begin: addresses of each role that no link leads to; guarded: accounts with a second factor, by role."""

    begin: dict[Role | None, list[str]] = field(default_factory=lambda: defaultdict(list))
    guarded: dict[Role, Versioned[Account]] = field(default_factory=dict)


async def people_of(portal: PortalProcess) -> People:
    """Accounts, invitations and links of every kind."""
    accounts, made = accounts_of(portal), People()
    who = made.begin[Role.CURATOR]
    for role in ROLES:
        _, link = await _invited(portal, accounts, role)
        account = await accounts.inviting.accept(_code(link), f"Orang {role} (contoh)", PASSWORD)
        secret = pyotp.random_base32()
        await accounts.managing.set_second_factor(account.id, secret, pyotp.TOTP(secret).at(machine_ms() // 1000))
        made.guarded[role] = await accounts.managing.get(account.id)
        await accounts.sessions.begin(made.guarded[role], Step.OPEN, device="Firefox, Linux")
        _, link = await _invited(portal, accounts, role)
        closed = await accounts.inviting.accept(_code(link), "Akun Tertutup (contoh)", PASSWORD)
        await accounts.managing.close(closed.id)
        id, link = await _invited(portal, accounts, role)
        reset = await accounts.resetting.link(account.id, "test")
        made.begin[None] += [each.removeprefix(portal.url) for each in (link, reset)]
        who += [f"/pengguna/{account.id}", f"/pengguna/{closed.id}", f"/pengguna/undangan/{id}"]
    made.begin[Role.OPERATOR] += who
    owing = portal.told.agencies["berutang"]
    who += ["/kurator/indeks/spd/2026", f"/kurator/kepatuhan/pengingat/periksa?tahun={YEAR}&opd={owing}"]
    told = portal.told.innovations
    made.begin[Role.AGENCY] += [
        f"/opd/inovasi/{told[name]}{page}"
        for name, page in (
            ("rancangan", ""),
            ("dikembalikan", "/bukti/16"),
            ("dikembalikan", "/dokumen"),
            ("ditanya", "/tindak-lanjut"),
            ("terverifikasi", ""),
            ("diajukan", "/tanda-terima"),
            ("diajukan", "/skor/ringkas"),
        )
    ]
    who += [f"/kurator/inovasi/{told[name]}" for name in ("diajukan", "terverifikasi")]
    who += [f"/kurator/inovasi/{told['diajukan']}/{page}" for page in ("mirip", "selesai")]
    return made


def accounts_of(portal: PortalProcess) -> Accounts:
    """The parts of accounts over the store of the process."""
    assert portal.running is not None
    accounts = Accounts(portal.running.resources["portal"])
    accounts.links.listening(portal.url)
    return accounts


def _code(link: str) -> str:
    return link.partition("kode=")[2]


async def _invited(portal: PortalProcess, accounts: Accounts, role: Role) -> tuple[str, str]:
    id = str(uuid4())
    region = None if role is Role.OPERATOR else portal.told.code
    agencies = (portal.told.agencies["satu"],) if role is Role.AGENCY else ()
    new = NewInvitation("Siti Aminah", f"{id[:8]}@contoh.example", role, region, agencies, "test")
    made = await accounts.inviting.create(id, new, Fingerprint(id, id))
    assert made.link is not None
    return id, made.link
