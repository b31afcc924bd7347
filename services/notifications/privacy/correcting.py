"""Corrects a contact on the person's own request."""

from __future__ import annotations

from collections.abc import Mapping

from services.notifications.contacts.addresses import Addresses
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.correction import corrected
from services.notifications.contacts.fields import is_mobile, landline_number
from services.notifications.contacts.waking import Waker
from services.notifications.contacts.writer import ContactWriter
from services.notifications.privacy.holding import normalised
from services.notifications.state import replaced
from shared.faults import Conflict, Flaw, Invalid
from shared.ports.store import Store
from shared.runtime.personal_data import Correctable
from shared.storage.erasures.names import words_of
from shared.storage.repository import Versioned


class ContactCorrecting:
    """waker: told whose contacts have changed."""

    def __init__(self, store: Store, waker: Waker) -> None:
        self._addresses = Addresses(store)
        self._writer = ContactWriter(store, waker)

    async def correct(self, found: Versioned[Contact], values: Mapping[Correctable, str], by: str) -> bool:
        """Whether something differed. A replaced address is told what still holds, as with any correction. Raises
        Invalid, Conflict for an address that another contact of the region has."""
        change = replaced(_changed(found.value, values), by=by)
        for field in ("email", "phone"):
            address = getattr(change, field)
            if address and address != getattr(found.value, field):
                owners = await self._addresses.owners(found.value.region, **{field: address})
                if owners - {found.id}:
                    raise Conflict("Alamat atau nomor ini sudah dipakai kontak lain di daerah ini.")

        def step(before: Contact | None) -> Contact | None:
            if before is None or before.erased:
                return None
            after = corrected(before, replaced(_changed(before, values), by=by))
            return None if after == before else after

        return (await self._writer.change(found.id, step)).changed


def _changed(before: Contact, values: Mapping[Correctable, str]) -> Contact:
    fields: dict[str, str] = {}
    if (name := values.get(Correctable.NAME)) is not None:
        if not words_of(name) or not name.isprintable() or len(name) > 200:  # noqa: PLR2004 - as of `Name`
            raise Invalid([Flaw("name", "malformed", "bukan nama orang")])
        fields["name"] = name.strip()
    if (email := values.get(Correctable.EMAIL)) is not None:
        fields["email"] = normalised("email", email)
    if (phone := values.get(Correctable.PHONE)) is not None:
        number = normalised("phone", phone)
        fields["phone" if not number or is_mobile(number) else "landline"] = number
    if (landline := values.get(Correctable.LANDLINE)) is not None:
        try:
            fields["landline"] = landline_number(landline) if landline else ""
        except ValueError as error:
            raise Invalid([Flaw("landline", "malformed", str(error))]) from error
    return replaced(before, **fields)
