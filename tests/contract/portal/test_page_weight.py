"""What every page transfers in a region of many agencies: at most 12 kB, whoever looks, with the head of its answer."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import httpx2
import pytest

from services.portal.kinds import KINDS
from services.portal.pages.session import PLAIN_COOKIE
from shared.adapters.sqlite.store import SqliteStore
from shared.auth import keys
from shared.auth.policy import Role
from shared.cli.generate import pages
from shared.clock import Clock
from shared.runtime.process import Running, running
from shared.settings import load
from tests.support.client import Regency, issuing
from tests.support.portal.one_of_each import OneOfEach, one_of_each, region_of
from tests.support.portal.stand_in import signed_in
from tests.support.portal_model.crowd import crowd
from tests.support.portal_model.events import DAY, REGION, YEAR

MOST = 11_000  # bytes of a page as it is transferred; with its head at most 12 kB
ROLES = (Role.PUBLIC, Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
FILES = re.compile(r"\.({\w+}|csv|json|xlsx|pdf)$|/berkas|/dokumen/")


@pytest.mark.timeout(180)
async def test_no_page_transfers_more_than_twelve_kilobytes_in_a_region_of_a_thousand_agencies(tmp_path: Path) -> None:
    keys.init(tmp_path, tmp_path / "access")
    store = SqliteStore(tmp_path / "portal.sqlite")
    await store.open(KINDS)
    await crowd(store)
    await store.close()
    async with running(load({}, data_dir=tmp_path, port=0), clock=Clock(DAY)) as process:
        async with Regency(process.url, issuing(tmp_path)) as regency:
            await region_of(regency, REGION, {YEAR: date(YEAR, 11, 30)})
            each = await one_of_each(regency, YEAR)
        weights = {
            f"{path} as {role}": weight
            for role in ROLES
            for path, weight in (await _weights(process, role, each)).items()
        }

    assert {page: weight for page, weight in weights.items() if weight > MOST} == {}
    assert len(weights) > 80


async def _weights(process: Running, role: Role, each: OneOfEach) -> dict[str, int]:
    """Path → bytes, of the pages of a role that could be shown."""
    headers = {"accept-encoding": "gzip"}
    if role is not Role.PUBLIC:
        cookie = await signed_in(process.resources["portal"], role, (each.agency,), name="Siti Aminah (contoh)")
        headers["cookie"] = f"{PLAIN_COOKIE}={cookie}"
    found = {}
    async with httpx2.AsyncClient(base_url=process.url, headers=headers, timeout=30, trust_env=False) as client:
        for path in _paths(role, each):
            answer = await client.get(path)
            assert answer.status_code < 500, (path, answer.status_code)
            if answer.status_code == 200:
                found[path] = int(answer.headers["content-length"])
    return found


def _paths(role: Role, each: OneOfEach) -> list[str]:
    """The addresses of all pages of a role, with one thing in the place of each parameter."""
    values = {"id": each.innovation, "agency": each.agency, "year": str(each.year), "region": each.code}
    values |= {"row": "16", "slug": "profil", "person": each.contact, "number": "1"}
    special = {"/kurator/kantor/opd/{id}": each.agency, "/kurator/kantor/ide/{id}": each.idea}
    found = []
    for route in pages():
        if "GET" not in route.methods or role not in route.roles or FILES.search(route.path):
            continue
        for id in (each.innovation, each.draft) if role is Role.AGENCY else (each.innovation,):
            given = {**values, "id": special.get(route.path, id)}
            if set(re.findall(r"{(\w+)", route.path)) <= given.keys():
                found.append(re.sub(r":\w+}", "}", route.path).format(**given))
    searched = [f"{path}?opd-cari=sungai" for path in ("/kurator/inovasi", "/kurator/kantor/kontak")]
    return [*dict.fromkeys(found), *(searched if role is Role.CURATOR else ())]
