"""Input of broken or hostile clients over a real connection. The answer is a problem document or a closed connection,
never a 5xx, and the process keeps running."""

from __future__ import annotations

import json
import socket
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.fuzz.conftest import Target
from tests.support.registry_samples import valid_profile

pytestmark = pytest.mark.xdist_group("fuzz")

NOT_JSON = {
    "nothing": b"",
    "half": b'{"agency": ',
    "deep": b'{"profile":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"profile":' * 20_000 + b"1" + b"}" * 20_000,
    "not UTF-8": b'{"agency": "\xff\xfe"}',
    "UTF-16": '{"agency": "x"}'.encode("utf-16"),
    "a list": b"[]",
    "a word": b'"agency"',
    "null": b"null",
    "not a number": b'{"year": NaN}',
    "infinite": b'{"year": 1e400}',
    "a number without end": b'{"year": ' + b"9" * 5000 + b"}",
    "the same key twice": b'{"agency": "a", "agency": {"$gt": ""}}',
    "an operator of a database": b'{"agency": {"$ne": null}, "region": {"$where": "1"}}',
    "a prototype": b'{"__proto__": {"role": "operator"}, "constructor": 1}',
}
ODD_TEXT = {
    "NUL": "a\x00b",
    "a lone surrogate": "\ud800",
    "a pair the wrong way round": "\udc00\ud800",
    "control characters": "\x01\x1b[31m\x7f",
    "right to left": "\u202egnp.exe",
    "a line break": "satu\r\nBcc: semua@satu.example",
    "a template": "{{7*7}} ${7*7} <%= 7*7 %> %s %(x)s {0}",
    "markup": "<script>alert(1)</script>&amp;\"'`",
    "beyond the first plane": "\U0001f600" * 50,
    "combining": "e" + "\u0301" * 500,
    "long": "x" * 20_000,
    "only blanks": " \u00a0\u3000\u200b",
}
CREATES = [
    ("operator", "/registry/v1/regions"),
    ("curator", "/registry/v1/agencies"),
    ("agency", "/registry/v1/innovations"),
    ("curator", "/notifications/v1/contacts"),
]


def problem(answer: httpx2.Response, what: str) -> None:
    assert 400 <= answer.status_code < 500, (what, answer.status_code, answer.text[:300])
    assert answer.headers["content-type"] == "application/problem+json", what
    assert answer.json()["status"] == answer.status_code
    assert answer.json()["detail"], what


@pytest.mark.parametrize(("role", "path"), CREATES, ids=[path for _, path in CREATES])
def test_an_unreadable_body_is_answered_with_a_problem(target: Target, role: str, path: str) -> None:
    headers = {"Authorization": f"Bearer {target.tokens[role]}", "Content-Type": "application/json"}
    with httpx2.Client(base_url=target.url, headers=headers, trust_env=False) as client:
        for what, body in NOT_JSON.items():
            problem(client.post(path, content=body, headers={"Idempotency-Key": what}), what)
        for media_type in (
            "text/plain",
            "application/xml",
            "application/json; charset=utf-16",
            "x",
            "multipart/form-data",
        ):
            answer = client.post(path, content=b"{}", headers={"Idempotency-Key": "k", "Content-Type": media_type})
            problem(answer, media_type)
        for key in ("", "x" * 201, "\u00e9", "a\tb"):
            answer = client.post(path, content=b"{}", headers={"Idempotency-Key": key.encode()})
            problem(answer, key)


def test_odd_text_is_refused_or_stored_unchanged(target: Target) -> None:
    as_curator = {"Authorization": f"Bearer {target.tokens['curator']}", "Content-Type": "application/json"}
    as_agency = as_curator | {"Authorization": f"Bearer {target.tokens['agency']}"}
    region, agency = target.known["region"], target.known["agencies id"]
    with httpx2.Client(base_url=target.url, trust_env=False) as client:
        for what, text in ODD_TEXT.items():
            bodies = [
                (as_curator, "/registry/v1/agencies", {"region": region, "name": text, "kind": "dinas"}),
                (as_curator, "/registry/v1/agencies", {"region": text, "name": "Dinas", "kind": "dinas"}),
                (as_agency, "/registry/v1/innovations", {"agency": agency, "profile": valid_profile(name=text)}),
                (as_agency, "/registry/v1/innovations", {"agency": agency, "profile": valid_profile(design=text)}),
                (as_agency, "/registry/v1/innovations", {"agency": text, "profile": {}}),
                (as_curator, "/notifications/v1/contacts", {"region": region, "agencies": [agency], "name": text}),
                (as_curator, "/notifications/v1/contacts",
                 {"region": region, "agencies": [agency], "name": "A", "email": f"{text}@satu.example"}),
            ]  # fmt: skip
            for number, (headers, path, body) in enumerate(bodies):
                sent = json.dumps(body).encode()  # JSON escapes lone surrogates
                answer = client.post(path, content=sent, headers=headers | {"Idempotency-Key": f"{what} {number}"})
                if answer.is_success:
                    json.dumps(answer.json(), ensure_ascii=False).encode()  # the text can be encoded again
                else:
                    problem(answer, f"{what}: {path} {number}")
            for query in ("region", "after", "year", "status", "limit"):
                if "\ud800" not in text and "\udc00" not in text and len(text) < 5000:
                    answer = client.get("/registry/v1/innovations", params={query: text}, headers=as_curator)
                    assert answer.status_code < 500, (what, query, answer.text)
    target.at_rest()


RAW = {
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64,
    "no version": b"GET /health/live\r\n\r\n",
    "a length that lies": b"POST /registry/v1/regions HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": (
        b"POST /registry/v1/regions HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"
    ),
    "a chunk that lies": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx\r\n",
    "a head without end": b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 200_000,
    "a NUL in the head": b"GET / HTTP/1.1\r\nHost: x\x00y\r\n\r\n",
    "an odd target": b"GET \xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "an absolute target": b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "a broken escape": b"GET /registry/v1/regions/%zz%0 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "an upgrade": (
        b"GET /registry/v1/regions HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    ),
    "a break in the middle": b"POST /registry/v1/regions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
}


@pytest.mark.parametrize("what", RAW)
def test_bytes_that_are_no_request_do_no_harm(target: Target, what: str) -> None:
    parts = urlsplit(target.url)
    assert parts.hostname is not None
    assert parts.port is not None
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        answer = b""
        try:
            connection.sendall(RAW[what])
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                answer += chunk
        except OSError as error:  # closing early is allowed, not answering is not
            if isinstance(error, TimeoutError):
                raise

    statuses = [int(line.split()[1]) for line in answer.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert all(status < 500 for status in statuses), answer[:500]
    assert b"Traceback" not in answer
    assert b"satu_outbox" not in answer, "a second request was smuggled in"
    assert httpx2.get(f"{target.url}/health/ready", trust_env=False).json()["ready"] is True
