"""The operator's commands, on real services with the embedded engines."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import httpx2
import jwt
import pytest
import structlog

from shared.adapters.sqlite.bus import SqliteBus
from shared.auth import keys
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.cli.__main__ import main
from shared.clock import Clock
from shared.contracts.subscriptions import SUBSCRIPTIONS
from shared.runtime.process import Running, running
from shared.settings import load
from tests.contract.process.test_lifecycle import REGION
from tests.support.client import eventually


class CommandResult(NamedTuple):
    """Exit status and output of a command."""

    status: int
    out: str
    err: str


Satu = Callable[..., CommandResult]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    data = tmp_path / "data"
    monkeypatch.setenv("DATA_DIR", str(data))
    keys.init(data, data / "access")
    return data


@pytest.fixture
def satu(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Satu]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def run(*words: object) -> CommandResult:
        monkeypatch.setattr(sys, "argv", ["satu", *(str(word) for word in words)])
        capsys.readouterr()
        status = main()
        return CommandResult(status, *capsys.readouterr())

    yield run
    for handler in list(root.handlers):
        if handler not in handlers:
            root.removeHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def served(data: Path, act: Callable[[Running, httpx2.AsyncClient], Awaitable[None]]) -> None:
    """Run the services in this process while `act` works."""

    async def serve() -> None:
        token = keys.issue(data, Grant("operator", Role.OPERATOR), timedelta(hours=1))
        headers = {"Authorization": f"Bearer {token}"}
        async with (
            running(load({}, data_dir=data, port=0)) as process,
            httpx2.AsyncClient(base_url=process.url, headers=headers) as client,
        ):
            await act(process, client)

    asyncio.run(serve())


async def register(client: httpx2.AsyncClient, code: str) -> None:
    answer = await client.post("/registry/v1/regions", json=REGION | {"code": code}, headers={"Idempotency-Key": code})
    assert answer.status_code == 201, answer.text


def regions(data: Path) -> dict[str, list[str]]:
    """The regions that each service knows once every event is processed."""
    found: dict[str, list[str]] = {}

    async def look(process: Running, client: httpx2.AsyncClient) -> None:
        listed = (await client.get("/registry/v1/regions")).json()["items"]
        found["registry"] = sorted(each["code"] for each in listed)
        for name in ("scoring", "notifications"):
            store = process.resources[name].store

            async def known() -> list[str]:
                return sorted([row.id async for row in store.scan("known_region", {}, ())])  # noqa: B023 - awaited within the turn

            found[name] = await eventually(known, lambda codes: codes == found["registry"])

    served(data, look)
    return found


def test_after_a_backup_changes_a_restore_and_changes_all_services_agree(
    data: Path, satu: Satu, tmp_path: Path
) -> None:
    async def before(process: Running, client: httpx2.AsyncClient) -> None:
        await register(client, "61.12")
        await eventually(lambda: process.resources["scoring"].store.get("known_region", "61.12"))
        await eventually(lambda: process.resources["notifications"].store.get("known_region", "61.12"))

    async def after(_process: Running, client: httpx2.AsyncClient) -> None:
        await register(client, "61.71")

    async def again(_process: Running, client: httpx2.AsyncClient) -> None:
        await register(client, "63.03")

    served(data, before)
    taken = satu("backup", tmp_path / "set")
    served(data, after)
    put_back = satu("restore", tmp_path / "set")
    served(data, again)

    assert (taken.status, taken.err) == (0, "")
    assert (put_back.status, put_back.err) == (0, "")
    assert put_back.out.startswith("registry: 3 documents"), (
        "the region, its audit entry, the id of the list of erasures"
    )
    assert set(map(tuple, regions(data).values())) == {("61.12", "63.03")}


def test_a_backup_is_taken_while_the_server_runs_and_a_restore_refused(data: Path, satu: Satu, tmp_path: Path) -> None:
    done: list[CommandResult] = []

    async def act(_process: Running, client: httpx2.AsyncClient) -> None:
        await register(client, "61.12")
        done.append(await asyncio.to_thread(satu, "backup", tmp_path / "set"))
        done.append(await asyncio.to_thread(satu, "restore", tmp_path / "set"))

    served(data, act)

    assert done[0].status == 0
    assert done[1].status == 2
    assert "another server process works on" in done[1].err


def test_resync_publishes_the_last_events_again(data: Path, satu: Satu) -> None:
    async def act(_process: Running, client: httpx2.AsyncClient) -> None:
        await register(client, "61.12")

    async def forget(process: Running, _client: httpx2.AsyncClient) -> None:
        await process.resources["scoring"].store.erase("known_region", "61.12")

    served(data, act)
    assert regions(data)["scoring"] == ["61.12"]
    served(data, forget)

    done = satu("resync", "registry")

    assert done.out == "registry: 1 events owed again; its relay publishes them as soon as it runs\n"
    assert regions(data)["scoring"] == ["61.12"]


def test_a_resync_returns_when_its_events_are_published_if_asked_to(data: Path, satu: Satu) -> None:
    async def act(process: Running, client: httpx2.AsyncClient) -> None:
        await register(client, "61.12")
        done = await asyncio.to_thread(satu, "resync", "registry", "--wait")
        assert (done.status, done.out) == (0, "registry: 1 events owed again; published\n")
        assert await process.resources["registry"].store.oldest_owed() is None

    served(data, act)


def test_the_doctor_names_each_problem_and_its_fix(data: Path, satu: Satu, monkeypatch: pytest.MonkeyPatch) -> None:
    sick = satu("doctor")
    satu("topology", "apply")
    well = satu("doctor")

    async def park() -> None:
        bus = SqliteBus(data / "bus.sqlite")
        await bus.open()
        await bus.publish("agency.registered", "agency/1/1", "61.12", b"nonsense", mandatory=True)
        for each in SUBSCRIPTIONS:
            if "agency.registered" in each.types:
                receiver = await bus.receive(each, prefetch=1)
                await receiver.park(await receiver.take(), reason="no event", fault="Unreadable")
                await receiver.close()
        await bus.close()

    asyncio.run(park())
    keys.private_path(data).chmod(0o644)
    monkeypatch.setenv("SMTP_URL", "smtp://127.0.0.1:1")
    monkeypatch.setenv("MAIL_FROM", "satu@kuburaya.example")
    again = satu("doctor")

    assert sick.status == 1
    assert "queue scoring.innovations: it does not exist\n       → satu topology apply" in sick.out
    assert (well.status, well.out.count("WRONG")) == (0, 0)
    assert again.status == 1
    assert "1 parked messages\n       → satu parked list --subscription notifications.agencies" in again.out
    assert f"→ chmod 600 {keys.private_path(data)}" in again.out
    assert "WRONG  SMTP: 127.0.0.1:1 does not answer" in again.out, "a check that a service brings"


def test_topology_is_checked_before_and_after_it_is_applied(satu: Satu) -> None:
    before = satu("topology", "check")
    satu("topology", "apply")
    after = satu("topology", "check")

    assert before.status == 1
    assert "to do: queue scoring.innovations" in before.out
    assert (after.status, after.out) == (0, "nothing differs\n")


def test_the_feed_can_be_left_out_and_no_service_that_others_need(satu: Satu) -> None:
    refused = satu("topology", "apply", "--without", "scoring")
    satu("topology", "apply", "--without", "feed")

    assert refused.status == 2
    assert "'scoring' is not one of feed" in refused.err
    assert satu("topology", "check", "--without", "feed").status == 0
    assert satu("topology", "check").out == "to do: queue feed.latest\n"


def test_parked_messages_are_listed_shown_replayed_and_discarded(data: Path, satu: Satu) -> None:
    satu("topology", "apply")
    name = "notifications.agencies"

    async def park() -> None:
        bus = SqliteBus(data / "bus.sqlite")
        await bus.open()
        for number in range(3):
            await bus.publish("agency.registered", f"agency/1/{number}", "61.12", b"nonsense", mandatory=True)
        (queue,) = (each for each in SUBSCRIPTIONS if each.name == name)
        receiver = await bus.receive(queue, prefetch=3)
        for _ in range(3):
            await receiver.park(await receiver.take(), reason="no event of ours", fault="Unreadable")
        await receiver.close()
        await bus.close()

    asyncio.run(park())

    listed = satu("parked", "list")
    shown = satu("parked", "show", "--subscription", name, "--id", "agency/1/1")
    would = satu("parked", "replay", "--subscription", name, "--dry-run")
    replayed = satu("parked", "replay", "--subscription", name, "--id", "agency/1/0")
    unsaid = satu("parked", "discard", "--subscription", name)
    discarded = satu("parked", "discard", "--subscription", name, "--reason", "no event")
    left = satu("parked", "list", "--subscription", name)

    assert listed.out.count(f"{name}  agency/1/") == 3
    assert json.loads(shown.out)["reason"] == "no event of ours"
    assert (would.out, replayed.out) == ("3 would be replayed\n", "1 replayed\n")
    assert (unsaid.status, discarded.out, left.out) == (2, "2 discarded\n", "")
    assert "--all" in unsaid.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("parked", "show", "--subscription", "no.such"), "no subscription 'no.such'"),
        (("parked", "list", "--older-than", "soon"), "--older-than: must be a number and a unit"),
        (("token", "issue", "--role", "king", "--account", "x"), "'king' is not one of"),
        (("token", "issue", "--role", "curator", "--account", "x"), "region: role curator needs a region"),
        (("serve", "portal-of-dreams"), "is not one of registry, scoring, notifications"),
        (("restore", "/nowhere"), "not a complete backup"),
        (("nonsense",), "No such command 'nonsense'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_wrong_command_is_one_line_and_status_2(satu: Satu, words: tuple[str, ...], says: str) -> None:
    done = satu(*words)

    assert done.status == 2
    assert says in done.err
    assert len(done.err.splitlines()) == 1


def test_a_printed_token_is_accepted(data: Path, satu: Satu) -> None:
    token = satu(
        "token", "issue", "--role", "curator", "--region", "61.12", "--account", "x", "--days", "1"
    ).out.strip()
    statuses: list[int] = []

    async def act(process: Running, _client: httpx2.AsyncClient) -> None:
        async with httpx2.AsyncClient(base_url=process.url) as nobody:
            for headers in ({}, {"Authorization": f"Bearer {token}"}):
                answer = await nobody.get("/notifications/v1/obligations", headers=headers, params={"region": "61.12"})
                statuses.append(answer.status_code)

    served(data, act)

    assert statuses == [401, 200]


def test_config_shows_every_url_and_no_secret(
    data: Path, satu: Satu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("mongodb://registry:hunter2@mongo/registry\n")
    monkeypatch.setenv("STORE_URL_FILE", str(tmp_path / "url"))

    done = satu("config")

    assert f"DATA_DIR={data}" in done.out
    assert "STORE_URL=mongodb://registry:***@mongo/registry" in done.out
    assert "hunter2" not in done.out + done.err


def test_tokens_use_machine_time(data: Path, satu: Satu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUSINESS_TIME", "2020-01-01T00:00:00+07:00")

    token = satu("token", "issue", "--role", "operator", "--account", "x").out.strip()

    issued = jwt.decode(token, options={"verify_signature": False})["iat"]
    assert abs(issued - Clock.machine().timestamp()) < 60
