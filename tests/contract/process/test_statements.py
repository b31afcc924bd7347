"""What a submission costs at MongoDB over registry, scoring and notifications: statements and documents written.

A bulk counts as one statement; reads, settles and claims count. What the process asks in the same time when nothing
happens is subtracted, since a slow machine has more of it. The limits are what the code needs today, with room for how
the coroutines meet; whoever saves a statement lowers them. The goal is 3.5 statements and 5.5 documents.
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
from shared.runtime.process import running
from shared.settings import load
from tests.servers.mongo import fresh_database

pytestmark = pytest.mark.mongo

SUBMISSIONS = 128
STATEMENTS, DOCUMENTS = 4.0, 8.3  # per submission; one of the documents may be the likeness, which is put off


@pytest.fixture
def counter() -> Iterator[StatementCounter]:
    """Counts in this process until the test ends."""
    listening = StatementCounter()
    listeners = monitoring._LISTENERS.command_listeners
    listeners.append(listening)
    yield listening
    listeners.remove(listening)


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
        await heard.all(process, SUBMISSIONS)
        await asyncio.sleep(0.5)  # what was put off counts, too
        counts, seconds = counter.counts.since(before), monotonic() - began
        at_rest = await _per_second_at_rest(counter)

    assert outcome.complete()
    statements, documents = (counts.total - at_rest * seconds) / SUBMISSIONS, counts.written / SUBMISSIONS
    print(_table(counts.statements))
    print(f"{statements:.1f} statements, {documents:.1f} documents; {at_rest:.0f} statements per second at rest")
    assert statements <= STATEMENTS, _table(counts.statements)
    assert documents <= DOCUMENTS


async def _per_second_at_rest(counter: StatementCounter) -> float:
    before, began = counter.counts.total, monotonic()
    await asyncio.sleep(1.5)
    return (counter.counts.total - before) / (monotonic() - began)


def _table(statements: dict[str, int]) -> str:
    ordered = sorted(statements.items(), key=lambda each: -each[1])
    return "\n".join(f"{count / SUBMISSIONS:6.2f} {name}" for name, count in ordered)
