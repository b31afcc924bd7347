"""Lists messages by region, agency, status, reason, channel and period, newest first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository, membership_repository
from services.notifications.kinds import MESSAGE
from services.notifications.messages.message import Message, MessageStatus
from services.notifications.messages.repositories import message_repository
from shared.contracts.vocabulary import Zone
from shared.ports.store import ID, OneOf, Range, Store
from shared.storage.repository import Versioned, VersionedPage

MOST_READ = 1_000  # messages that one page reads at most, to fill itself
_PAGE = 200


@dataclass(frozen=True)
class MessageFilter:
    """Each None: any. what: of one of the message's reasons; channel: of one of its attempts; since, until: local days
    in `zone`, both inclusive, of the time at which it was put into the queue."""

    region: str | None = None
    agency: str | None = None
    status: MessageStatus | None = None
    what: str | None = None
    channel: ChannelName | None = None
    since: date | None = None
    until: date | None = None
    zone: Zone = Zone.WIB

    def matches(self, message: Message) -> bool:
        """What no index answers well: beside the region and status, the reasons and attempts of the message."""
        reasons = [
            alert.reason
            for alert in message.alerts
            if self.agency is None or alert.reason.agency in (self.agency, None)
        ]
        return (
            self.region in (None, message.region)
            and self.status in (None, message.status)
            and bool(reasons or self.agency is None)
            and (self.what is None or any(reason.what == self.what for reason in reasons))
            and (self.channel is None or any(attempt.channel == self.channel for attempt in message.attempts))
        )


class MessageFinder:
    """Reads messages, and the contacts that they went to."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._messages = message_repository(store)
        self._contacts = contact_repository(store)
        self._memberships = membership_repository(store)

    async def page(self, wanted: MessageFilter, *, limit: int, after: str | None) -> VersionedPage[Message]:
        """A page. It has fewer than `limit` messages, and a cursor, when MOST_READ messages were read to find them."""
        where = await self._where(wanted)
        found: list[Versioned[Message]] = []
        read = 0
        while len(found) < limit and read < MOST_READ:
            page = await self._messages.list(where, sort=[("taken_at", -1)], limit=limit - len(found), after=after)
            found += [each for each in page.items if wanted.matches(each.value)]
            read += len(page.items)
            after = page.after
            if after is None:
                break
        return VersionedPage(found, after)

    async def every(self, region: str) -> AsyncIterator[list[Message]]:
        """All messages of a region, in the order of their ids, in parts of limited size. It reads along the ids: with a
        condition each part would sort the whole region again."""
        part: list[str] = []
        async for row in self._store.scan(MESSAGE.name, {}, ("region",)):
            if row["region"] != region:
                continue
            part.append(row.id)
            if len(part) == _PAGE:
                yield await self._some(part)
                part = []
        if part:
            yield await self._some(part)

    async def _some(self, ids: list[str]) -> list[Message]:
        page = await self._messages.list({ID: OneOf(ids)}, limit=len(ids), after=None)
        return [each.value for each in page.items]

    async def contacts_of(self, messages: list[Message]) -> Mapping[str, Contact]:
        """Person → contact, of those that exist."""
        waiting = sorted({message.person for message in messages})
        found: dict[str, Contact] = {}
        for start in range(0, len(waiting), _PAGE):
            page = await self._contacts.list({ID: OneOf(waiting[start : start + _PAGE])}, limit=_PAGE, after=None)
            found |= {each.id: each.value for each in page.items}
        return found

    async def _where(self, wanted: MessageFilter) -> dict[str, Any]:
        where: dict[str, Any] = {}
        if wanted.agency is not None:  # few people, found by their own index; `matches` looks at region and status
            where["person"] = OneOf(await self._people(wanted.agency))
        elif wanted.region is not None:
            where["region"] = wanted.region
        if wanted.status is not None and wanted.agency is None:
            where["status"] = wanted.status.value
        if wanted.since is not None or wanted.until is not None:
            since = None if wanted.since is None else _midnight(wanted.since, wanted.zone)
            until = None if wanted.until is None else _midnight(wanted.until + timedelta(days=1), wanted.zone)
            where["taken_at"] = Range(least=since, below=until)
        return where

    async def _people(self, agency: str) -> list[str]:
        """The ids of all present and former contacts of the agency: memberships are never removed."""
        people: list[str] = []
        after: str | None = None
        while True:
            page = await self._memberships.list({"agency": agency}, limit=_PAGE, after=after)
            people += [each.value.person for each in page.items]
            if page.after is None:
                return people
            after = page.after


def _midnight(day: date, zone: Zone) -> int:
    """Machine milliseconds at which the local day begins."""
    return round(datetime.combine(day, time(), ZoneInfo(zone)).timestamp() * 1000)
