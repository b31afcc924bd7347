"""What the HTTP server makes of requests on raw sockets: where they begin and end, and how their answers are framed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from shared.web.ambiguity import RefuseAmbiguity
from shared.web.connections import ConnectionLimits
from shared.web.server import Server

LENGTH = b"content-length: "
CLOSE = b"Connection: close\r\n\r\n"


async def read_body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what it was asked; paths below /parts in three parts, /early without having read the body."""
    path = scope["path"]
    if path == "/broken":
        raise RuntimeError("broken")
    body = b"" if path == "/early" else await read_body(receive)
    late = [name.decode() for name, _ in scope["headers"] if name.startswith(b"x-late")]
    told = {
        "late": late,
        "method": scope["method"],
        "path": path,
        "query": scope["query_string"].decode(),
        "body": body.decode(),
    }
    headers = [(b"content-type", b"application/json")]
    if path == "/injected":
        headers.append((b"x-name", b"a\r\nSet-Cookie: b"))
    status = 204 if path == "/nothing" else 200
    start: Message = {"type": "http.response.start", "status": status, "headers": headers}
    if path == "/long":
        headers.append((b"content-length", b"100"))
    await send(start)
    if path == "/parts":
        for part in (b"one,", b"two,"):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b"three"})
        return
    await send({"type": "http.response.body", "body": b"" if status == 204 else json.dumps(told).encode()})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server(RefuseAmbiguity(app), "127.0.0.1", 0, stop_seconds=5, limits=ConnectionLimits(head=0.5, idle=2))
    await server.begin()
    yield server
    await server.end()


async def sent(server: Server, *parts: bytes) -> bytes:
    """All that the server answers until it closes the connection. A pause lies between the parts."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for number, part in enumerate(parts):
        if number:
            await asyncio.sleep(0.05)
        writer.write(part)
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    return answer


def told(answer: bytes) -> dict[str, Any]:
    """The body of a single answer with a length."""
    head, _, body = answer.partition(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(LENGTH))
    assert int(length.removeprefix(LENGTH)) == len(body)
    return dict(json.loads(body))


def slug(answer: bytes) -> str:
    """The slug of a single answer that is a problem document and the connection's last."""
    assert b"connection: close\r\n" in answer.lower()
    return str(told(answer)["type"]).removeprefix("/problems/")


async def test_path_and_query_are_told_apart_and_only_the_path_is_decoded(server: Server) -> None:
    answer = told(await sent(server, b"GET /a%20b/c?d=%20e HTTP/1.1\r\nHost: x\r\n" + CLOSE))

    assert answer == {"late": [], "method": "GET", "path": "/a b/c", "body": "", "query": "d=%20e"}


async def test_a_body_is_read_by_its_length_or_by_chunks_however_the_bytes_arrive(server: Server) -> None:
    plain = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"
    chunks = (
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"
    )
    for request in (plain, chunks):
        for at in (0, 7, 20, len(request) - 20, len(request) - 3):
            assert told(await sent(server, request[:at], request[at:]))["body"] == "hello"


async def test_what_follows_the_chunks_of_a_body_is_no_header(server: Server) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n"
    answer = await sent(server, head + b"X-Late-1: a\r\n\r\n2\r\nhe\r\n0\r\nX-Late-2: b\r\nX-Late-3: c\r\n\r\n")

    assert told(answer)["late"] == ["x-late-1"]


async def test_requests_in_one_go_are_answered_one_after_the_other(server: Server) -> None:
    first = b"POST /parts HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
    second = b"GET /second HTTP/1.1\r\nHost: x\r\n\r\n"
    third = b"POST /third HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"
    answer = await sent(server, first + second + third, b"cd")

    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert answer.index(b"three") < answer.index(b'"/second"') < answer.index(b'"/third"')
    assert answer.endswith(b'"query": "", "body": "cd"}')


