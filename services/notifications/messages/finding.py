"""Lists messages by region, agency, status, reason, channel and period, newest first.

Within a region, every filter is answered by an index, and a page costs about what it shows: the fields of `index.py`
give a few ordered queries, which are merged. The store takes the index of one filter and passes over what the others do
not want, without giving it to us. An agency is found by its people, and what went to them is few; without a region and
an agency, reasons and channels are looked for in the messages themselves. Both may end a page before it is full, after
MOST_READ messages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository, membership_repository
from services.notifications.kinds import MESSAGE
from services.notifications.messages.index import JOINED, MANY, SLOTS, through_with
from services.notifications.messages.message import Message, MessageStatus
from services.notifications.messages.repositories import message_repository
from shared.contracts.vocabulary import Zone
from shared.ports.cursor import encode_cursor, first_value
from shared.ports.store import ID, OneOf, Range, Store
from shared.storage.repository import Repository, Versioned, VersionedPage

MOST_READ = 1_000  # messages that one page reads at most, to fill itself
_PAGE = 200
_PARTS = 4  # of a page: what is read at once of each query
_LEAST = 5  # messages that are read at once
_SORT = (("taken_at", -1),)
_KEYS = (*_SORT, (ID, -1))  # as the store orders equals
_OTHERS = (*(each.value for each in ChannelName), "log")  # the last one by releases before 0.2


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
        """What no index answers well: all reasons and attempts of the message; of an agency, region and status too."""
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
            and (self.channel is None or self.channel in message.through.split(JOINED))
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
        wheres = _parts(wanted, await self._where(wanted))
        at_once = limit if len(wheres) == 1 else max(_LEAST, limit // _PARTS)
        queries = [_Query(self._messages, where, at_once, after) for where in wheres]
        found: list[Versioned[Message]] = []
        last: Versioned[Message] | None = None
        for _ in range(MOST_READ):
            heads = [(head, query) for query in queries if (head := await query.head()) is not None]
            if not heads:
                return VersionedPage(found, None)
            if len(found) == limit:
                break
            last, query = max(heads, key=lambda each: _order(each[0]))
            query.take()
            if query.matches(wanted, last.value):
                found.append(last)
        return VersionedPage(found, encode_cursor(_KEYS, [last.value.taken_at, last.id]) if last else after)

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


class _Query:
    """One ordered query, read in parts as the merge needs them."""

    def __init__(
        self, messages: Repository[Message], where: Mapping[str, Any], at_once: int, after: str | None
    ) -> None:
        self._messages = messages
        self._where = where
        self._at_once = at_once
        self._after = after
        self._read: deque[Versioned[Message]] = deque()
        self._ended = False

    async def head(self) -> Versioned[Message] | None:
        """The next message; None after the last one."""
        if not self._read and not self._ended:
            page = await self._messages.list(self._begun(), sort=_SORT, limit=self._at_once, after=self._after)
            self._read += page.items
            self._after, self._ended = page.after, page.after is None
        return self._read[0] if self._read else None

    def _begun(self) -> Mapping[str, Any]:
        """The conditions, with the time at which the part begins, so that the index is entered there."""
        most = first_value(self._after) if self._after else None
        if not isinstance(most, int):
            return self._where
        return {**self._where, "taken_at": replace(self._where.get("taken_at", Range()), most=most)}

    def take(self) -> None:
        """Go on to the next message."""
        self._read.popleft()

    def matches(self, wanted: MessageFilter, message: Message) -> bool:
        """Whether the message is wanted, and no other query finds it."""
        of_many = self._where.get(SLOTS[-1]) == MANY
        return wanted.matches(message) and not (of_many and wanted.what == message.what_1)


def _order(message: Versioned[Message]) -> tuple[int, str]:
    return message.value.taken_at, message.id


def _parts(wanted: MessageFilter, where: dict[str, Any]) -> list[dict[str, Any]]:
    """The conditions that together find what is wanted, each message by one of them."""
    if wanted.region is None or wanted.agency is not None:
        return [where]
    through = through_with(wanted.channel.value, _OTHERS) if wanted.channel else []
    if wanted.what is None:
        return [{**where, "through": each} for each in through] or [where]
    if through:
        where = {**where, "through": OneOf(through)}
    return [*({**where, slot: wanted.what} for slot in SLOTS), {**where, SLOTS[-1]: MANY}]


def _midnight(day: date, zone: Zone) -> int:
    """Machine milliseconds at which the local day begins."""
    return round(datetime.combine(day, time(), ZoneInfo(zone)).timestamp() * 1000)
