"""What is asked of an owner, and what its answers become."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx2
import pytest

from services.portal.owners import client as owner_client
from services.portal.owners.answers import Answer, OwnerAway, OwnerProblem
from services.portal.owners.caught_up import caught_up, done
from services.portal.owners.client import NoTokens, Owners
from services.portal.owners.multipart import Multipart
from shared.auth.policy import Role
from shared.faults import NotFound, Unauthenticated
from shared.observability import tracing
from tests.support.portal.stand_in import person

Handler = Callable[[httpx2.Request], httpx2.Response | Awaitable[httpx2.Response]]


class Tokens:
    async def token_for(self, session: str) -> str:
        if session == "session-ended":
            raise Unauthenticated
        return f"token-of-{session}"


def owners(handler: Handler, addresses: dict[str, str] | None = None) -> Owners:
    made = Owners(Tokens(), addresses or {})
    made.listening("http://here.test")
    made._http = httpx2.AsyncClient(transport=httpx2.MockTransport(handler))
    return made


def answering(status: int = 200, body: Any = None, **headers: str) -> tuple[Handler, list[httpx2.Request]]:  # noqa: ANN401 - JSON
    asked: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        return httpx2.Response(status, json=body if body is not None else {}, headers=headers)

    return handler, asked


async def test_a_question_has_the_person_s_token_the_trace_and_no_empty_parameters() -> None:
    handler, asked = answering(body={"items": []})
    with tracing.of_request("trace-1", None):
        await owners(handler).registry(person(Role.CURATOR)).get("/innovations", region="61.12", after=None, limit=20)

    (request,) = asked
    assert str(request.url) == "http://here.test/registry/v1/innovations?region=61.12&limit=20"
    assert request.headers["authorization"] == "Bearer token-of-session-curator"
    assert request.headers["x-correlation-id"] == "trace-1"


async def test_without_a_session_the_public_asks() -> None:
    handler, asked = answering()
    await owners(handler).scoring(None).get("/rankings")

    assert "authorization" not in asked[0].headers


async def test_an_owner_with_an_address_of_its_own_is_asked_there() -> None:
    handler, asked = answering()
    there = owners(handler, {"registry": "http://registry:8000/", "scoring": ""})
    await there.registry(None).get("/x")
    await there.scoring(None).get("/x")

    assert [str(each.url) for each in asked] == ["http://registry:8000/registry/v1/x", "http://here.test/scoring/v1/x"]


async def test_a_command_carries_the_version_and_the_key() -> None:
    handler, asked = answering(201, {"id": "1"}, etag='"1764000000000"')
    answer = await owners(handler).registry(person(Role.AGENCY)).post("/x", {"a": 1}, version='"7"', key="k")

    assert (asked[0].headers["if-match"], asked[0].headers["idempotency-key"]) == ('"7"', "k")
    assert (answer.status, answer.body, answer.sequence) == (201, {"id": "1"}, 1764000000000)


async def test_a_refusal_is_a_problem_with_its_flaws() -> None:
    flaw = {"field": "profile.name", "code": "missing", "message": "wajib diisi"}
    body = {"type": "/problems/invalid", "title": "T", "detail": "Ada 1 isian.", "flaws": [flaw]}
    handler, _ = answering(422, body)

    with pytest.raises(OwnerProblem) as caught:
        await owners(handler).registry(None).post("/x", {})

    problem = caught.value
    assert (problem.status, problem.slug, problem.detail, problem.flaws) == (422, "invalid", "Ada 1 isian.", [flaw])
    assert not problem.is_stale


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_an_error_of_the_owner_means_that_it_is_away(status: int) -> None:
    handler, _ = answering(status, {"detail": "Penyimpanan tidak menjawab."})

    with pytest.raises(OwnerAway, match="scoring: Penyimpanan") as caught:
        await owners(handler).scoring(None).get("/x")

    assert caught.value.owner == "scoring"


async def test_a_broken_connection_and_silence_mean_that_it_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner_client, "READ_SECONDS", 0.01)

    async def silent(_: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(5)
        raise AssertionError

    def broken(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    for handler in (silent, broken):
        with pytest.raises(OwnerAway):
            await owners(handler).notifications(None).get("/x")


async def test_before_the_process_listens_owners_are_away() -> None:
    early = Owners(NoTokens(), {})
    with pytest.raises(OwnerAway):
        await early.registry(None).get("/x")
    await early.close()


async def test_a_session_that_has_ended_asks_nothing() -> None:
    handler, asked = answering()
    ended = person(Role.CURATOR)
    object.__setattr__(ended, "session", "session-ended")

    with pytest.raises(Unauthenticated):
        await owners(handler).registry(ended).get("/x")
    assert asked == []


async def test_a_file_is_passed_on_as_one_part_with_its_name() -> None:
    bodies: list[bytes] = []

    async def handler(request: httpx2.Request) -> httpx2.Response:
        bodies.append(await request.aread())
        return httpx2.Response(201, json={})

    async def chunks() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    file = Multipart('bukti "1".pdf', chunks(), "application/pdf", boundary="b")
    await owners(handler).registry(None).send_file("POST", "/x/files", file)

    assert bodies[0].startswith(b'--b\r\nContent-Disposition: form-data; name="file"; filename="bukti %221%22.pdf"\r\n')
    assert bodies[0].endswith(b"\r\n\r\none two\r\n--b--\r\n")


async def test_a_file_of_an_owner_arrives_in_pieces_or_is_refused() -> None:
    handler, _ = answering(404, {"type": "/problems/not-found", "detail": "Tidak ada."})
    with pytest.raises(OwnerProblem, match="Tidak ada"):
        async with owners(handler).registry(None).stream("/x"):
            raise AssertionError

    def found(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=b"abc", headers={"content-type": "application/pdf"})

    async with owners(found).registry(None).stream("/x") as file:
        assert file.headers["content-type"] == "application/pdf"
        assert b"".join([each async for each in file.chunks()]) == b"abc"


# --- Until the read model shows it ---


class Model:
    def __init__(self, *sequences: int | None) -> None:
        self.sequences = list(sequences)

    async def sequence(self, subject: str) -> int | None:
        assert subject == "innovation/1"
        return self.sequences.pop(0) if len(self.sequences) > 1 else self.sequences[0]


@pytest.mark.parametrize(
    ("etag", "sequences", "expected"),
    [
        ('"5"', (None, 4, 5), True),
        ('"5"', (6,), True),
        ('"5"', (4,), False),
        ("", (None,), True),
        ('W/"5"', (5,), True),
        ('"abc"', (None,), True),
    ],
)
async def test_after_a_command_the_read_model_is_awaited(
    etag: str, sequences: tuple[int | None, ...], expected: bool
) -> None:
    answer = Answer(200, {}, {"etag": etag})

    assert await caught_up(Model(*sequences), "innovation/1", answer, seconds=0.1) is expected


async def test_what_is_on_its_way_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Answer(200, {}, {"etag": '"5"'})

    assert await done(Model(5), "innovation/1", answer, "Diajukan.") == "Diajukan."
    monkeypatch.setattr("services.portal.owners.caught_up.caught_up", _never)
    said = await done(Model(4), "innovation/1", answer, "Diajukan.")
    assert said.startswith("Diajukan. ")
    assert "menyusul" in said


async def _never(*_: object) -> bool:
    return False


@pytest.mark.parametrize("id", ["a?role=curator", "a#b", "..", ".", "", "a/../b", "a%2fb", "a b", "a\\b", "a\nb", "é"])
async def test_an_id_that_is_no_part_of_a_path_is_not_asked_for(id: str) -> None:
    handler, asked = answering()
    registry = owners(handler).registry(person(Role.AGENCY))

    for ask in (
        registry.get(f"/innovations/{id}"),
        registry.put(f"/innovations/{id}", {}),
        registry.send_file("PUT", f"/innovations/{id}", Multipart("bukti.pdf", _nothing())),
    ):
        with pytest.raises(NotFound):
            await ask
    with pytest.raises(NotFound):
        async with registry.stream(f"/innovations/{id}"):
            pass

    assert asked == []


async def _nothing() -> AsyncIterator[bytes]:
    for _ in ():
        yield b""
