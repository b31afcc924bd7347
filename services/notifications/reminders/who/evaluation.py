"""Evaluates agencies and regions: which reasons are due, and who is to be told of them. Reads only.

A person who answers for several agencies is evaluated for all of them at once, so that what is due together is one
message.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.directory import ContactDirectory
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.repositories import alert_log_repository, message_repository
from services.notifications.messages.writing import message_id
from services.notifications.obligations.document import ObligationDocument, look_on
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.summary import summary_of
from services.notifications.questions.dated import DatedRepository, LookedAtDated
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.asked.reasons import Requested, requested_reasons
from services.notifications.reminders.asked.requests import ReminderRequests
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import (
    DueReason,
    contact_reasons,
    curator_reasons,
    dated_reasons,
    duty_reasons,
    idea_reasons,
    innovation_reasons,
    next_day,
    projected,
    report_reasons,
    unreachable_reasons,
)
from services.notifications.reminders.reminder import Reminder, Unreachable
from services.notifications.reminders.who.candidates import AT_ONCE, TOLD_OF
from services.notifications.reminders.who.gathering import Due, Gathering
from services.notifications.reminders.who.heard import Heard
from services.notifications.reminders.who.recipients import (
    Choice,
    Person,
    all_of,
    can_be_reached,
    choose,
    was_discarded,
    why_nobody,
)
from shared.contracts.idea import IdeaStatus
from shared.ports.store import ID, OneOf, Store, Where
from shared.storage.repository import Repository, Versioned

Behind = Callable[[RegionFrame], Awaitable[Sequence[DueReason]]]
Endpoints = Callable[[RegionFrame], Awaitable[Sequence[tuple[DueReason, int]]]]
Pending = Mapping[str, Sequence[Versioned[Entry]]]
M = TypeVar("M", bound=BaseModel)

_CURATORS = ("curator",)


@dataclass(frozen=True)
class LookedAt:
    """An obligation that was looked at. seen: the version that was read; next: the next local day on which another
    reason can become due."""

    seen: Versioned[ObligationDocument]
    next: date

    @property
    def agency(self) -> str:
        """Whose it is."""
        return self.seen.value.agency

    @property
    def looked_before(self) -> bool:
        """Whether the document says `next_look` already."""
        return self.seen.value.look == self.next_look

    @property
    def next_look(self) -> str:
        """`next`, as it is stored."""
        return look_on(self.next)


@dataclass
class Evaluation:
    """What was found: whom to tell, what nobody can be told, and what was looked at."""

    reminders: list[Reminder] = field(default_factory=list)
    unreachable: list[Unreachable] = field(default_factory=list)
    obligations: list[LookedAt] = field(default_factory=list)
    entries: list[Versioned[Entry]] = field(default_factory=list)
    dated: list[LookedAtDated[Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Asking:
    """What one evaluation of agencies is about; as the parameters of `Evaluator.agencies`."""

    frame: RegionFrame
    pending: Pending | None
    requested: Requested


class Evaluator:
    """Evaluates what is stored. behind: the passed deadlines of a region that the registry has not reported fully;
    endpoints: its webhook endpoints that failures have disabled, each with the machine milliseconds of that; questions:
    what is asked about innovations; ideas: of the public."""

    def __init__(
        self,
        store: Store,
        directory: ContactDirectory,
        behind: Behind,
        endpoints: Endpoints,
        *,
        questions: QuestionRepository,
        ideas: IdeaRepository,
    ) -> None:
        self._directory = directory
        self._behind = behind
        self._endpoints = endpoints
        self._questions = questions
        self._ideas = ideas
        self._dated: tuple[DatedRepository[Any], ...] = (questions, ideas)
        self._contacts = contact_repository(store)
        self._obligations = obligation_repository(store)
        self._entries = EntryRepository(store)
        self._alert_logs = alert_log_repository(store)
        self._messages = message_repository(store)
        self._requests = ReminderRequests(store)
        self._heard = Heard(store)

    async def agencies(
        self,
        frame: RegionFrame,
        ids: Collection[str],
        pending: Pending | None = None,
        *,
        requested: Requested | None = None,
        note: bool = True,
    ) -> Evaluation:
        """Evaluate agencies of the region, at most AT_ONCE. pending: agency → the only innovations to look at; None:
        all of which something can be due; requested: as if curators had asked for this; note: keep what was looked at,
        of a whole region tens of megabytes."""
        found = Evaluation()
        if requested is None:
            requested = await self._requests.open_on(frame.code, frame.day)
        contacts = await self._directory.of_agencies(ids)
        asked = {each.id for some in contacts.values() for each in some}
        others = {agency for some in contacts.values() for each in some for agency in each.value.agencies} - set(ids)
        asking = _Asking(frame, pending, requested)
        due = await self._due(asking, ids, found if note else None)
        due += await self._due(asking, others, None)
        concerned = {each.agency for each in due}
        contacts |= await self._directory.of_agencies(others & concerned)
        logs = await self._logs({each.id for agency in concerned for each in contacts.get(agency, ())} | asked)
        people = {agency: [_person(each, logs) for each in some] for agency, some in contacts.items()}
        gathering = Gathering(frame)
        for person in {each.id: each for some in people.values() for each in some if each.id in asked}.values():
            if can_be_reached(person.contact, frame.day):
                changed = frame.changed_on(person.sequence)
                for reason in contact_reasons(person.id, person.contact, changed, frame.day):
                    gathering.add(person, Due(reason, "", person.sequence))
        for each in due:
            choice = choose(each.reason.reason, frame.policy.roles, people.get(each.agency, ()), frame.day)
            if await self._is_told(choice):
                continue
            if not choice.who and each.agency in ids:
                gathering.nobody(each, why_nobody(people.get(each.agency, ()), frame.day))
            for person in choice.who:
                if person.id in asked and not await self._heard.since(person, each.reason.reason):
                    gathering.add(person, each)
        found.reminders, found.unreachable = gathering.reminders(), gathering.unreachable()
        return found

    async def region(self, frame: RegionFrame) -> Evaluation:
        """Evaluate what goes to the region's own people: the weekly report to curators and executives, and to curators
        who cannot be reached, what the registry has not reported, which webhook endpoints were disabled, and what waits
        for their decision."""
        contacts = await self._directory.of_region(frame.code)
        logs = await self._logs({each.id for each in contacts})
        people = [_person(each, logs) for each in contacts]
        gathering = Gathering(frame)
        reports = report_reasons(frame.code, frame.region.deadlines, frame.policy, frame.day)
        readers = all_of(frame.policy.report_roles, people, frame.day)
        if reports and readers and await self._has_duties(frame):
            _add_all(gathering, readers, [Due(each) for each in reports])
        curators = all_of(_CURATORS, people, frame.day)
        if curators:
            _add_all(gathering, curators, [Due(each) for each in await self._behind(frame)])
            _add_all(gathering, curators, await self._unreachable(frame))
            _add_all(gathering, curators, [Due(each, "", at) for each, at in await self._endpoints(frame)])
            _add_all(gathering, curators, await self._to_decide(frame))
        for person in people:
            if can_be_reached(person.contact, frame.day):
                changed = frame.changed_on(person.sequence)
                confirm = contact_reasons(person.id, person.contact, changed, frame.day)
                _add_all(gathering, (person,), [Due(each, "", person.sequence) for each in confirm])
        return Evaluation(reminders=gathering.reminders())

    async def _due(self, asking: _Asking, agencies: Collection[str], found: Evaluation | None) -> list[Due]:
        due: list[Due] = []
        for some in parts(agencies):
            due += await self._duties(asking, some, found)
            due += await self._innovations(asking.frame, some, asking.pending, found)
            for source in self._dated:
                due += await self._told_by_day(source, asking.frame, some, found)
        return due

    async def _duties(self, asking: _Asking, agencies: Sequence[str], found: Evaluation | None) -> list[Due]:
        frame, due = asking.frame, list[Due]()
        async for each in _each(self._obligations, {"agency": OneOf(agencies)}):
            duty = summary_of(each.value)
            if duty is None or duty.region != frame.code:
                continue
            seen = projected(duty, frame.day) if frame.dry else duty
            reasons = duty_reasons(seen, frame.policy, frame.zone, frame.day)
            reasons += requested_reasons(seen, asking.requested.get((duty.agency, duty.year)), frame.day)
            due += [Due(reason, duty.agency, each.sequence) for reason in reasons]
            if found is not None:
                following = next_day(seen, frame.policy, frame.zone, frame.day)
                found.obligations.append(LookedAt(each, following))
        return due

    async def _innovations(
        self, frame: RegionFrame, agencies: Sequence[str], pending: Pending | None, found: Evaluation | None
    ) -> list[Due]:
        due: list[Due] = []
        async for each in self._told_of(agencies, pending):
            entry = each.value
            if entry.region != frame.code:
                continue
            reasons = innovation_reasons(entry, frame.zone, frame.day)
            due += [Due(reason, entry.agency, each.sequence) for reason in reasons]
            if entry.tell and found is not None:
                found.entries.append(each)
        return due

    @staticmethod
    async def _told_by_day(
        source: DatedRepository[Any], frame: RegionFrame, agencies: Sequence[str], found: Evaluation | None
    ) -> list[Due]:
        due: list[Due] = []
        async for each in source.open_on(agencies, frame.day):
            subject = each.seen.value
            if subject.region != frame.code:
                continue
            due += [Due(reason, subject.agency, each.seen.sequence) for reason in dated_reasons(subject, frame.day)]
            if found is not None:
                found.dated.append(each)
        return due

    async def _to_decide(self, frame: RegionFrame) -> list[Due]:
        """What the curators have to decide on: requests to withdraw an innovation, and public ideas."""
        due = [
            Due(reason, "", each.sequence)
            for each in await self._questions.asking(frame.code)
            for reason in curator_reasons(each.value, frame.day)
        ]
        received = [each.received_at for each in await self._ideas.of_status(frame.code, IdeaStatus.NEW)]
        return due + [Due(each) for each in idea_reasons(frame.code, received, frame.zone, frame.day)]

    async def _told_of(self, agencies: Sequence[str], pending: Pending | None) -> AsyncIterator[Versioned[Entry]]:
        """The innovations of which something may be due: of a whole region too many to hold at once."""
        if pending is None:
            where = {"agency": OneOf(agencies), "here": 1, "status": OneOf([each.value for each in TOLD_OF])}
            async for each in _each(self._entries, where):
                yield each
            return
        for agency in agencies:
            for each in pending.get(agency, ()):
                yield each

    async def _unreachable(self, frame: RegionFrame) -> list[Due]:
        due: list[Due] = []
        async for each in _each(self._contacts, {"region": frame.code, "erased": 0, "closed": 1}):
            reasons = unreachable_reasons(each.id, each.value, frame.changed_on(each.sequence), frame.day)
            due += [Due(reason, "", each.sequence) for reason in reasons]
        return due

    async def _has_duties(self, frame: RegionFrame) -> bool:
        for year in (frame.day.year, frame.day.year - 1):  # each is served by the index in its order
            page = await self._obligations.list({"region": frame.code, "year": year}, limit=1, after=None)
            if page.items:
                return True
        return False

    async def _is_told(self, choice: Choice) -> bool:
        """Whether one of the messages that went to people who cannot be reached any more has arrived."""
        for message in choice.unless_done:
            if was_discarded(message):
                return True
            found = await self._messages.find(message_id(*message))
            if found is not None and found.value.done:
                return True
        return False

    async def _logs(self, people: Collection[str]) -> dict[str, Versioned[AlertLog]]:
        found: dict[str, Versioned[AlertLog]] = {}
        for some in parts(people):
            page = await self._alert_logs.list({ID: OneOf(some)}, limit=AT_ONCE, after=None)
            found |= {each.id: each for each in page.items}
        return found


def _person(contact: Versioned[Contact], logs: Mapping[str, Versioned[AlertLog]]) -> Person:
    log = logs.get(contact.id)
    if log is None:
        return Person(contact.id, contact.sequence, contact.value)
    return Person(contact.id, contact.sequence, contact.value, log.value, log.sequence)


def _add_all(gathering: Gathering, people: Sequence[Person], due: Sequence[Due]) -> None:
    for person in people:
        for each in due:
            gathering.add(person, each)


def parts(ids: Collection[str]) -> Iterator[list[str]]:
    """The ids in their order, at most AT_ONCE at a time."""
    waiting = sorted(ids)
    for start in range(0, len(waiting), AT_ONCE):
        yield waiting[start : start + AT_ONCE]


async def _each(repository: Repository[M], where: Where) -> AsyncIterator[Versioned[M]]:
    after: str | None = None
    while True:
        page = await repository.list(where, limit=AT_ONCE, after=after)
        for each in page.items:
            yield each
        after = page.after
        if after is None:
            return
