"""What a submission costs at MongoDB over registry, scoring and notifications: statements and documents written.

A bulk counts as one statement; reads, settles and claims count. How many submissions share a statement depends on how
long one takes, and so on what else the machine does. Therefore the statements of a collection begin at a fixed distance
here, which is longer than any of them takes: so the count tells which statements a submission needs at all. Without
that distance, `make bench` counts. What a process asks by itself every few seconds is left out, and the rest of what it
asks when nothing happens is subtracted. Whoever saves a statement or a document lowers the limits; the goals, counted
under load, are 3.5 statements and 5.5 documents.

Of the documents, innovation and scorecard are written with the event that they owe and once more when it was confirmed,
the ledger's entry when the innovation is submitted and when it is scored, and the audit entry once: 7.0. Duties, marks
and indices are few. The likeness is put off, and so is limited for itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from pymongo import monitoring

from benchmarks.load.generator import run
from benchmarks.load.job import Job, Probe
from benchmarks.system.drafts import REGION_CODE, Heard, Registry
from benchmarks.system.embedded import curator_token
from benchmarks.system.statements import StatementCounter
from shared.adapters.mongo import owing, reads, writes
from shared.runtime import lag
from shared.runtime.process import running
from shared.settings import load
from tests.servers.mongo import fresh_database

pytestmark = pytest.mark.mongo

SUBMISSIONS = 128
DISTANCE = 0.1  # seconds
STATEMENTS, DOCUMENTS, LIKENESS = 2.8, 7.5, 1.0  # per submission


@pytest.fixture
def counter() -> Iterator[StatementCounter]:
    """Counts in this process until the test ends."""
    listening = StatementCounter()
    listeners = monitoring._LISTENERS.command_listeners
    listeners.append(listening)
    yield listening
    listeners.remove(listening)


@pytest.fixture
def _at_a_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reads, "PACE", DISTANCE)
    monkeypatch.setattr(writes, "PACE", DISTANCE)
    monkeypatch.setattr(owing, "_OTHERS_EVERY", 3600.0)
    monkeypatch.setattr(lag, "MEASURE_EVERY", 3600.0)


@pytest.mark.usefixtures("_at_a_distance")
async def test_a_submission_costs_few_statements_and_documents(
    mongo_url: str, tmp_path: Path, counter: StatementCounter
) -> None:
    settings = load({}, data_dir=tmp_path, port=0, store_url=f"{fresh_database(mongo_url)}_{{service}}")
    async with running(settings, ("registry", "scoring", "notifications")) as process:
        heard, book = Heard(), Registry(process.resources["registry"])
        agencies = await book.region(REGION_CODE, 8)
        posts = await book.drafts(REGION_CODE, agencies, "counted", SUBMISSIONS)
        await heard.all(process, SUBMISSIONS)
        heard, before, began = Heard(), counter.counts.copy(), monotonic()

        outcome = await run(Job(process.url, curator_token(settings), tuple(posts), probe=Probe(last=0)))
        await heard.all(process, SUBMISSIONS, still=0)
        await asyncio.sleep(0.5)  # what was put off counts, too
        counts, seconds = counter.counts.since(before), monotonic() - began
        at_rest = await _per_second_at_rest(counter)

    assert outcome.complete()
    likeness = counts.documents["likeness"] / SUBMISSIONS
    statements, documents = (counts.total - at_rest * seconds) / SUBMISSIONS, counts.written / SUBMISSIONS - likeness
    print(_table(counts.statements))
    print(f"{statements:.1f} statements, {documents:.1f} documents; {at_rest:.0f} statements per second at rest")
    assert statements <= STATEMENTS, _table(counts.statements)
    assert documents <= DOCUMENTS, counts.documents
    assert likeness <= LIKENESS


async def _per_second_at_rest(counter: StatementCounter) -> float:
    before, began = counter.counts.total, monotonic()
    await asyncio.sleep(1.5)
    return (counter.counts.total - before) / (monotonic() - began)


def _table(statements: dict[str, int]) -> str:
    ordered = sorted(statements.items(), key=lambda each: -each[1])
    return "\n".join(f"{count / SUBMISSIONS:6.2f} {name}" for name, count in ordered)
