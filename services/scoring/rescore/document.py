"""The document of a rescore: the request, the progress, the process that runs it, and the report.

    queued ──claim──► running ──► done
                        │ ▲
                        └─┘ a runner whose lease expired is replaced by the next, which continues at the cursor

A chunk is saved (with its part of the report) *before* its scorecards are changed, and changed again after a crash:
each innovation is counted once, and changed at least once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.scoring.rescore.report import RescoreReport
from shared.faults import KeyReused
from shared.ports.store import Decision, State
from shared.storage.stored import Fingerprint

LEASE = 60_000  # ms of machine time; a chunk takes far less


class RescoreProgress(StrEnum):
    """The progress of a rescore."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


class RescoreRequest(BaseModel):
    """The scope: all scorecards of a region and a duty year (None: all), by a catalogue. Stored in the field `wish`."""

    model_config = ConfigDict(frozen=True)

    region: str | None
    year: int | None
    catalogue: str
    dry_run: bool = False

    def overlaps(self, other: RescoreRequest) -> bool:
        """Whether both could change one scorecard."""
        same_region = self.region == other.region or None in {self.region, other.region}
        same_year = self.year == other.year or None in {self.year, other.year}
        return same_region and same_year and not (self.dry_run or other.dry_run)

    @property
    def id(self) -> str:
        """The document's id for requests by command: equal requests share it."""
        parts = (self.region or "all", self.year or "all", self.catalogue, *(["dry"] if self.dry_run else []))
        return "-".join(map(str, parts))


class RescoreState(BaseModel):
    """The stored fields. by: the account; created_by_body: of the request over HTTP that made it, None for one made by
    the command; round: how often it was requested anew; total: the number of scorecards in scope, None until it runs;
    cursor: the last innovation of the saved chunk; chunk: its innovations, to be changed; runner, lease_until: the
    process that runs it, machine ms; begun, ended: business time."""

    model_config = ConfigDict(extra="ignore")

    wish: RescoreRequest
    digest: str
    by: str
    created_by_body: str | None = None
    round: int = 1
    total: int | None = None
    status: RescoreProgress = RescoreProgress.QUEUED
    cursor: str = ""
    chunk: list[str] = []
    runner: str = ""
    lease_until: int = 0
    begun: str
    ended: str | None = None
    report: RescoreReport = RescoreReport()

    def to_state(self) -> State:
        """The stored form; `region` and `year` for indexes."""
        return self.model_dump(mode="json") | {"region": self.wish.region, "year": self.wish.year}


def request(state: State | None, wish: RescoreRequest, digest: str, by: str, now: str) -> Decision:
    """A new round; None when one is not done yet, which then serves both."""
    before = RescoreState.model_validate(state) if state is not None else None
    if before is not None and before.status is not RescoreProgress.DONE:
        return None
    requested = RescoreState(wish=wish, digest=digest, by=by, begun=now, round=before.round + 1 if before else 1)
    return requested.to_state(), None


def enqueue(state: State | None, made: RescoreState, body: Fingerprint) -> Decision:
    """A rescore requested over HTTP, with an id of its own; a repeat, by its body, gets the first. Raises KeyReused."""
    if state is None:
        return made.to_state(), None
    if not body.matches(state["created_by_body"]):
        raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan yang lain.")
    return None


def claim(state: State | None, runner: str, now: int) -> Decision:
    """Take the lease. None when it is done, or another runner's lease has not expired."""
    if state is None:
        return None
    before = RescoreState.model_validate(state)
    if before.status is RescoreProgress.DONE or (before.runner != runner and before.lease_until > now):
        return None
    before.status, before.runner, before.lease_until = RescoreProgress.RUNNING, runner, now + LEASE
    return before.to_state(), None


def size(state: State | None, runner: str, total: int) -> Decision:
    """Set the number of scorecards in scope, counted once. None when another runner has the lease."""
    if _run_by(state, runner) is None or state is None:
        return None
    return {**state, "total": total}, None


@dataclass(frozen=True)
class Checkpoint:
    """cursor: the last scanned innovation; chunk: those to be changed now; report: up to the cursor, plain JSON."""

    cursor: str
    chunk: list[str]
    report: dict[str, Any]


def save(state: State | None, runner: str, now: int, checkpoint: Checkpoint) -> Decision:
    """Save the next chunk and renew the lease. None when another runner has the lease."""
    if _run_by(state, runner) is None or state is None:
        return None
    saved = {"cursor": checkpoint.cursor, "chunk": checkpoint.chunk, "report": checkpoint.report}
    return {**state, **saved, "lease_until": now + LEASE}, None


def finish(state: State | None, runner: str, now: str) -> Decision:
    """Mark it done. None when another runner has the lease."""
    stored = _run_by(state, runner)
    if stored is None:
        return None
    stored.status, stored.chunk, stored.ended, stored.lease_until, stored.runner = RescoreProgress.DONE, [], now, 0, ""
    return stored.to_state(), None


def _run_by(state: State | None, runner: str) -> RescoreState | None:
    stored = RescoreState.model_validate(state) if state is not None else None
    return (
        stored if stored is not None and stored.runner == runner and stored.status is RescoreProgress.RUNNING else None
    )
