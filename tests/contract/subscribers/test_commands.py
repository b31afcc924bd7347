"""The commands for other systems, as an operator runs them: on a broker, and on the embedded engines."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx2
import jwt
import pytest
from anyio.from_thread import start_blocking_portal

from shared.contracts.topology import topology
from shared.runtime.process import Running
from tests.contract.process.test_lifecycle_commands import Satu, data, register, satu, served
from tests.servers.rabbit import Rabbit
from tests.support.client import eventually

__all__ = ["data", "satu"]

NAME = "commands-test"


@pytest.fixture
def management(rabbit: Rabbit, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a broker with the topology, in the environment. Commands use its first virtual host."""
    from shared.adapters.rabbit.provision import apply  # noqa: PLC0415 - only with a broker

    parts = urlsplit(rabbit.management_url)
    url = urlunsplit(parts._replace(netloc=f"{rabbit.admin.user}:{rabbit.admin.password}@{parts.netloc}"))
    monkeypatch.setenv("RABBITMQ_MANAGEMENT_URL", url)
    with start_blocking_portal() as portal:
        wanted = topology((), tail=False)
        portal.call(apply, rabbit.admin, wanted, {user.name: f"test-{user.name}" for user in wanted.users})
    return url


@pytest.mark.rabbit
@pytest.mark.usefixtures("management")
def test_a_subscriber_is_added_listed_rotated_paused_resumed_and_removed(satu: Satu) -> None:
    satu("subscriber", "remove", NAME)
    added = satu("subscriber", "add", NAME, "--subjects", "obligation, innovation", "--region", "61.12")
    given = dict(line.split(": ", 1) for line in added.out.splitlines())

    assert (given["user"], given["queue"]) == (f"subscriber.{NAME}", f"subscriber.{NAME}")
    assert given["subjects"] == "innovation, obligation of region 61.12"
    claims = jwt.decode(given["feed token"], options={"verify_signature": False})
    assert (claims["role"], claims["subjects"], claims["region"]) == (
        "subscriber",
        ["innovation", "obligation"],
        "61.12",
    )
    line = f"{NAME}  0 ready, 0 unacked, 0 consumers  (innovation, obligation of region 61.12)"
    assert line in satu("subscriber", "list").out.splitlines()

    again = satu("subscriber", "add", NAME, "--subjects", "agency")
    assert (again.status, again.err) == (
        2,
        f"satu: there is a subscriber {NAME} already: satu subscriber remove {NAME}, then add it again\n",
    )
    rotated = json.loads(satu("subscriber", "rotate", NAME, "--json").out)
    assert rotated["password"] != given["password"]
    assert satu("subscriber", "pause", NAME).status == 0
    assert "paused" in next(each for each in satu("subscriber", "list").out.splitlines() if each.startswith(NAME))
    assert "paused" in next(each for each in satu("doctor").out.splitlines() if f"subscriber {NAME}" in each)
    assert satu("subscriber", "resume", NAME).status == 0

    assert satu("subscriber", "remove", NAME).status == 0
    assert NAME not in {each["name"] for each in json.loads(satu("subscriber", "list", "--json").out)}
    gone = satu("subscriber", "pause", NAME)
    assert (gone.status, gone.err) == (2, f"satu: there is no subscriber {NAME}: satu subscriber list\n")


@pytest.mark.rabbit
@pytest.mark.usefixtures("management")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("Big", "--subjects", "agency"), "lower-case letters"),
        (("ok", "--subjects", "message"), "no such subject: message"),
        (("ok", "--subjects", ","), "no such subject"),
        (("ok", "--subjects", "agency", "--region", "61.12", "--province", "61"), "either a region or a province"),
        (("ok", "--subjects", "agency", "--province", "6"), "'6'"),
    ],
)
def test_a_subscriber_of_nothing_that_there_is_is_refused_in_one_line(
    satu: Satu, words: tuple[str, ...], said: str
) -> None:
    done = satu("subscriber", "add", *words)

    assert (done.status, done.err.count("\n")) == (2, 1)
    assert said in done.err


@pytest.mark.parametrize("words", [("add", "x", "--subjects", "agency"), ("list",), ("remove", "x")], ids=" ".join)
def test_on_the_embedded_engines_they_name_the_token_for_the_feed(satu: Satu, words: tuple[str, ...]) -> None:
    done = satu("subscriber", *words)

    assert done.status == 2
    assert "satu token issue --role subscriber" in done.err


def test_in_a_service_s_container_they_name_the_container(satu: Satu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUS_URL", "amqp://registry:secret@rabbitmq:5672/")

    done = satu("subscriber", "list")

    assert done.status == 2
    assert "docker compose run --rm topology subscriber" in done.err


def test_the_newest_event_of_a_subject_is_shown_and_published_again(data: Path, satu: Satu) -> None:
    async def before(process: Running, client: httpx2.AsyncClient) -> None:
        await register(client, "61.12")
        await eventually(lambda: process.resources["scoring"].store.get("known_region", "61.12"))

    served(data, before)
    shown = satu("events", "show", "region/61.12")
    event = json.loads(shown.out)
    assert (event["type"], event["subject"], event["data"]["code"]) == ("region.registered", "region/61.12", "61.12")

    replayed = satu("events", "replay", "region/61.12", "region/99.99")

    assert replayed.status == 1
    assert replayed.out.splitlines() == ["region/61.12: owed again", "region/99.99: has no event"]

    async def after(process: Running, _: httpx2.AsyncClient) -> None:
        async def settled() -> int:
            return await process.resources["registry"].store.owed_depth()

        assert await eventually(settled, lambda depth: depth == 0) == 0

    served(data, after)


@pytest.mark.parametrize("command", ["show", "replay"])
@pytest.mark.parametrize(
    ("subject", "said"), [("weather/1", "innovation/…"), ("innovation", "innovation/…"), ("region/", "region/…")]
)
def test_a_subject_of_no_kind_is_refused(satu: Satu, command: str, subject: str, said: str) -> None:
    done = satu("events", command, subject)

    assert done.status == 2
    assert said in done.err


def test_a_subject_without_an_event_is_said_to_have_none(data: Path, satu: Satu) -> None:
    assert satu("events", "show", "region/61.99").err == "satu: region/61.99 has no event\n"
