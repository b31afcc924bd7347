"""A rescore's document: what was asked for, how far it is, who is at work on it, and its report.

    queued ──claim──► running ──► done
                        │ ▲
                        └─┘ a runner whose lease ran out is succeeded by the next, which goes on at the cursor

A chunk is written down (with its part of the report) *before* its scorecards are changed, and changed again after a
crash: each innovation is counted once, and changed at least once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.scoring.rescore.report import RescoreReport
from shared.faults import KeyReused
from shared.ports.store import Decision, State

LEASE = 60_000  # ms of machine time; a chunk takes far less


class RescoreProgress(StrEnum):
    """Where a rescore stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


class RescoreRequest(BaseModel):
    """What is asked for: all scorecards of a region and a duty year (None: all), by a catalogue."""

    model_config = ConfigDict(frozen=True)

    region: str | None
    year: int | None
    catalogue: str
    dry_run: bool = False

    def meets(self, other: RescoreRequest) -> bool:
        """Whether both could change one scorecard."""
        same_region = self.region == other.region or None in {self.region, other.region}
        same_year = self.year == other.year or None in {self.year, other.year}
        return same_region and same_year and not (self.dry_run or other.dry_run)

    @property
    def id(self) -> str:
        """The document's: the same wish has one."""
        parts = (self.region or "all", self.year or "all", self.catalogue, *(["dry"] if self.dry_run else []))
        return "-".join(map(str, parts))


class RescoreState(BaseModel):
    """The document. by: the account; created_by_body: of the request over HTTP that made it, None for one made by the
    command; round: how often this wish was begun; total: how many scorecards it is about, None until it begins;
    cursor: the last innovation of the chunk that is written down; chunk: its innovations, to be changed; runner,
    lease_until: who is at work, machine ms; begun, ended: business time."""

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
        """As the store keeps it; `region`, `year` and `status` to be found by."""
        return self.model_dump(mode="json") | {"region": self.wish.region, "year": self.wish.year}


def ask(state: State | None, wish: RescoreRequest, digest: str, by: str, now: str) -> Decision:
    """Ask for a rescore: a new round; None when one is under way, which then serves both."""
    before = RescoreState.model_validate(state) if state is not None else None
    if before is not None and before.status is not RescoreProgress.DONE:
        return None
    asked = RescoreState(wish=wish, digest=digest, by=by, begun=now, round=before.round + 1 if before else 1)
    return asked.to_state(), None


def order(state: State | None, made: RescoreState) -> Decision:
    """A rescore asked for over HTTP, under an id of its own; a repeat gets the first. Raises KeyReused."""
    if state is None:
        return made.to_state(), None
    if state["created_by_body"] != made.created_by_body:
        raise KeyReused("Idempotency-Key ini sudah dipakai untuk permintaan yang lain.")
    return None


def claim(state: State | None, runner: str, now: int) -> Decision:
    """Take it to work on. None when it is done, or another runner's lease still holds."""
    if state is None:
        return None
    before = RescoreState.model_validate(state)
    if before.status is RescoreProgress.DONE or (before.runner != runner and before.lease_until > now):
        return None
    before.status, before.runner, before.lease_until = RescoreProgress.RUNNING, runner, now + LEASE
    return before.to_state(), None


def size(state: State | None, runner: str, total: int) -> Decision:
    """How many scorecards it is about, counted once. None when another runner has taken over."""
    if _mine(state, runner) is None or state is None:
        return None
    return {**state, "total": total}, None


@dataclass(frozen=True)
class Note:
    """cursor: the last innovation looked at; chunk: those to be changed now; report: up to the cursor, plain JSON."""

    cursor: str
    chunk: list[str]
    report: dict[str, Any]


def write_down(state: State | None, runner: str, now: int, note: Note) -> Decision:
    """The next chunk. None when another runner has taken over."""
    if _mine(state, runner) is None or state is None:
        return None
    written = {"cursor": note.cursor, "chunk": note.chunk, "report": note.report, "lease_until": now + LEASE}
    return {**state, **written}, None


def finish(state: State | None, runner: str, now: str) -> Decision:
    """All chunks are through. None when another runner has taken over."""
    kept = _mine(state, runner)
    if kept is None:
        return None
    kept.status, kept.chunk, kept.ended, kept.lease_until, kept.runner = RescoreProgress.DONE, [], now, 0, ""
    return kept.to_state(), None


def _mine(state: State | None, runner: str) -> RescoreState | None:
    kept = RescoreState.model_validate(state) if state is not None else None
    return kept if kept is not None and kept.runner == runner and kept.status is RescoreProgress.RUNNING else None
