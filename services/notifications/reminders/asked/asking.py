"""Judges and stores a curator's request to remind agencies now. The sweep tells them; what is said here before is
found by the sweep's own rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.known import KnownFacts
from services.notifications.obligations.ledger import obligation_id
from services.notifications.obligations.obligation import ObligationPhase
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.reminders.alerting import Alerting
from services.notifications.reminders.asked.outcome import OF_PHASE, Outcome
from services.notifications.reminders.asked.request import AskedAgency, ReminderRequest
from services.notifications.reminders.asked.requests import ReminderRequests
from services.notifications.reminders.due import Times, deferred, silence
from services.notifications.reminders.frame import Frames, RegionFrame
from services.notifications.reminders.reminder import Deferral, Reminder
from services.notifications.reminders.repositories import alert_count_repository
from services.notifications.reminders.who.evaluation import Evaluation, Evaluator, parts
from shared.contracts.agency import AgencyRegistered
from shared.contracts.message import ON_REQUEST, Reason
from shared.faults import NotFound
from shared.ports.store import ID, OneOf, Store
from shared.storage.repository import Versioned
from shared.storage.stored import Fingerprint


@dataclass(frozen=True)
class Wanted:
    """What a curator asks for. agencies: distinct ids, none of another region."""

    region: str
    year: int
    agencies: tuple[str, ...]


@dataclass(frozen=True)
class Judged:
    """What becomes of it for one agency. name: empty for an unknown one; people: of TELL: who is told, each with why
    and until when that is deferred."""

    agency: str
    name: str
    outcome: Outcome
    people: tuple[Reminder, ...] = ()

    def stored(self) -> AskedAgency:
        """As the request keeps it."""
        through = Counter(each.channel for each in self.people)
        return AskedAgency(
            agency=self.agency,
            outcome=self.outcome,
            email=through[ChannelName.EMAIL],
            whatsapp=through[ChannelName.WHATSAPP],
        )


class Asking:
    """For one store. woken: called when a request is stored."""

    def __init__(
        self,
        store: Store,
        known_facts: KnownFacts,
        frames: Frames,
        *,
        evaluator: Evaluator,
        alerting: Alerting,
        woken: Callable[[], None],
    ) -> None:
        self._known_facts = known_facts
        self._frames = frames
        self._evaluator = evaluator
        self._alerting = alerting
        self._woken = woken
        self._obligations = obligation_repository(store)
        self._counts = alert_count_repository(store)
        self.requests = ReminderRequests(store)

    async def judge(self, wanted: Wanted) -> list[Judged]:
        """What would become of it now, in the order of its agencies. Writes nothing. Raises NotFound for a region that
        is not known."""
        frame = await self._frame(wanted.region)
        known = await self._known_facts.agencies_by_id(wanted.agencies)
        open_on = await self.requests.open_on(frame.code, frame.day)
        before = {agency for (agency, year), day in open_on.items() if year == wanted.year and day == frame.day}
        owing = await self._owing(wanted, known)
        requested = {(agency, wanted.year): frame.day for agency, outcome in owing.items() if outcome is Outcome.TELL}
        told: dict[str, list[Reminder]] = {}
        untold: dict[str, str] = {}
        for part in parts([agency for agency, _ in requested]):
            found = await self._evaluator.agencies(frame, part, requested=requested, note=False)
            _sort(found, part, told, untold)
        people = await self._with_deferrals(frame, told)
        judged = []
        for agency in wanted.agencies:
            outcome = owing[agency]
            if outcome is Outcome.TELL and agency not in people:
                outcome = Outcome(untold[agency]) if agency in untold else Outcome.TOLD
            elif outcome is Outcome.TELL and agency in before:
                outcome = Outcome.ASKED
            name = known[agency].name if agency in known else ""
            judged.append(Judged(agency, name, outcome, people[agency] if outcome is Outcome.TELL else ()))
        return judged

    async def ask(self, id: str, wanted: Wanted, by: str, fingerprint: Fingerprint) -> Versioned[ReminderRequest]:
        """Store the request, in one write, and let the sweep look. An equal request under the same id is answered with
        what the first one stored. Raises NotFound as `judge`, KeyReused."""
        before = await self.requests.repository.repeated(id, fingerprint)
        if before is not None:
            return before
        frame, judged = await self._frame(wanted.region), await self.judge(wanted)
        made = ReminderRequest(
            created_by_body=fingerprint.sent,
            region=wanted.region,
            year=wanted.year,
            day=frame.day,
            agencies=tuple(each.stored() for each in judged),
            waiting=any(each.outcome is Outcome.TELL for each in judged),
            at=frame.now,
            by=by,
        )
        stored = await self.requests.repository.create(id, made, fingerprint=fingerprint)
        self._woken()
        return stored

    async def silence(self, region: str) -> tuple[Deferral | None, datetime | None]:
        """Why nobody of the region is told anything now, None: somebody may be; and until when, None: it is not known.
        Raises NotFound as `judge`."""
        frame, mode = await self._frame(region), (await self._alerting.in_force()).mode
        if mode.silent:
            return silence(mode), None
        times = Times.of(frame)
        return (Deferral.QUIET if times.allowed > times.earliest else None), times.allowed

    async def _frame(self, region: str) -> RegionFrame:
        frame = await self._frames.of_code(region)
        if frame is None:
            raise NotFound("Daerah ini belum dikenal.")
        return frame

    async def _owing(self, wanted: Wanted, known: Mapping[str, AgencyRegistered]) -> dict[str, Outcome]:
        """Each agency: TELL where it owes something, else why it is not told."""
        ids = [obligation_id(agency, wanted.year) for agency in wanted.agencies]
        page = await self._obligations.list({ID: OneOf(ids)}, limit=len(ids), after=None)
        phases = {each.value.agency: each.value.phase for each in page.items}
        found: dict[str, Outcome] = {}
        for agency in wanted.agencies:
            if agency not in known:
                found[agency] = Outcome.UNKNOWN
            elif known[agency].retired:
                found[agency] = Outcome.RETIRED
            else:
                found[agency] = OF_PHASE.get(phases.get(agency, ObligationPhase.UNKNOWN), Outcome.TELL)
        return found

    async def _with_deferrals(
        self, frame: RegionFrame, told: Mapping[str, Sequence[Reminder]]
    ) -> dict[str, tuple[Reminder, ...]]:
        mode, count = (await self._alerting.in_force()).mode, await self._counts.find(frame.code)
        times, left = Times.of(frame), frame.policy.region_cap - (count.value.on(frame.day) if count else 0)
        known: dict[str, Reminder] = {}
        for each in (reminder for people in told.values() for reminder in people):
            if each.person not in known:
                known[each.person] = deferred(each, frame, mode, times, left)
                left -= len(each.messages) if known[each.person].deferred_by in (None, Deferral.QUIET) else 0
        return {agency: tuple(known[each.person] for each in people) for agency, people in told.items()}


def _sort(found: Evaluation, part: Sequence[str], told: dict[str, list[Reminder]], untold: dict[str, str]) -> None:
    """Whom of which agency the request reaches, and why nobody of the others."""
    for reminder in found.reminders:
        for agency in {each.reason.agency for each in reminder.reasons if _is_asked(each.reason)} & {*part}:
            told.setdefault(str(agency), []).append(reminder)
    for each in found.unreachable:
        if any(_is_asked(due.reason) for due in each.reasons):
            untold[each.agency] = each.why


def _is_asked(reason: Reason) -> bool:
    return reason.what == ON_REQUEST
