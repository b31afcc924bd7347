"""The sweep: brings the obligations up to date, then puts all due alerts of each person into one message.

It is level-triggered and costs what changed: it looks at obligations whose day has come, at innovations of which
something is to be told, at what the queue names, and at everything when its process starts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from services.notifications.contacts.importing import ContactImporter
from services.notifications.kinds import OBLIGATION
from services.notifications.messages.writing import write_all_messages
from services.notifications.metrics import HELD, UNREACHABLE
from services.notifications.obligations.catching_up import CatchingUp
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.ledger import Ledger
from services.notifications.obligations.reconcile import Reconciliation
from services.notifications.questions.dated import LookedAtDated
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.after_restore import concerning, hold_in_force
from services.notifications.reminders.alerting import Alerting, ModeInForce
from services.notifications.reminders.asked.request import ReminderRequest
from services.notifications.reminders.asked.requests import ReminderRequests
from services.notifications.reminders.due import DueList
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.policy.alert_policy import AlertPolicy
from services.notifications.reminders.putting import AT_ONCE, Put, PutResult, Putting
from services.notifications.reminders.queue import SweepQueue, Woken
from services.notifications.reminders.quiet_times import may_be_written
from services.notifications.reminders.region_work import RegionWork
from services.notifications.reminders.region_works import RegionWorks
from services.notifications.reminders.reminder import Reminder, Unreachable
from services.notifications.reminders.restore_hold import RestoreHold
from services.notifications.reminders.silence import SilenceLog
from services.notifications.reminders.who.candidates import Candidates
from services.notifications.reminders.who.evaluation import Evaluation, Evaluator, LookedAt, Pending, parts
from shared.clock import Clock, machine_seconds
from shared.contracts.vocabulary import Zone
from shared.observability import tracing
from shared.ports.store import OneOf, Range, Store
from shared.storage.batches import in_parallel
from shared.storage.repository import Versioned

Item = TypeVar("Item")

PAUSE_FACTOR = 4  # after a sweep that took a second, the next begins four seconds later at the earliest,
LONGEST_PAUSE = 30.0  # but at most this many seconds later
SHARE_PAUSE = 50  # after a sweep that took 10 ms, a change is looked at half a second later at the earliest,
LONGEST_SHARE_PAUSE = 1.0  # but at most this many seconds later: changes cost a fiftieth of the time, not more
NOTES = 12_000  # that are collected before they are written; each keeps its document, which then is not read again
PAGE = 200  # documents of one query

_BY_LOOK, _BY_TELL = (("look", 1),), (("tell", 1),)  # as the indexes have them


@dataclass
class SweepResult:
    """What a sweep did. queued: reminders that it put into messages, messages: the ids of these; held: that a restore
    holds back; unreachable: agencies with something that nobody can be told; silent: the mode reaches nobody."""

    queued: list[Reminder] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    held: list[Reminder] = field(default_factory=list)
    unreachable: list[Unreachable] = field(default_factory=list)
    silent: bool = False


@dataclass
class _Round:
    """What all regions of one sweep have in common. since: machine milliseconds since when the mode and the hold are as
    they are; whole: keep everything for the result; messages, obligations, entries, dated, requests: what was dealt
    with and is to be noted; regions, agencies: that were looked at whole."""

    mode: ModeInForce
    hold: RestoreHold | None
    since: int
    result: SweepResult
    whole: bool = False
    regions: set[str] = field(default_factory=set)
    agencies: set[str] = field(default_factory=set)
    messages: list[Put] = field(default_factory=list)
    obligations: list[LookedAt] = field(default_factory=list)
    entries: list[Versioned[Entry]] = field(default_factory=list)
    dated: list[LookedAtDated[Any]] = field(default_factory=list)
    requests: list[Versioned[ReminderRequest]] = field(default_factory=list)

    @property
    def notes(self) -> int:
        """How much is to be noted."""
        return len(self.messages) + len(self.obligations) + len(self.entries) + len(self.dated)


class Sweep:
    """Finds what is due and puts it into messages. Several processes may sweep at once."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        works: RegionWorks,
        evaluator: Evaluator,
        putting: Putting,
        candidates: Candidates,
        due_list: DueList,
        alerting: Alerting,
        ledger: Ledger,
        catching_up: CatchingUp,
        reconciliation: Reconciliation,
        importer: ContactImporter,
        queue: SweepQueue,
    ) -> None:
        self._store = store
        self._clock = clock
        self._works = works
        self._evaluator = evaluator
        self._putting = putting
        self._candidates = candidates
        self._alerting = alerting
        self._ledger = ledger
        self._catching_up = catching_up
        self._reconciliation = reconciliation
        self._importer = importer
        self._queue = queue
        self._entries = EntryRepository(store)
        self._dated = (QuestionRepository(store), IdeaRepository(store))
        self._requests = ReminderRequests(store)
        self._silence = SilenceLog(due_list)
        self._ended_at = 0.0
        self._took = 0.0
        self._timer: asyncio.TimerHandle | None = None

    async def run_if_needed(self) -> None:
        """Sweep what has changed. Called every second and when something changes; rests in proportion to what the last
        sweep took, and then has itself called again."""
        began = machine_seconds()
        pause = max(min(PAUSE_FACTOR * self._took, LONGEST_PAUSE), min(SHARE_PAUSE * self._took, LONGEST_SHARE_PAUSE))
        rest = self._ended_at + pause - began
        if rest > 0:
            if self._timer is None:  # one, however much changes meanwhile
                self._timer = asyncio.get_running_loop().call_later(rest, self._rested)
            return
        woken = self._queue.drain()
        try:
            await self._run(woken, SweepResult())
        except BaseException:
            self._queue.put_back(woken)
            raise
        self._ended_at = machine_seconds()
        self._took = self._ended_at - began

    def _rested(self) -> None:
        self._timer = None
        self._queue.nudge()

    async def run(self, only: Collection[str] | None = None) -> SweepResult:
        """Sweep everything, now, and say what was done. only: the codes of the regions to tell about; None: all."""
        result = SweepResult()
        await self._catching_up.run()
        await self._run(Woken(everything=True), result, only=only, whole=True)
        return result

    async def _run(
        self, woken: Woken, result: SweepResult, *, only: Collection[str] | None = None, whole: bool = False
    ) -> None:
        with tracing.of_request(None, None):
            await self._importer.finish()
            await self._reconciliation.run()
            await write_all_messages(self._store)
            mode, (hold, hold_sequence) = await self._alerting.in_force(), await hold_in_force(self._store)
            works = await self._works.refresh(woken, (mode.sequence, hold_sequence))
            works = [each for each in works if only is None or each.code in only]
            round_ = _Round(mode, hold, max(mode.sequence, hold_sequence), result, whole)
            await self._silence.log(works, mode.mode)
            if mode.mode.silent:
                result.silent = True
            else:
                await self._tell(works, round_)
                await self._finish(round_)
            UNREACHABLE.set(sum(len(each.unreachable) for each in works))
            HELD.set(sum(sum(each.held.values()) for each in works))

    async def _tell(self, works: list[RegionWork], round_: _Round) -> None:
        awake = self._awake(works)
        frames = {code: self._frame(work, round_.hold) for code, work in awake.items()}
        for work in awake.values():
            if work.waits:
                await self._tell_region(work, frames[work.code], round_)
        await self._tell_marked(awake, frames, round_)

    def _awake(self, works: list[RegionWork]) -> dict[str, RegionWork]:
        """The regions that may be disturbed now, or soon, and whose obligations are not behind. Most of them share
        their policy and their zone."""
        now, known = self._clock.now(), dict[tuple[AlertPolicy, Zone], bool]()
        awake: dict[str, RegionWork] = {}
        for work in works:
            zone = work.known.value.zone
            key = (work.policies.in_force(work.day or now.date()), zone)
            if key not in known:
                known[key] = may_be_written(key[0], zone, now)
            if known[key] and not work.behind:
                awake[work.code] = work
        return awake

    async def _tell_region(self, work: RegionWork, frame: RegionFrame, round_: _Round) -> None:
        if work.own and await self._settle(work, frame, await self._evaluator.region(frame), round_):
            work.own, work.own_at = False, machine_seconds()
        if work.everything:
            work.unreachable = set()
            async for part in self._candidates.of_region(frame):
                await self._tell_agencies(work, frame, part, round_)
            work.everything = False
            round_.regions.add(work.code)
        for part in parts(sorted(work.agencies)):
            await self._tell_agencies(work, frame, part, round_)
            round_.agencies.update(part)

    async def _tell_agencies(self, work: RegionWork, frame: RegionFrame, ids: list[str], round_: _Round) -> None:
        found = await self._evaluator.agencies(frame, ids)
        work.agencies.difference_update(ids)
        try:
            await self._settle(work, frame, found, round_, ids)
        except BaseException:
            work.agencies.update(ids)
            raise

    async def _tell_marked(self, awake: dict[str, RegionWork], frames: dict[str, RegionFrame], round_: _Round) -> None:
        """Obligations, questions and ideas whose day has come, innovations of which something is to be told, and what
        curators have asked for."""
        awake = {code: work for code, work in awake.items() if code not in round_.regions}
        pending = await self._pending(awake.keys())
        told_of: dict[str, set[str]] = {}
        for agency, entries in pending.items():
            told_of.setdefault(entries[0].value.region, set()).add(agency)
        latest = max((frames[code].day for code in awake), default=None)
        any_obligation = latest is not None and bool(await self._marked(OneOf(list(awake)), latest, limit=1))
        if latest is not None:
            for source in self._dated:
                for code, agencies in (await source.agencies_to_look_at(list(awake), latest)).items():
                    told_of.setdefault(code, set()).update(agencies)
        requests = [each for each in await self._requests.waiting() if each.value.region in awake]
        for each in requests:
            told_of.setdefault(each.value.region, set()).update(each.value.told)
        for code, work in awake.items():
            marked = told_of.get(code, set())
            if any_obligation:
                marked |= set(await self._marked(code, frames[code].day))
            for part in parts(marked - round_.agencies):
                found = await self._evaluator.agencies(frames[code], part, pending)
                await self._settle(work, frames[code], found, round_, part)
        round_.requests += [each for each in requests if awake[each.value.region].agencies.isdisjoint(each.value.told)]

    async def _marked(self, region: str | OneOf, day: date, limit: int | None = None) -> list[str]:
        """The agencies of the obligations that are to be looked at on that day. limit: the most that are asked for."""
        where = {"region": region, "look": Range(most=day.isoformat())}
        agencies: list[str] = []
        after: str | None = None
        while True:
            page = await self._store.find(OBLIGATION.name, where, sort=_BY_LOOK, limit=limit or PAGE, after=after)
            agencies += [each.state["agency"] for each in page.documents]
            after = page.after
            if after is None or limit is not None:
                return agencies

    async def _pending(self, regions: Collection[str]) -> Pending:
        """Agency → innovations of which something is to be told. One short query while there is nothing."""
        found: dict[str, list[Versioned[Entry]]] = {}
        after: str | None = None
        while regions:
            page = await self._entries.list({"tell": Range(least=" ")}, sort=_BY_TELL, limit=PAGE, after=after)
            for each in page.items:
                if each.value.region in regions:
                    found.setdefault(each.value.agency, []).append(each)
            after = page.after
            if after is None:
                break
        return found

    async def _settle(
        self, work: RegionWork, frame: RegionFrame, found: Evaluation, round_: _Round, ids: Iterable[str] = ()
    ) -> bool:
        """Put what was found into messages, and note what was dealt with. False when some of it must be looked at again
        at once."""
        put = await self._putting.put(frame, found.reminders, round_.mode.mode, round_.since)
        work.later |= _agencies(put.capped)
        again = _agencies(put.again)
        work.agencies |= again
        round_.messages += put.messages
        round_.obligations += [each for each in found.obligations if _to_note(each, again)]
        round_.entries += [each for each in found.entries if each.value.agency not in again]
        round_.dated += [each for each in found.dated if each.agency not in again]
        if round_.notes >= NOTES:
            await self._finish(round_)
        self._remember(work, found, ids)
        if round_.whole:
            _keep(round_.result, found, put)
        return not put.again

    async def _finish(self, round_: _Round) -> None:
        """Write what can wait until the messages are on their way. After a crash the next sweep finds the same again,
        and the alert logs hold it."""
        await self._putting.finish(_drained(round_.messages))
        await in_parallel(
            _drained(round_.obligations),
            lambda each: self._ledger.looked(each.seen.id, each.seen.sequence, each.next_look, each.seen),
            at_once=AT_ONCE,
        )
        await self._entries.settled(_drained(round_.entries))
        await in_parallel(_drained(round_.dated), lambda each: each.note(), at_once=AT_ONCE)
        await in_parallel(_drained(round_.requests), self._requests.looked_at, at_once=AT_ONCE)

    def _remember(self, work: RegionWork, found: Evaluation, ids: Iterable[str]) -> None:
        work.unreachable -= set(ids)
        work.unreachable |= {each.agency for each in found.unreachable}
        for each in found.reminders:
            work.held.pop(each.person, None)
            if each.held:
                work.held[each.person] = len(each.held)

    def _frame(self, work: RegionWork, hold: RestoreHold | None) -> RegionFrame:
        now = self._clock.now()
        return RegionFrame(
            region=work.known.value,
            now=now,
            day=work.day or now.date(),
            policy=work.policies.in_force(work.day or now.date()),
            hold=concerning(hold, work.code),
            offset=(now - self._clock.machine()).total_seconds(),
            clock_set_at=self._clock.set_at,
        )


def _agencies(reminders: Iterable[Reminder]) -> set[str]:
    """Where to look again for these persons: what is about the contact itself names no agency."""
    return {agency for each in reminders for agency in (*each.agencies, *each.contact.agencies)}


def _to_note(looked: LookedAt, again: set[str]) -> bool:
    return looked.agency not in again and not looked.looked_before


def _drained(notes: list[Item]) -> list[Item]:
    drained = list(notes)
    notes.clear()
    return drained


def _keep(result: SweepResult, found: Evaluation, put: PutResult) -> None:
    result.queued += put.queued
    result.messages += [each.message for each in put.messages]
    result.held += [each for each in found.reminders if each.held]
    result.unreachable += found.unreachable
