"""Reads the facts behind many alerts at once, and decides by the same rules as the sweep which of them still hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.known import KnownFacts
from services.notifications.known_endpoints import KnownEndpoints
from services.notifications.messages.message import Message
from services.notifications.messages.texts.details import ReportDetails
from services.notifications.obligations.behind import behind
from services.notifications.obligations.entries import EntryRepository
from services.notifications.obligations.entry import entry_id
from services.notifications.obligations.ledger import obligation_id
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.scores import score_of
from services.notifications.obligations.summary import ObligationSummary
from services.notifications.questions.ideas import IdeaRepository
from services.notifications.questions.known import QuestionRepository
from services.notifications.reminders.behind import BehindList
from services.notifications.reminders.frame import Frames, RegionFrame
from services.notifications.reminders.reasons import BEHIND, CONFIRM
from services.notifications.sending.details import Reader, ReadFacts
from shared.contracts.idea import IdeaStatus
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import ReasonKind
from shared.ports.store import ID, OneOf, Store
from shared.storage.repository import M, Repository, Versioned

_AT_ONCE = 500  # ids of one query


class Reports(Protocol):
    """Makes the weekly list of a region."""

    async def details(self, alert: Alert, frame: RegionFrame) -> ReportDetails:
        """The list that `alert` is about."""


class Paths(Protocol):
    """Makes the links that confirm an address."""

    async def path(self, person: str, contact: Contact, channel: ChannelName) -> str:
        """Below the public address of the system, with a slash at the start."""


class AlertFacts:
    """Reads one store. reports: None while nobody makes lists; then an alert about one does not hold."""

    def __init__(
        self, store: Store, known_facts: KnownFacts, frames: Frames, paths: Paths, reports: Reports | None
    ) -> None:
        self._store = store
        self._obligations = obligation_repository(store)
        self._entries = EntryRepository(store)
        self._contacts = contact_repository(store)
        self._known_facts = known_facts
        self._frames = frames
        self._paths = paths
        self._reports = reports
        self._behind = BehindList(store)
        self._endpoints = KnownEndpoints(store)
        self._questions = QuestionRepository(store)
        self._ideas = IdeaRepository(store)

    async def read(self, messages: Sequence[tuple[Message, Versioned[Contact] | None]]) -> ReadFacts:
        """Everything that the alerts of these messages need, in a few queries."""
        readers = [(message, contact) for message, contact in messages if contact is not None]
        reasons = [(alert.reason, contact) for message, contact in readers for alert in message.alerts]
        facts = ReadFacts()
        for code in sorted({message.region for message, _ in messages}):
            frame = await self._frames.of_code(code)
            if frame is not None:
                facts.frames[code] = frame
        facts.add_obligations(await self._read(self._obligations, _duties(reasons)))
        facts.entries |= await self._read(self._entries, _entries(reason for reason, _ in reasons))
        facts.entries |= await self._read(self._entries, _openers(facts.summaries.values()))
        facts.subjects |= await self._subjects(reasons)
        facts.endpoints |= await self._endpoints.some({reason.endpoint for reason, _ in reasons if reason.endpoint})
        facts.questions |= await self._questions.some(_asked(reason for reason, _ in reasons))
        facts.ideas |= await self._ideas.some({reason.idea for reason, _ in reasons if reason.idea})
        agencies = _agencies(reasons, facts.subjects.values()) | {each.agency for each in facts.questions.values()}
        facts.names |= await self._known_facts.names(sorted(agencies))
        for reason, reader in reasons:
            await self._more(facts, reason, reader)
        for message, _ in readers:
            for alert in message.alerts:
                await self._report(facts, alert)
        return facts

    async def _more(self, facts: ReadFacts, reason: Reason, reader: Versioned[Contact]) -> None:
        """What only a few alerts need."""
        for id in _entries([reason]) - facts.scores.keys():
            score = await score_of(facts.entries.get(id), self._known_facts)
            if score is not None:
                facts.scores[id] = score
        if reason.kind is ReasonKind.CONTACT and reason.what == CONFIRM:
            for channel in reader.value.open_channels:
                paths = facts.paths.setdefault(reader.id, {})
                paths[channel] = await self._paths.path(reader.id, reader.value, channel)
        if reason.kind is ReasonKind.IDEA and reason.idea is None and reason.region not in facts.waiting_ideas:
            waiting = await self._ideas.of_status(reason.region, IdeaStatus.NEW)
            facts.waiting_ideas[reason.region] = tuple(each.received_at for each in waiting)
        frame = facts.frames.get(reason.region)
        if reason.kind is ReasonKind.DEADLINE and reason.what == BEHIND and frame and frame.code not in facts.behind:
            facts.behind[frame.code] = await self._behind(frame)
            found = await behind(self._store, frame.now)
            facts.missing |= {(each.region, each.year): each.missing for each in found}

    async def _report(self, facts: ReadFacts, alert: Alert) -> None:
        frame = facts.frames.get(alert.reason.region)
        if alert.reason.kind is ReasonKind.REPORT and frame is not None and self._reports is not None:
            key = Reader.report_key(alert.reason)
            if key not in facts.reports:
                facts.reports[key] = await self._reports.details(alert, frame)

    async def _subjects(self, reasons: Iterable[tuple[Reason, Versioned[Contact]]]) -> dict[str, Versioned[Contact]]:
        """The contacts that alerts are about."""
        asked = list(reasons)
        known = {reader.id: reader for _, reader in asked}
        others = {reason.person for reason, _ in asked if reason.person and reason.person not in known}
        found = {id: known[id] for id in {reason.person for reason, _ in asked if reason.person} & known.keys()}
        for some in _parts(sorted(others)):
            page = await self._contacts.list({ID: OneOf(some)}, limit=len(some), after=None)
            found |= {each.id: each for each in page.items}
        return found

    @staticmethod
    async def _read(repository: Repository[M], ids: Iterable[str]) -> dict[str, M]:
        found: dict[str, M] = {}
        for some in _parts(sorted(set(ids))):
            page = await repository.list({ID: OneOf(some)}, limit=len(some), after=None)
            found |= {each.id: each.value for each in page.items}
        return found


def _parts(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


def _duties(reasons: Iterable[tuple[Reason, Versioned[Contact]]]) -> set[str]:
    """The duties that alerts are about, those of the reader's agencies for a deadline."""
    found: set[str] = set()
    for reason, reader in reasons:
        if reason.year is None:
            continue
        if reason.kind in (ReasonKind.DUTY, ReasonKind.INNOVATION) and reason.agency:
            found.add(obligation_id(reason.agency, reason.year))
        elif reason.kind is ReasonKind.DEADLINE:
            found |= {obligation_id(agency, reason.year) for agency in reader.value.agencies}
    return found


def _entries(reasons: Iterable[Reason]) -> set[str]:
    return {
        entry_id(each.agency, each.year, each.innovation)
        for each in reasons
        if each.kind is ReasonKind.INNOVATION and each.agency and each.year and each.innovation
    }


def _asked(reasons: Iterable[Reason]) -> set[str]:
    return {each.innovation for each in reasons if each.kind is ReasonKind.QUESTION and each.innovation}


def _openers(duties: Iterable[ObligationSummary]) -> set[str]:
    """The entries of the innovations that opened duties again."""
    return {entry_id(each.agency, each.year, each.spell.partition("/")[0]) for each in duties if each.spell}


def _agencies(reasons: Iterable[tuple[Reason, Versioned[Contact]]], subjects: Iterable[Versioned[Contact]]) -> set[str]:
    found: set[str] = {agency for subject in subjects for agency in subject.value.agencies}
    for reason, reader in reasons:
        found |= {reason.agency} if reason.agency else set(reader.value.agencies)
    return found
