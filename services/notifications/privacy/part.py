"""What notifications does for `satu privacy`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from services.notifications.kinds import (
    ALERT_POLICY,
    ALERTING,
    BODY,
    CONTACT,
    CONTACT_TABLE,
    EXEMPTION,
    MESSAGE,
    OFFICE,
    RECEIPT,
    REMINDER_REQUEST,
)
from services.notifications.privacy.correcting import ContactCorrecting
from services.notifications.privacy.erasing import ContactErasure
from services.notifications.privacy.holding import HeldContacts
from shared.ports.store import Store, Where
from shared.runtime.named_data import NamedData, of_account
from shared.runtime.personal_data import Affected, Correctable, DataKind, ErasedData, HeldData, Subject
from shared.storage.erasures.entry import Erasure

_WITH_ACCOUNTS = (CONTACT, EXEMPTION, OFFICE, ALERT_POLICY, ALERTING, REMINDER_REQUEST)


class NotificationsPersonalData:
    """A `PersonalData`."""

    def __init__(
        self,
        store: Store,
        kinds: tuple[DataKind, ...],
        erasing: ContactErasure,
        correcting: ContactCorrecting,
        named: NamedData,
    ) -> None:
        self._store = store
        self._kinds = kinds
        self._erasing = erasing
        self._correcting = correcting
        self._named = named
        self._held = HeldContacts(store)

    @property
    def kinds(self) -> tuple[DataKind, ...]:
        """What is held."""
        return self._kinds

    async def find(self, subject: Subject) -> list[HeldData]:
        """All of a person: contacts, and where another document has the name; of an account, where its id is noted."""
        if subject.account:
            return await of_account(self._store, _WITH_ACCOUNTS, subject)
        held = await self._held.find(subject)
        return held + (await self._named.find(subject) if subject.name else [])

    async def correct(self, subject: Subject, values: Mapping[Correctable, str], by: str) -> int:
        """One contact; by name, several may be meant, of which only the name is corrected."""
        if subject.name and set(values) == {Correctable.NAME}:
            people = await self._held.people(subject)
            done = [await self._correct(replace(subject, name="", person=each), values, by) for each in people]
            return sum(done) + await self._named.correct(subject, values[Correctable.NAME])
        if subject.account or not (subject.person or await self._held.people(subject)):
            return 0
        return await self._correct(subject, values, by)

    async def _correct(self, subject: Subject, values: Mapping[Correctable, str], by: str) -> int:
        return int(await self._correcting.correct(await self._held.contact(subject), values, by))

    async def erase(self, subject: Subject, by: str) -> ErasedData:
        """Every contact that is meant, and the name elsewhere; an account's id stays on record."""
        count = 0
        for held in await self.find(subject):
            if held.kind == CONTACT.name and not held.kept:
                count += await self._erasing.erase(held.id, by)
        if not subject.name:
            return ErasedData(documents=count)
        named = await self._named.erase(subject)
        return ErasedData(documents=count + named.documents, erasures=named.erasures)

    async def carry_out(self, erasures: Sequence[Erasure], key: bytes) -> int:
        """Again, after a restore."""
        return await self._erasing.carry_out(erasures) + await self._named.carry_out(erasures, key)

    async def unlisted(self, listed: Collection[str]) -> Sequence[Erasure]:
        """What a crash left out of the list."""
        return await self._erasing.unlisted(listed)

    async def affected(self, region: str) -> list[Affected]:
        """How much of each kind there is. Receipts and texts are counted by the persons of the region."""
        where: Where = {"region": region, "erased": 0} if region else {"erased": 0}
        people = {row.id async for row in self._store.scan(CONTACT.name, where, ())}
        bodies = [row.id.partition("/")[0] async for row in self._store.scan(BODY.name, {}, ())]
        bodies = [each for each in bodies if not region or each in people]
        attempts = [row["attempt"] or "" async for row in self._store.scan(RECEIPT.name, {}, ("attempt",))]
        receipts = [each.partition("/")[0] for each in attempts]
        receipts = [each for each in receipts if not region or each in people]
        of_region: Where = {"region": region} if region else {}
        messages = [row["person"] async for row in self._store.scan(MESSAGE.name, of_region, ("person",))]
        tables = [row.id async for row in self._store.scan(CONTACT_TABLE.name, of_region, ())]
        offices = [row.id async for row in self._store.scan(OFFICE.name, {}, ()) if region in ("", row.id)]
        found = {
            "contact": (len(people), len(people)),
            "body": (len(bodies), len(set(bodies))),
            "receipt": (len(receipts), len(set(receipts) - {""})),
            "contact_table": (len(tables), None),
            "message": (len(messages), len(set(messages))),
            "office": (len(offices), None),
        }
        return [Affected(each, *found[each.slug]) for each in self._kinds]
