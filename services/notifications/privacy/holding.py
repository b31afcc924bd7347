"""Finds all that notifications holds of a person, for the person's own request."""

from __future__ import annotations

from typing import Any

from services.notifications.contacts.addresses import Addresses
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.fields import email_address, mobile_or_landline
from services.notifications.contacts.repositories import contact_repository
from services.notifications.kinds import BODY, CONTACT, OFFICE
from services.notifications.messages.repositories import message_repository
from services.notifications.sending.repositories import body_repository
from shared.faults import Flaw, Invalid
from shared.ports.store import ID, Prefix, Store
from shared.runtime.personal_data import HeldData, Subject
from shared.storage.erasures.names import NameFinder
from shared.storage.erasures.paths import texts_in
from shared.storage.repository import Versioned

_PAGE = 200
_PROOF = "bukti pengiriman: tanpa nama dan alamat, hanya id buram"
_OFFICE = "data kantor; ubah melalui PUT offices bila menyebut orang ini"


class HeldContacts:
    """Reads only."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._contacts = contact_repository(store)
        self._messages = message_repository(store)
        self._bodies = body_repository(store)
        self._addresses = Addresses(store)

    async def people(self, subject: Subject) -> list[str]:
        """The ids of the contacts that are meant. Raises Invalid for an address that cannot be one."""
        if subject.person:
            return [subject.person]
        if subject.email or subject.phone:
            email = normalised("email", subject.email)
            phone = normalised("phone", subject.phone)
            owners = await self._addresses.owners(subject.region, email=email, phone=phone)
            return sorted(owners | await self._with_landline(subject.region, phone))
        if subject.name:
            finder = NameFinder.of_name(subject.name)
            rows = self._store.scan(CONTACT.name, {"region": subject.region, "erased": 0}, ("name", "agencies"))
            return [
                row.id
                async for row in rows
                if finder.spans(row["name"]) and (not subject.agency or subject.agency in row["agencies"])
            ]
        return []

    async def find(self, subject: Subject) -> list[HeldData]:
        """Contacts with their messages and texts, and what an office says."""
        held: list[HeldData] = []
        for person in await self.people(subject):
            held += await self._of_person(person)
        return held + await self._of_offices(subject)

    async def contact(self, subject: Subject) -> Versioned[Contact]:
        """The one contact that is meant. Raises Invalid when there are none or several, NotFound."""
        people = await self.people(subject)
        if len(people) != 1:
            why = f"menunjuk {len(people)} kontak; sebutkan satu orang dengan --person"
            raise Invalid([Flaw("person", "not-one", why)])
        found = await self._contacts.get(people[0])
        if found.value.erased:
            raise self._contacts.missing()
        return found

    async def _of_person(self, person: str) -> list[HeldData]:
        held: list[HeldData] = []
        found = await self._contacts.find(person)
        if found is not None:
            data = found.value.model_dump(mode="json", exclude={"created_by_body"})
            held.append(HeldData("contact", person, "kontak", data, kept="sudah dihapus" if data["erased"] else ""))
        async for row in self._store.scan(BODY.name, {ID: Prefix(f"{person}/")}, ()):
            body = await self._bodies.find(row.id)
            if body is not None:
                held.append(HeldData("body", row.id, "isi pesan yang dikirim", body.value.model_dump(mode="json")))
        after: str | None = None
        while True:
            page = await self._messages.list({"person": person}, limit=_PAGE, after=after)
            held += [
                HeldData("message", each.id, "catatan pesan", each.value.model_dump(mode="json"), kept=_PROOF)
                for each in page.items
            ]
            if page.after is None:
                return held
            after = page.after

    async def _with_landline(self, region: str, phone: str) -> set[str]:
        if not phone:
            return set()
        rows = self._store.scan(CONTACT.name, {"region": region, "erased": 0}, ("landline",))
        return {row.id async for row in rows if row["landline"] == phone}

    async def _of_offices(self, subject: Subject) -> list[HeldData]:
        """Where an office's data names the person."""
        wanted = [each.casefold() for each in (subject.email, subject.phone, subject.name) if each]
        if not wanted:
            return []
        found = await self._store.get(OFFICE.name, subject.region)
        texts = dict(texts_in(found.state)) if found is not None else {}
        data: dict[str, Any] = {
            place: text for place, text in texts.items() if any(each in text.casefold() for each in wanted)
        }
        return [HeldData("office", subject.region, "kantor kurator", data, kept=_OFFICE)] if data else []


def normalised(field: str, text: str) -> str:
    """An e-mail address (field `email`) or a number; empty stays empty. Raises Invalid."""
    if not text:
        return ""
    try:
        return email_address(text) if field == "email" else mobile_or_landline(text)
    except ValueError as error:
        raise Invalid([Flaw(field, "malformed", str(error))]) from error