async def test_what_cannot_be_read_is_refused_after_the_requests_before_it_are_answered(server: Server) -> None:
    first = b"GET /first HTTP/1.1\r\nHost: x\r\n\r\n"
    for garbage in (b"\x00\x01garbage\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZ"):
        answer = await sent(server, first + garbage)
        at = answer.index(b"HTTP/1.1 400 Bad Request\r\n")

        assert b'"/first"' in answer[:at]
        assert slug(answer[at:]) == "malformed-request"


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "malformed-request"),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", "not-found"),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: y\r\n z\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 70_000, "malformed-request"),
        (b"GET /" + b"a" * 70_000, "malformed-request"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "malformed-request"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "malformed-request"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "malformed-request"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "malformed-request"),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "ambiguous-length",
        ),
        (
            b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            "ambiguous-length",
        ),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "malformed-request"),
        (b"GET / HTTP/1.1\nHost: x\n\n", "malformed-request"),
        (b"GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n", "malformed-request"),
        (b"GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n", "not-found"),
    ],
)
async def test_a_request_that_two_programs_could_read_in_two_ways_is_refused(
    server: Server, request_: bytes, expected: str
) -> None:
    assert slug(await sent(server, request_)) == expected


async def test_an_answer_of_unknown_length_is_sent_in_chunks_and_to_an_old_client_until_the_end(
    server: Server,
) -> None:
    new = await sent(server, b"GET /parts HTTP/1.1\r\nHost: x\r\n" + CLOSE)
    old = await sent(server, b"GET /parts HTTP/1.0\r\n\r\n")

    assert b"transfer-encoding: chunked\r\n" in new
    assert new.endswith(b"\r\n\r\n4\r\none,\r\n4\r\ntwo,\r\n5\r\nthree\r\n0\r\n\r\n")
    assert b"transfer-encoding" not in old
    assert b"connection: close\r\n" in old
    assert old.endswith(b"\r\n\r\none,two,three")


async def test_answers_without_a_body_have_none(server: Server) -> None:
    head = await sent(server, b"HEAD / HTTP/1.1\r\nHost: x\r\n" + CLOSE)
    nothing = await sent(server, b"GET /nothing HTTP/1.1\r\nHost: x\r\n" + CLOSE)

    for answer in (head, nothing):
        assert answer.endswith(b"\r\n\r\n")
        assert b"transfer-encoding" not in answer


async def test_a_client_that_waits_for_leave_to_send_a_body_gets_it_when_the_body_is_read(server: Server) -> None:
    request = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    answer = await sent(server, request, b"ab")
    early = await sent(server, request.replace(b"POST /", b"POST /early"))

    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
    assert answer.endswith(b'"query": "", "body": "ab"}')
    assert early.startswith(b"HTTP/1.1 200 OK\r\n")


async def test_the_rest_of_a_body_after_its_answer_is_not_taken_for_a_request(server: Server) -> None:
    request = b"POST /early HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n"
    answer = await sent(
        server, request, b"GET /inside HTTP/1.1\r\n", b"x" * 18, b"GET /next HTTP/1.1\r\nHost: x\r\n" + CLOSE
    )

    assert answer.count(b"HTTP/1.1 200 OK\r\n") == 2
    assert b'"/inside"' not in answer
    assert answer.endswith(b'"path": "/next", "query": "", "body": ""}')


async def test_another_protocol_is_not_spoken_and_the_request_is_answered(server: Server) -> None:
    upgrade = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nPRI * HTTP/2.0\r\n\r\n"

    assert told(await sent(server, upgrade))["path"] == "/"


async def test_an_answer_that_would_not_be_read_as_it_is_meant_breaks_the_connection(server: Server) -> None:
    for path in (b"/injected", b"/long", b"/broken"):
        assert b"HTTP" not in await sent(server, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")


async def test_empty_lines_do_not_keep_a_connection_open(server: Server) -> None:
    assert slug(await sent(server, *[b"\r\n"] * 8)) == "request-timeout"
