"""A process from start to end: inside the test (`running`), and as a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.responses import PlainTextResponse

from shared.adapters.sqlite.store import SqliteStore
from shared.auth import keys
from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.clock import Clock
from shared.faults import Flaw, Misconfigured, StoreAway
from shared.runtime import process
from shared.runtime.installed import KNOWN
from shared.runtime.process import Running, opened, running
from shared.runtime.service import Loop
from shared.runtime.service_runner import ServiceRunner
from shared.settings import Settings, load
from tests.support.client import eventually

REGION = {
    "code": "61.12",
    "name": "Kabupaten Kubu Raya",
    "zone": "Asia/Pontianak",
    "catalogue": "2026.1",
    "policy": {"obliged_kinds": ["dinas"], "minimum": 1, "counts_when": "submitted", "community_counts": True},
}
REQUESTS = 20


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    keys.init(tmp_path, tmp_path / "access")
    return load({}, data_dir=tmp_path, port=0)


def bearer(settings: Settings, grant: Grant | None = None) -> dict[str, str]:
    grant = grant or Grant("operator", Role.OPERATOR)
    return {"Authorization": f"Bearer {keys.issue(settings.root, grant, timedelta(hours=1))}"}


@asynccontextmanager
async def asking(process: Running) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=process.url, headers=bearer(process.settings)) as client:
        yield client


async def ready(client: httpx2.AsyncClient) -> None:
    """Wait until all parts are ready."""
    await eventually(lambda: client.get("/health/ready"), lambda answer: answer.status_code == 200)


async def admin(process: Running, path: str) -> httpx2.Response:
    """An answer for operators."""
    async with httpx2.AsyncClient(base_url=process.admin_url, trust_env=False) as client:
        return await client.get(path)


async def test_one_process_runs_all_services_and_reports_the_readiness_of_each_part(settings: Settings) -> None:
    async with running(settings) as process, asking(process) as client:
        await ready(client)
        parts = (await admin(process, "/health/ready")).json()["parts"]
        live = await client.get("/health/live")
        pages = [await client.get(path) for path in ("/", *(f"/{name}/v1/docs" for name in KNOWN))]
        numbers = await admin(process, "/metrics")

    assert tuple(process.resources) == KNOWN
    assert process.admin_url.startswith("http://127.0.0.1:")
    assert live.json() == {"live": True}
    assert {"registry: store", "registry: relay", "scoring: bus", "notifications: outbox"} <= parts.keys()
    assert {"scoring: consumer scoring.innovations", "notifications: consumer notifications.agencies"} <= parts.keys()
    assert {each.status_code for each in pages} == {200}
    assert "satu_outbox_oldest_seconds" in numbers.text
    assert "satu_loop_runs_total" in numbers.text


async def test_one_service_alone_answers_its_own_paths_only(settings: Settings) -> None:
    async with running(settings, ["scoring"]) as process, asking(process) as client:
        assert (await client.get("/scoring/v1/catalogues")).status_code == 200
        assert (await client.get("/registry/v1/regions")).status_code == 404


async def test_an_accepted_change_reaches_the_other_services_and_outlives_the_process(settings: Settings) -> None:
    async with running(settings) as process, asking(process) as client:
        created = await client.post("/registry/v1/regions", json=REGION, headers={"Idempotency-Key": "k"})
        assert created.status_code == 201, created.text
        for name in ("scoring", "notifications"):
            await until_known(process, name)

    async with running(settings) as process, asking(process) as client:
        assert (await client.get("/registry/v1/regions/61.12")).json()["name"] == REGION["name"]


async def until_known(process: Running, name: str) -> None:
    await eventually(lambda: process.resources[name].store.get("known_region", "61.12"))


async def test_the_last_accepted_change_is_published_before_the_process_ends(settings: Settings) -> None:
    async with running(settings) as process, asking(process) as client:
        await ready(client)
        await client.post("/registry/v1/regions", json=REGION, headers={"Idempotency-Key": "k"})

    store = SqliteStore(settings.root / "registry.sqlite")
    await store.open(process.services["registry"].kinds)
    owed = await store.oldest_owed()
    await store.close()
    assert owed is None


async def test_a_process_can_have_a_clock_of_its_own(settings: Settings) -> None:
    moment = datetime(2025, 12, 1, 2, tzinfo=UTC)

    async with running(settings, clock=Clock(moment)) as process:
        assert timedelta(0) <= process.resources["registry"].clock.now() - moment < timedelta(minutes=1)


async def test_an_application_beside_the_services_answers_below_its_path(settings: Settings) -> None:
    beside = {"/demo": PlainTextResponse("the demo")}
    async with running(settings, beside=beside) as process, asking(process) as client:
        assert (await client.get("/demo/")).text == "the demo"
        assert (await client.get("/health/live")).status_code == 200
        assert (await client.get("/scoring/v1/catalogues")).status_code == 200


async def test_unknown_paths_of_the_process_are_problems(settings: Settings) -> None:
    async with running(settings) as process, asking(process) as client:
        nowhere = await client.get("/nowhere")
        posted = await client.post("/health/live")

    assert (nowhere.status_code, nowhere.json()["type"]) == (404, "/problems/not-found")
    assert (posted.status_code, posted.headers["content-type"]) == (405, "application/problem+json")


async def test_while_the_store_is_away_the_process_is_live_not_serving_and_gives_the_reason(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = asyncio.Event()
    opens = SqliteStore.open

    async def away(self: SqliteStore, kinds: object) -> None:
        if not back.is_set():
            raise StoreAway("no disk yet")
        await opens(self, kinds)  # type: ignore[arg-type]

    monkeypatch.setattr(SqliteStore, "open", away)
    async with running(settings, ["scoring"], wait=False) as process, asking(process) as client:
        live = await client.get("/health/live")
        serving = await client.get("/health/serving")
        unready = await client.get("/health/ready")
        reasons = await admin(process, "/health/ready")
        asked = await client.get("/scoring/v1/catalogues")
        back.set()
        await ready(client)
        answered = await client.get("/scoring/v1/catalogues")

    assert (live.status_code, serving.status_code, unready.status_code) == (200, 503, 503)
    assert unready.json() == {"ready": False}  # to the public without the reason
    assert (reasons.status_code, reasons.json()["parts"]["scoring: service"]["why"]) == (503, "no disk yet")
    assert (asked.status_code, asked.headers["retry-after"]) == (503, "5")
    assert "no disk yet" not in asked.text  # the reason is for operators only
    assert answered.status_code == 200


async def test_a_service_that_refuses_to_start_ends_the_process_with_its_reason(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_self: ServiceRunner) -> None:
        raise Misconfigured([Flaw("catalogue 2026.1", "missing", "a scorecard uses it")])

    monkeypatch.setattr(ServiceRunner, "open", refuse)

    with pytest.raises(Misconfigured, match="a scorecard uses it"):
        async with running(settings):
            pytest.fail("it must not begin")


async def test_an_error_in_a_worker_ends_the_process(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_self: object) -> None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr("shared.runtime.loops.LoopRunner.run", broken)

    async with running(settings) as process:
        await asyncio.wait_for(process.over.wait(), 5)

    assert str(process.failure) == "a mistake of ours"


async def test_a_second_server_on_the_same_files_is_refused(settings: Settings) -> None:
    async with running(settings):
        with pytest.raises(Misconfigured, match="another server process"):
            async with running(settings):
                pytest.fail("it must not begin")

    async with running(settings):
        pass  # the first process has released its lock


async def test_a_port_in_use_is_named(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"PORT: cannot listen on 127.0.0.1:{port}"):
            async with running(settings.model_copy(update={"port": port})):
                pytest.fail("it must not begin")


async def test_a_port_in_use_for_operators_is_named_and_the_public_one_is_given_up(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as other:
        address, port = f"127.0.0.1:{taken.getsockname()[1]}", other.getsockname()[1]
        other.close()
        changed = settings.model_copy(update={"admin_address": address, "port": port})
        with pytest.raises(Misconfigured, match=f"ADMIN_ADDRESS: cannot listen on {address}"):
            async with running(changed):
                pytest.fail("it must not begin")
        with socket.create_server(("127.0.0.1", port)):
            pass  # nobody holds it


async def test_metrics_and_reasons_are_not_at_the_public_address(settings: Settings) -> None:
    async with running(settings) as process, asking(process) as client:
        await ready(client)
        numbers, readiness = await client.get("/metrics"), await client.get("/health/ready")

    assert (numbers.status_code, numbers.json()["type"]) == (404, "/problems/not-found")
    assert readiness.json() == {"ready": True}


async def test_a_request_in_progress_is_answered_when_the_process_ends(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, count, in_progress = SqliteStore.find, 0, asyncio.Event()

    async def find_slowly(self: SqliteStore, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - the method's own
        nonlocal count
        count += 1
        if count == REQUESTS:
            in_progress.set()
        await asyncio.sleep(0.2)
        return await find(self, *arguments, **options)

    monkeypatch.setattr(SqliteStore, "find", find_slowly)
    async with httpx2.AsyncClient(timeout=20) as client:
        async with running(settings, ("registry",)) as process:
            url, headers = f"{process.url}/registry/v1/regions", bearer(settings)
            asked = [asyncio.create_task(client.get(url, headers=headers)) for _ in range(REQUESTS)]
            await asyncio.wait_for(in_progress.wait(), 10)
        answers = await asyncio.gather(*asked)

    assert {answer.status_code for answer in answers} == {200}


async def test_a_command_works_on_the_store_beside_the_running_server(settings: Settings) -> None:
    async with running(settings) as process, asking(process) as client:
        await client.post("/registry/v1/regions", json=REGION, headers={"Idempotency-Key": "k"})
        async with opened("registry", settings) as world:
            found = await world.store.get("region", "61.12")

    assert found is not None


async def test_a_runner_starts_and_stops_every_worker_of_a_service(settings: Settings) -> None:
    asked = asyncio.Event()

    async def ask() -> None:
        asked.set()

    world, composed = process.compose("scoring", process.Engines(settings), Clock(), settings)
    runner = ServiceRunner(type(composed)(**{**vars(composed), "loops": (Loop("asks", 3600.0, ask),)}), world)
    await runner.open()
    await process.open_bus(world.bus)
    runner.begin(lambda error: pytest.fail(str(error)))
    await asyncio.wait_for(asked.wait(), 5)
    await runner.end()
    await world.bus.close()

    assert runner.readiness.state == "stopped"
    assert runner.relay.readiness.state == "stopped"
    assert {consumer.readiness.state for consumer in runner.consumers} == {"stopped"}


class Satu:
    """`satu` as a process of its own."""

    def __init__(self, data: Path, *words: str, **environ: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "shared.cli", *words],
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(data), "PORT": "0", **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    async def url(self) -> str:
        """The URL that it logs."""
        assert self.process.stderr is not None
        while line := await asyncio.to_thread(self.process.stderr.readline):
            if match := re.search(r'"url": "([^"]+)"', line):
                return match[1]
        raise AssertionError("it ended before it answered")

    async def end(self) -> tuple[int, str, str]:
        """Exit status, standard output and standard error."""
        out, err = await asyncio.to_thread(self.process.communicate, timeout=30)
        return self.process.returncode, out, err


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT], ids=lambda how: how.name)
async def test_a_signal_ends_it_with_status_0(tmp_path: Path, how: signal.Signals) -> None:
    satu = Satu(tmp_path, "up")
    url = await satu.url()
    async with httpx2.AsyncClient(base_url=url) as client:
        await ready(client)

    satu.process.send_signal(how)
    status, out, err = await satu.end()

    assert status == 0, err
    assert "made the key of tokens" in out
    assert err.index('"process.ending"') < err.index('"service.ended"') < err.index('"process.ended"')
    assert "Traceback" not in err


async def test_every_wrong_setting_is_a_line_and_the_status_is_2(tmp_path: Path) -> None:
    status, _, err = await Satu(tmp_path, "up", PORT="many", STORE_URL="mysql://x", BUS_URL_FILE="/nowhere").end()

    assert status == 2
    assert [line.split(": ")[1] for line in err.splitlines()] == ["BUS_URL_FILE", "STORE_URL", "PORT"]
    assert "Traceback" not in err


async def test_a_service_that_refuses_to_start_is_a_line_and_the_status_is_2(tmp_path: Path) -> None:
    catalogues = tmp_path / "catalogues"
    catalogues.mkdir()
    (catalogues / "2099.yaml").write_text("year: 2099\nrows: nothing\n")

    status, _, err = await Satu(tmp_path, "up").end()

    assert status == 2
    assert "2099.yaml" in err
    assert "Traceback" not in err


async def test_killed_and_started_again_it_continues_its_work(tmp_path: Path) -> None:
    keys.init(tmp_path, tmp_path / "access")
    settings = load({}, data_dir=tmp_path)
    first = Satu(tmp_path, "up")
    async with httpx2.AsyncClient(base_url=await first.url(), headers=bearer(settings)) as client:
        await ready(client)
        created = await client.post("/registry/v1/regions", json=REGION, headers={"Idempotency-Key": "k"})
        first.process.kill()
    await first.end()
    assert created.status_code == 201

    async with running(settings.model_copy(update={"port": 0})) as process:
        await until_known(process, "notifications")
