"""Submits prepared drafts and sees when they are scored.

At saturation every connection sends its next request when the last one is answered. At a rate a request is due at its
moment whatever happened before, and its latency counts from there: a slow system cannot hide its queue.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from time import monotonic, process_time

from benchmarks.load.connection import Connection
from benchmarks.load.job import Job, Outcome, Post
from benchmarks.load.seeing import Asking, Listening, Seeing

_OK = range(200, 300)


class _Due:
    """When each request is due."""

    def __init__(self, began: float, rate: float | None) -> None:
        self._began, self._rate = began, rate

    async def moment(self, number: int) -> float:
        """Wait for the moment of the request with this number, and return it; without a rate, it is now."""
        now = monotonic()
        if self._rate is None:
            return now
        due = self._began + number / self._rate
        if due > now:
            await asyncio.sleep(due - now)
        return due


async def run(job: Job) -> Outcome:
    """Do the job."""
    outcome, cpu = Outcome(), process_time()
    async with _seeing(job) as seeing:
        connections = [Connection(job.url, job.token) for _ in range(job.connections)]
        turns = iter(enumerate(job.posts))
        began = monotonic()
        due = _Due(began, job.rate)
        await asyncio.gather(*(_submit(each, turns, due, seeing, outcome) for each in connections))
        outcome.seconds_accepted = monotonic() - began
        await seeing.all_seen(outcome.accepted)
        outcome.seconds_seen = max(seeing.last - began, outcome.seconds_accepted)
        outcome.seen, outcome.twice = len(seeing.seen), seeing.twice
        outcome.scored = sorted((at - seeing.sent[key]) * 1000 for key, at in seeing.timed().items())
        for each in connections:
            each.close()
    outcome.post.sort()
    outcome.cpu = process_time() - cpu
    return outcome


async def _submit(
    connection: Connection, turns: Iterator[tuple[int, Post]], due: _Due, seeing: Seeing, outcome: Outcome
) -> None:
    for number, post in turns:
        sent = await due.moment(number)
        seeing.sending(post.key, sent)
        try:
            status, _ = await connection.request("POST", f"{post.path}/submit", f"If-Match: {post.tag}\r\n")
        except (OSError, asyncio.IncompleteReadError) as error:
            connection.close()
            _refused(outcome, type(error).__name__)
            continue
        if status in _OK:
            outcome.accepted += 1
            outcome.post.append((monotonic() - sent) * 1000)
            seeing.accepted(post.key)
        else:
            _refused(outcome, str(status))


def _refused(outcome: Outcome, why: str) -> None:
    outcome.refused[why] = outcome.refused.get(why, 0) + 1


@contextlib.asynccontextmanager
async def _seeing(job: Job) -> AsyncIterator[Seeing]:
    if job.queue is not None:
        async with Listening.opened(job.queue, job.patience) as listening:
            yield listening
    else:
        assert job.probe is not None
        asking = Asking(job, job.probe)
        yield asking
        asking.close()
