"""Every route has a policy and enforces it: the role matrix, tested against a running process."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import httpx2
import pytest
from fastapi import APIRouter

from shared.auth import keys
from shared.auth.gates import KeyFolderGate
from shared.auth.policy import Principal, Role, allow
from shared.cli.generate import reference, routes_by_service
from shared.contracts.event_types import OPEN_SUBJECTS
from shared.runtime.process import Running, running
from shared.settings import load
from shared.web.app import mount_of, service_app
from shared.web.guard import MUTATING, GuardedRoute
from tests.support.paths import ROOT

REFERENCE = ROOT / "docs/reference"
ROUTES = [
    pytest.param(service, route, method, id=f"{method} {mount_of(service)}{route.path}")
    for service, routes in routes_by_service().items()
    for route in routes
    for method in sorted(route.methods)
]
ROLES = (Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR, Role.SUBSCRIBER)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    keys.init(folder, folder / "access")
    return folder


@pytest.fixture
async def process(data: Path) -> AsyncIterator[Running]:
    async with running(load({}, data_dir=data, port=0)) as process:
        yield process


def token(data: Path, role: Role) -> str:
    region = None if role is Role.OPERATOR else "61.12"
    agencies = ("7b1c9a54-0000-4000-8000-000000000001",) if role is Role.AGENCY else ()
    subjects = tuple(OPEN_SUBJECTS) if role is Role.SUBSCRIBER else ()
    return keys.issue(data, keys.Grant(f"test-{role}", role, region, agencies, subjects), timedelta(hours=1))


def test_a_route_without_a_policy_is_an_error(tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/open")
    async def open_to_all() -> None:
        return None

    with pytest.raises(TypeError, match="GET /open has 0 policies"):
        service_app("test", router, KeyFolderGate(tmp_path))


def test_a_route_with_two_policies_is_an_error(tmp_path: Path) -> None:
    router = APIRouter()

    @router.get("/twice", dependencies=[allow(Role.PUBLIC)])
    async def twice(_who: Annotated[Principal, allow(Role.OPERATOR)]) -> None:
        return None

    with pytest.raises(TypeError, match="2 policies"):
        service_app("test", router, KeyFolderGate(tmp_path))


@pytest.mark.parametrize("name", sorted(reference()))
def test_the_committed_reference_is_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text() == reference()[name], "run `make docs`"


async def test_every_route_allows_its_roles_and_no_others(process: Running, data: Path) -> None:
    assert len(ROUTES) > 30
    tokens = {role: token(data, role) for role in ROLES}
    broken: list[str] = []
    async with httpx2.AsyncClient(base_url=process.url) as client:
        for case in ROUTES:
            service, route, method = case.values
            for role in (None, *ROLES):
                answer = await _request(client, service, route, method, tokens.get(role) if role else None)
                if not _is_expected(answer, route, role):
                    broken.append(f"{case.id} as {role or 'no token'}: {answer.status_code} {answer.text[:120]}")

    assert broken == []


async def test_no_route_accepts_a_forged_token(process: Running, data: Path, tmp_path: Path) -> None:
    keys.init(tmp_path, tmp_path / "access")  # the forger's own key pair
    forged = token(tmp_path, Role.OPERATOR)

    async with httpx2.AsyncClient(base_url=process.url) as client:
        statuses = {
            case.id: (await _request(client, service, route, method, forged)).status_code
            for case in ROUTES
            for service, route, method in [case.values]
        }

    assert set(statuses.values()) == {401}


async def _request(
    client: httpx2.AsyncClient, service: str, route: GuardedRoute, method: str, token: str | None
) -> httpx2.Response:
    path = mount_of(service) + re.sub(r"\{[^}]*\}", "1", route.path)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = b""
    if route.media_types and method in MUTATING:
        headers["Content-Type"] = min(route.media_types)
        content = b"{}"
    async with client.stream(method, path, headers=headers, content=content) as answer:
        if not answer.headers.get("content-type", "").startswith("text/event-stream"):  # one has no end
            await answer.aread()
        return answer


def _is_expected(answer: httpx2.Response, route: GuardedRoute, role: Role | None) -> bool:
    if answer.status_code >= 500:
        return False
    if role is None and Role.PUBLIC not in route.roles:
        return answer.status_code == 401
    if role is not None and role not in route.roles:
        return answer.status_code == 403
    by_role = answer.status_code == 403 and "tidak berwenang melakukan ini" in answer.text
    return answer.status_code != 401 and not by_role
