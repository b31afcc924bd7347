"""Erases a person: the contact, and what else of the person is stored besides the record of messages.

The contact is erased first, then its traces, then the erasure is recorded: until the list has it, the erased contact
itself shows that it is owed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from typing import Any

from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.contacts.waking import Waker
from services.notifications.contacts.writer import ContactWriter
from services.notifications.kinds import CONTACT, CONTACT_TABLE_REPORT, RECEIPT
from services.notifications.messages.message import Message
from services.notifications.messages.repositories import message_repository
from services.notifications.sending.bodies import Bodies
from services.notifications.state import replaced
from shared.clock import Clock
from shared.ports.store import State, Store
from shared.storage.erasures.entry import CONTACT as OF_CONTACT
from shared.storage.erasures.entry import Erasure
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.names import HIDDEN, NameFinder, words_of
from shared.storage.erasures.paths import replace_at
from shared.storage.steps import without_event

SERVICE = "notifications"
_PAGE = 200
_QUOTED = ("findings.*.value", "findings.*.reason")


class ContactErasure:
    """waker: told whose contacts have changed."""

    def __init__(self, store: Store, waker: Waker, bodies: Bodies, erasures: Erasures) -> None:
        self._store = store
        self._contacts = contact_repository(store)
        self._messages = message_repository(store)
        self._writer = ContactWriter(store, waker)
        self._bodies = bodies
        self._erasures = erasures

    async def erase(self, person: str, by: str, expected: int | None = None) -> int:
        """Erase a contact for good; how many documents changed. by: an account's id; expected: the version that the
        caller has read. Raises NotFound, Stale, Misconfigured."""
        before = await self._contacts.get(person)
        done = await self._writer.change(person, partial(_erased, by=by), expected)
        traces = await self._erase_traces({person: before.value})
        await self._erasures.record([_erasure(person, done.value.region)])
        return done.changed + traces

    async def erase_many(self, people: Sequence[str], by: str) -> None:
        """As `erase`, of many at once; those who are not there are left out."""
        erased: dict[str, Contact] = {}
        for person in people:
            found = await self._contacts.find(person)
            if found is not None:
                await self._writer.change(person, partial(_erased, by=by))
                erased[person] = found.value
        await self._erase_traces(erased)
        await self._erasures.record([_erasure(person, contact.region) for person, contact in erased.items()])

    async def carry_out(self, erasures: Sequence[Erasure]) -> int:
        """Erase again those whom an older backup brought back; how many documents changed."""
        erased: dict[str, Contact | None] = {}
        count = 0
        for person in (each.id for each in erasures if each.kind == OF_CONTACT):
            found = await self._contacts.find(person)
            erased[person] = found.value if found else None
            if found is not None:
                count += (await self._writer.change(person, partial(_erased, by=found.value.by))).changed
        return count + await self._erase_traces(erased)

    async def unlisted(self, listed: Collection[str]) -> list[Erasure]:
        """Erased contacts that the list lacks, as a crash or a former release left them."""
        rows = self._store.scan(CONTACT.name, {"erased": 1}, ("region",))
        found = [_erasure(row.id, row["region"]) async for row in rows]
        return [each for each in found if each.key not in listed]

    async def _erase_traces(self, people: Mapping[str, Contact | None]) -> int:
        """Erase texts, receipts and the provider's ids of messages, from which a telephone number can be read, and what
        reports of imports quote; how many documents changed. people: id → what the contact was."""
        if not people:
            return 0
        count, given = 0, set[str]()
        for person in people:
            count += await self._bodies.erase_of(person)
            ids, changed = await self._anonymise_messages(person)
            count, given = count + changed, given | ids
        count += await self._erase_receipts(people, given)
        return count + await self._erase_quotes([each for each in people.values() if each is not None])

    async def _anonymise_messages(self, person: str) -> tuple[set[str], int]:
        """The provider's ids of the person's messages, which are gone then, and how many messages had one."""
        given: set[str] = set()
        changed = 0
        after: str | None = None
        while True:
            page = await self._messages.list({"person": person}, limit=_PAGE, after=after)
            for message in page.items:
                given |= {each.provider_id for each in message.value.attempts if each.provider_id}
                without = await self._messages.amend(message.id, None, without_event(_without_provider_ids))
                changed += without.changed
            if page.after is None:
                return given, changed
            after = page.after

    async def _erase_receipts(self, people: Collection[str], given: Collection[str]) -> int:
        rows = self._store.scan(RECEIPT.name, {}, ("attempt", "provider_id"))
        due = [
            row.id
            async for row in rows
            if (row["attempt"] or "").partition("/")[0] in people or row["provider_id"] in given
        ]
        for id in due:
            await self._store.erase(RECEIPT.name, id)
        return len(due)

    async def _erase_quotes(self, contacts: Sequence[Contact]) -> int:
        hide = _hiding(contacts)
        ids = [row.id async for row in self._store.scan(CONTACT_TABLE_REPORT.name, {}, ())]
        count = 0
        for id in ids:
            found = await self._store.get(CONTACT_TABLE_REPORT.name, id)
            if found is None or not replace_at(copy.deepcopy(found.state), _QUOTED, hide):
                continue
            count += (await self._store.change(CONTACT_TABLE_REPORT.name, id, without_event(_replaced(hide)))).changed
        return count


def _erased(before: Contact | None, by: str) -> Contact | None:
    return None if before is None or before.erased else before.without_personal_data(by)


def _erasure(person: str, region: str) -> Erasure:
    return Erasure(service=SERVICE, kind=OF_CONTACT, id=person, region=region, at=Clock.machine())


def _without_provider_ids(message: Message) -> Message | None:
    if not any(each.provider_id for each in message.attempts) and message.provider_id is None:
        return None
    attempts = tuple(replaced(each, provider_id="") for each in message.attempts)
    return replaced(message, attempts=attempts, provider_id=None)


def _hiding(contacts: Sequence[Contact]) -> Callable[[str], str]:
    """Hides names, addresses and numbers of contacts in a text."""
    addresses = {each.casefold() for it in contacts for each in (it.email, it.phone, it.landline) if each}
    addresses |= {f"0{each.removeprefix('+62')}" for each in addresses if each.startswith("+62")}
    finder = NameFinder.of_names([it.name for it in contacts if words_of(it.name)])

    def hide(text: str) -> str:
        folded = text.casefold()
        plain = folded.replace("-", "").replace(" ", "")
        if any(each in plain or each in folded for each in addresses):
            return HIDDEN
        return finder.replaced(text)

    return hide


def _replaced(hide: Callable[[str], str]) -> Callable[[State | None], State | None]:
    def step(state: State | None) -> State | None:
        after: dict[str, Any] | None = copy.deepcopy(state)
        return after if after is not None and replace_at(after, _QUOTED, hide) else None

    return step
