"""Who did it: the log of a running process names account, role and address; a token is revoked while it runs."""

from __future__ import annotations

import json
import os
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest

from shared.clock import machine_seconds
from tests.contract.process.test_lifecycle import REGION, ready
from tests.support.client import eventually
from tests.support.forks.process import forked, output_of

Command = Callable[..., Awaitable[str]]
WITHIN = 2.0  # seconds until a revocation counts
BUSY = 3.0  # seconds that a loaded machine may add


@pytest.fixture
def satu(tmp_path: Path) -> Command:
    """Runs a command in a process of its own; its standard output, or with another status its errors."""

    async def run(*words: str, status: int = 0) -> str:
        done = await output_of("shared.cli", *words, environment={"DATA_DIR": str(tmp_path)})
        assert done.status == status, done
        return (done.err if status else done.out).strip()

    return run


@asynccontextmanager
async def served(data: Path, log: list[dict[str, Any]], **environ: str) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of `satu up`; after the block, `log` holds what the process has logged."""
    output = data / "up.log"
    settings = {"PATH": os.environ["PATH"], "DATA_DIR": str(data), "PORT": "0", "LOG_FORMAT": "json", **environ}
    with output.open("ab") as file:
        process = await forked("shared.cli", "up", environment=settings, stdout=file, stderr=file)

    async def address() -> str:
        found = re.search(r'"url": "([^"]+)"', output.read_text())
        return found[1] if found else ""

    try:
        async with httpx2.AsyncClient(base_url=await eventually(address), trust_env=False) as client:
            await ready(client)
            yield client
    finally:
        process.terminate()
        await process.wait()
        log += [json.loads(line) for line in output.read_text().splitlines() if line.startswith("{")]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_every_answer_is_logged_with_account_role_and_address(tmp_path: Path, satu: Command) -> None:
    log: list[dict[str, Any]] = []
    async with served(tmp_path, log) as client:
        operator = bearer(await satu("token", "issue", "--role", "operator", "--account", "op-1"))
        curator = bearer(await satu("token", "issue", "--role", "curator", "--region", "61.12", "--account", "cur-7"))
        made = await client.post("/registry/v1/regions", json=REGION, headers=operator)
        person = "/notifications/v1/contacts/8d4e2d2e-6b0f-4a2e-9a55-0d6f7f4f5f11"
        statuses = [
            made.status_code,
            (await client.get("/scoring/v1/rankings?year=2026")).status_code,
            (await client.get(person, headers=curator)).status_code,
            (await client.get(person, headers=operator)).status_code,
            (await client.get(person)).status_code,
            (await client.get(person, headers=bearer("no.token.atall"))).status_code,
        ]

    assert statuses == [201, 200, 404, 403, 401, 401]
    answered = [each for each in log if each["event"] == "http.answered" and "/v1/" in each["path"]]
    assert [(each["status"], each["account"], each["role"]) for each in answered] == [
        (201, "op-1", "operator"),
        (200, "public", "public"),
        (404, "cur-7", "curator"),
        (403, "op-1", "operator"),
        (401, "public", "public"),
        (401, None, None),
    ]
    assert {each["client"] for each in answered} == {"127.0.0.1"}
    assert all(len(each["jti"]) >= 8 for each in answered if each["account"] not in {None, "public"})
    assert person in {each["path"] for each in answered}


@pytest.mark.parametrize(
    ("trusted", "expected"),
    [("127.0.0.0/8", "203.0.113.9"), ("10.0.0.0/8", "127.0.0.1"), pytest.param("", "203.0.113.9", id="by default")],
)
async def test_a_trusted_proxy_names_the_client_and_nobody_else_does(
    tmp_path: Path, trusted: str, expected: str
) -> None:
    log: list[dict[str, Any]] = []
    async with served(tmp_path, log, TRUSTED_PROXIES=trusted) as client:
        await client.get("/registry/v1/regions", headers={"X-Forwarded-For": "198.51.100.1, 203.0.113.9"})

    assert [each["client"] for each in log if each.get("path") == "/registry/v1/regions"] == [expected]


async def test_a_token_is_revoked_one_by_one_while_the_system_runs(tmp_path: Path, satu: Command) -> None:
    log: list[dict[str, Any]] = []
    async with served(tmp_path, log) as client:
        lost, kept = [
            await satu("token", "issue", "--role", "operator", "--account", name) for name in ("lost", "kept")
        ]
        path = "/notifications/v1/held"
        before = await client.get(path, headers=bearer(lost))
        await satu("token", "revoke", lost)
        revoked_at = machine_seconds()
        after = await eventually(
            lambda: client.get(path, headers=bearer(lost)), lambda answer: answer.status_code == 401, every=0.05
        )
        took = machine_seconds() - revoked_at
        other = await client.get(path, headers=bearer(kept))

    assert (before.status_code, other.status_code) == (200, 200)
    assert "dicabut" in after.json()["detail"]
    assert took < WITHIN + BUSY


async def test_a_token_names_its_account_and_lives_seven_days(tmp_path: Path, satu: Command) -> None:
    await satu("token", "init")
    refused = await satu("token", "issue", "--role", "operator", status=2)
    token = await satu("token", "issue", "--role", "operator", "--account", "op-1")
    too_long = await satu("token", "issue", "--role", "operator", "--account", "op-1", "--days", "367", status=2)

    assert "--account" in refused
    assert "366" in too_long
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 7 * 24 * 3600
