"""Two megabytes of anything: a short answer, little memory, and other requests are answered meanwhile."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from tests.servers.smtp import Mailbox
from tests.support.client import Regency
from tests.support.faults.processes import RunningSystem

SIZE = 2 * 1024 * 1024 - 1024  # bytes: just below the limit of a body
MOST_ANSWER = 64 * 1024  # bytes
MOST_MEMORY = 50 * 1024 * 1024  # bytes
JSON = "application/json"
CSV = "text/csv"


def filled(piece: str, before: str = "", after: str = "") -> bytes:
    """The piece again and again, SIZE bytes in all."""
    room = SIZE - len(before.encode()) - len(after.encode())
    return (before + piece * (room // len(piece.encode())) + after).encode()


def keys(before: str, after: str) -> bytes:
    entries = ",".join(f'"kunci{number}":1' for number in range(110_000))
    return f"{before}{entries}{after}".encode()


JSON_BODIES = {
    "deep lists": filled("[", '{"profile":'),
    "deep objects": filled('{"a":', ""),
    "many unknown keys": keys("{", "}"),
    "as many unknown keys as are read": b'{"profile":{' + b",".join(b'"k%d":1' % n for n in range(19_000)) + b"}}",
    "as many bad levels as are read": json.dumps(
        {
            "region": "61.12",
            "year": 2026,
            "levels": {f"i{number}": {str(row): {} if row % 2 else "x" for row in range(20)} for number in range(900)},
        }
    ).encode(),
    "as many bad marks as are read": json.dumps(
        {"marks": [{f"k{key}": number for key in range(8)} for number in range(2_000)]}
    ).encode(),
    "many empty lists": filled("[],", '{"agencies":[', "0]}"),
    "many empty objects": filled("{},", '{"marks":[', "{}]}"),
    "one long key": json.dumps({"x" * (SIZE - 100): 1}).encode(),
    "long keys that grow when escaped": json.dumps(
        {chr(0x1F600 + number % 50) * 900 + str(number): 1 for number in range(500)}, ensure_ascii=False
    ).encode(),
    "one long text": json.dumps({"name": "x" * (SIZE - 100)}).encode(),
    "a long number": b'{"year":' + b"9" * (SIZE - 100) + b"}",
    "UTF-16": ('{"a":[' + "[]," * 300_000 + "0]}").encode("utf-16")[:SIZE],
    "no text at all": bytes(range(256)) * (SIZE // 256),
}
CSV_HEAD = "nama,email,telepon,perangkat_daerah\n"
CSV_BODIES = {
    "rows with a flaw in each cell": filled(",x,y,z\n", CSV_HEAD),
    "as many bad rows as are read": (CSV_HEAD + f"{'n' * 60},bukan surel,0812,tidak ada\n" * 19_000).encode(),
    "a row with a million columns": filled(",", ""),
    "a row with a million columns below the head": filled(",", CSV_HEAD),
    "a cell with many agencies": filled("a|", f"{CSV_HEAD}Budi,budi@satu.example,,"),
    "empty lines": filled("\n", CSV_HEAD),
    "UTF-16": (CSV_HEAD + "Budi,,,x\n" * 100_000).encode("utf-16")[:SIZE],
    "no text at all": bytes(range(256)) * (SIZE // 256),
}
PLACES = {
    "creation": ("operator", "POST", "/registry/v1/regions", JSON),
    "draft": ("officer", "POST", "/registry/v1/innovations", JSON),
    "contact": ("curator", "POST", "/notifications/v1/contacts", JSON),
    "jury table": ("curator", "PUT", "/scoring/v1/competitions/none/marks", JSON),
    "own rows": ("curator", "PUT", "/scoring/v1/spd/{code}/2026", JSON),
    "decision": ("curator", "POST", "/registry/v1/innovations/none/return", JSON),
    "question": ("curator", "POST", "/scoring/v1/what-if", JSON),
    "import": ("curator", "POST", "/notifications/v1/contacts/import?region={code}", CSV),
}


@pytest.fixture
async def regency(tmp_path: Path, mailbox: Mailbox) -> AsyncIterator[tuple[RunningSystem, Regency, str]]:
    async with RunningSystem(tmp_path, {}, smtp=mailbox.url) as system, Regency(system.url, system.issue) as regency:
        await system.process.ready()
        await regency.found()
        yield system, regency, await regency.agency()


def memory(system: RunningSystem, name: str) -> int:
    """A figure of the process's memory, in bytes. name: `VmRSS`, or `VmHWM` for the peak."""
    assert system.process._child is not None
    status = Path(f"/proc/{system.process._child.pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith(f"{name}:")).split()[1]) * 1024


def forget_peak(system: RunningSystem) -> None:
    assert system.process._child is not None
    Path(f"/proc/{system.process._child.pid}/clear_refs").write_text("5")


async def longest_wait(url: str, until: asyncio.Event) -> float:
    """The longest time, in seconds, that a small request took until the event was set."""
    longest = 0.0
    async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=60) as http:
        while not until.is_set():
            began = time.perf_counter()
            assert (await http.get("/health/live")).is_success
            longest = max(longest, time.perf_counter() - began)
            await asyncio.sleep(0)
    return longest


@pytest.mark.parametrize("place", PLACES)
async def test_the_answer_is_short_memory_is_kept_and_other_requests_are_answered_meanwhile(
    regency: tuple[RunningSystem, Regency, str], place: str
) -> None:
    system, region, agency = regency
    who, method, path, media_type = PLACES[place]
    caller = region.officer(agency) if who == "officer" else getattr(region, who)
    path = path.format(code=region.code)
    for what, body in (CSV_BODIES if media_type == CSV else JSON_BODIES).items():
        assert len(body) <= SIZE + 1024, what
        headers = {"Content-Type": media_type, "Idempotency-Key": what, "If-Match": '"1"'}
        forget_peak(system)
        before, done = memory(system, "VmRSS"), asyncio.Event()
        waiting = asyncio.create_task(longest_wait(system.url, done))

        began = time.perf_counter()
        answer = await caller.raw(method, path, content=body, headers=headers)
        took = time.perf_counter() - began

        done.set()
        waited, grown = await waiting, memory(system, "VmHWM") - before
        print(f"{place}, {what}: {len(answer.content)} bytes, {took:.3f} s, waited {waited:.3f} s, {grown >> 20} MB")
        assert answer.status_code in (413, 422), (what, answer.text[:300])
        assert answer.headers["content-type"] == "application/problem+json", what
        assert len(answer.content) <= MOST_ANSWER, what
        assert grown <= MOST_MEMORY, what
        assert waited < max(3.0, took / 2), what  # seconds: a busy machine stops everybody for a while
        flaws = answer.json()["flaws"]
        assert 1 <= len(flaws) <= 101, what
        assert len(answer.json()["detail"]) < 300, what


async def test_the_flaws_that_are_not_listed_are_counted(regency: tuple[RunningSystem, Regency, str]) -> None:
    _, region, _ = regency
    body = {"region": region.code, "agencies": ["x"], "name": "A", **{f"k{number}": 1 for number in range(250)}}

    answer = await region.curator.raw("POST", "/notifications/v1/contacts", json=body, headers={"Idempotency-Key": "k"})

    flaws = answer.json()["flaws"]
    assert len(flaws) == 101
    assert flaws[-1] == {"field": "", "code": "more", "message": "dan 150 lainnya"}
    assert answer.json()["detail"] == "Ada 250 isian yang belum benar; rinciannya pada flaws."
