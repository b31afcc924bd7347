"""The response bodies of the routes about contacts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Self

from pydantic import BaseModel

from services.notifications.contacts.bodies import ContactBody
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.role import ContactRole
from shared.storage.repository import Versioned


class Hint(BaseModel):
    """What an editor should know, without being wrong. code: `landline`, `no-mobile`, `no-consent`."""

    field: str
    code: str
    message: str


class ContactAnswer(BaseModel):
    """A person who can be notified. agencies: empty for a role of the region; phone: a mobile number, used for
    WhatsApp; landline: for people to call only; email_closed, phone_closed: the code of the fact that closed the
    address, null while it is open; email_confirmed, phone_confirmed: the address is known to reach the person (an
    unconfirmed one is used as well); reachable: there is an open address; own: the agency entered it itself; by: the id
    of the account that changed it last, empty when it is not known; hints: what the editor should know."""

    id: str
    region: str
    agencies: list[str]
    role: ContactRole
    name: str
    email: str | None
    phone: str | None
    landline: str | None
    preferred: ChannelName
    email_closed: str | None
    phone_closed: str | None
    email_confirmed: bool
    phone_confirmed: bool
    address_revision: int
    valid_from: date | None
    valid_to: date | None
    notice: str | None
    consent_whatsapp: str | None
    own: bool
    reachable: bool
    by: str
    hints: list[Hint] = []

    @classmethod
    def of(cls, found: Versioned[Contact], body: ContactBody | None = None) -> Self:
        """In full. body: of the request that is answered."""
        state = found.value.model_dump(include=set(cls.model_fields))
        hints = list(_hints(found.value, body))
        return cls(id=found.id, hints=hints, **state | {name: state[name] or None for name in _OPTIONAL})

    @classmethod
    def masked(cls, found: Versioned[Contact]) -> Self:
        """As lists show it (UU 27/2022)."""
        return cls.of(found).model_copy(update=found.value.masked())


_OPTIONAL = {"email", "phone", "landline", "email_closed", "phone_closed", "notice", "consent_whatsapp"}


def _hints(contact: Contact, body: ContactBody | None) -> Iterator[Hint]:
    if body and body.phone and not body.mobile:
        why = "Ini nomor telepon kantor: disimpan sebagai telepon, tidak dipakai untuk WhatsApp."
        yield Hint(field="phone", code="landline", message=why)
    if contact.preferred is ChannelName.WHATSAPP and not contact.phone:
        why = "WhatsApp dipilih, tetapi belum ada nomor seluler: surel dipakai."
        yield Hint(field="preferred", code="no-mobile", message=why)
    if contact.phone and not contact.consent_whatsapp:
        why = "WhatsApp belum dipakai: persetujuan pemilik nomor belum dicatat."
        yield Hint(field="consent_whatsapp", code="no-consent", message=why)


class Contacts(BaseModel):
    """A page of contacts."""

    items: list[ContactAnswer]
    next: str | None


class NoticeAnswer(BaseModel):
    """The texts in force. version, whatsapp_version: for `notice` and `consent_whatsapp` of a contact."""

    version: str
    text: str
    whatsapp_version: str
    whatsapp_text: str


class ImportAnswer(BaseModel):
    """A finished import. people: the opaque ids, in the order of the table; created, updated: how many; landlines: how
    many numbers among the mobile ones were landlines, which are kept to call and not used for WhatsApp."""

    id: str
    region: str
    people: list[str]
    created: int
    updated: int
    landlines: int
