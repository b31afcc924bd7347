"""Innovations that a test makes for itself in the process of its worker."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from typing import Any

import httpx2

from shared.auth.policy import Role
from shared.demo import sample
from tests.support.client import Api, eventually
from tests.support.portal.process import PortalProcess

ROWS: Mapping[str, Mapping[str, Any]] = {"16": {"level": 2}, "17": {"level": 3}}
_NUMBERS = itertools.count(1)


def submitted(
    portal: PortalProcess,
    name: str,
    agency: str = "dinsos",
    rows: Mapping[str, Mapping[str, Any]] = ROWS,
    files: Mapping[str, bytes] | None = None,
) -> str:
    """The id of a submitted and scored innovation of an agency (its key). files: PDFs by row, instead of links."""
    cookie = portal.sign_in(Role.CURATOR)
    id = portal.do(_submitted(portal, name, portal.told.agencies[agency], rows, files or {}))
    portal.do(eventually(lambda: _is_listed(portal.url, {cookie["name"]: cookie["value"]}, id)))
    return id


def asked(portal: PortalProcess, path: str, role: Role = Role.CURATOR) -> dict[str, Any]:
    """What an owner answers."""

    async def ask() -> dict[str, Any]:
        async with Api(portal.url, portal.token(role)) as api:
            return await api.get(path)

    return portal.do(ask())


def ask_withdrawal(portal: PortalProcess, innovation: str, agency: str) -> None:
    """Its agency (an id) asks to withdraw a verified innovation."""

    async def ask() -> None:
        async with Api(portal.url, portal.token(Role.AGENCY, (agency,))) as api:
            path = f"/registry/v1/innovations/{innovation}"
            await api.change("POST", f"{path}/withdrawal", {"reason": "Layanan berhenti (contoh)."}, of=path)

    portal.do(ask())


async def _submitted(
    portal: PortalProcess, name: str, agency: str, rows: Mapping[str, Mapping[str, Any]], files: Mapping[str, bytes]
) -> str:
    texts = {key: text.format(name=name, agency="perangkat daerah") for key, text in sample.load().profile.items()}
    profile = {
        "name": name,
        "stage": "penerapan",
        "initiator": "opd",
        "classification": "perangkat_daerah",
        "nature": "digital",
        "form": "pelayanan_publik",
        "main_affair": "sosial",
        "trial_on": "2025-02-03",
        "applied_on": "2025-05-05",
        "developed": False,
        **texts,
    }
    async with Api(portal.url, portal.token(Role.AGENCY, (agency,))) as api:
        body = {"agency": agency, "year": portal.told.year, "profile": profile}
        key = f"test-{os.getpid()}-{next(_NUMBERS)}"
        id = str((await api.create("/registry/v1/innovations", body, key=key))["id"])
        path = f"/registry/v1/innovations/{id}"
        for row, claim in rows.items():
            links = [] if row in files else [f"https://bukti.kuburaya.example/{row}"]
            await api.change("PUT", f"{path}/evidence/{row}", {"links": links, **claim}, of=path)
        for row, content in files.items():
            await _upload(api, path, row, content)
        await api.change("POST", f"{path}/submit", of=path)

        async def scored() -> bool:
            card = await api.get(f"/scoring/v1/scorecards/{id}")
            return card["maturity"] is not None

        await eventually(scored)
    return id


async def _upload(api: Api, path: str, row: str, content: bytes) -> None:
    version = (await api.raw("GET", path)).headers["etag"]
    files = {"file": ("surat keputusan.pdf", content, "application/pdf")}
    answer: httpx2.Response = await api.raw(
        "POST", f"{path}/evidence/{row}/files", files=files, headers={"If-Match": version}
    )
    assert answer.is_success, answer.text


async def _is_listed(url: str, cookies: dict[str, str], id: str) -> bool:
    async with httpx2.AsyncClient(base_url=url, trust_env=False, cookies=cookies) as client:
        page = await client.get("/kurator/inovasi")
    return id in page.text
