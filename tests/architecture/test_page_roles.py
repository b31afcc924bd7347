"""Every page is for its roles and for no others, in a running process."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from services.portal.pages import csrf
from services.portal.pages.forms import MULTIPART
from services.portal.pages.session import PLAIN_COOKIE
from shared.auth import keys
from shared.auth.policy import Role
from shared.cli.generate import pages
from shared.runtime.process import Running, running
from shared.settings import load
from shared.web.guard import MUTATING, GuardedRoute
from tests.support.portal.signing_in import replace_sessions
from tests.support.portal.stand_in import NAMES, StandInSessions, person

PAGES = [(route, method) for route in pages() for method in sorted(route.methods)]
ROLES = (None, *NAMES)


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Running]:
    keys.init(tmp_path, tmp_path / "access")
    async with running(load({}, data_dir=tmp_path, port=0)) as process:
        replace_sessions(process, StandInSessions())
        yield process


async def test_every_page_is_for_its_roles_and_no_others(process: Running) -> None:
    broken: list[str] = []
    async with httpx2.AsyncClient(base_url=process.url, timeout=30) as client:
        for route, method in PAGES:
            for role in ROLES:
                answer = await _request(client, route, method, role)
                if not _is_expected(answer, route, role):
                    broken.append(f"{method} {route.path} as {role or 'nobody'}: {answer.status_code}")

    assert broken == []


def test_no_page_is_for_subscribers() -> None:
    assert [route.path for route, _ in PAGES if Role.SUBSCRIBER in route.roles] == []


async def _request(client: httpx2.AsyncClient, route: GuardedRoute, method: str, role: Role | None) -> httpx2.Response:
    path = re.sub(r"\{[^}]*\}", "1", route.path)
    client.cookies.clear()
    headers = {"Cookie": f"{PLAIN_COOKIE}={role}"} if role else {}
    fields = {csrf.FIELD: csrf.shown(person(role).csrf)} if role else {"nothing": ""}
    if method not in MUTATING:
        return await client.request(method, path, headers=headers)
    files = {"file": ("a.pdf", b"x")} if MULTIPART in route.media_types else None
    return await client.request(method, path, headers=headers, data=fields, files=files)


def _is_expected(answer: httpx2.Response, route: GuardedRoute, role: Role | None) -> bool:
    if answer.status_code == 500:
        return False
    to_sign_in = answer.status_code == 303 and answer.headers["location"].startswith("/masuk")
    if Role.PUBLIC in route.roles:
        return answer.status_code != 403
    if role is None:
        return to_sign_in
    if role not in route.roles:
        return answer.status_code == 403
    return answer.status_code != 403 or "Anda tidak berwenang" not in answer.text
