"""A person who can be notified. Names, addresses and telephone numbers are stored here only (UU 27/2022)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Self, TypeVar

from services.notifications.contacts.address_record import AddressRecord, Ask
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.masking import masked_email, masked_name, masked_phone
from services.notifications.contacts.role import ContactRole
from services.notifications.state import Bit, replaced
from shared.storage.stored import Stored

C = TypeVar("C", bound="Contact")

_RECORDS = {ChannelName.EMAIL: "email_record", ChannelName.WHATSAPP: "phone_record"}


class Contact(Stored):
    """agencies: sorted ids, empty for a role of the region; email: valid and normalised, or empty; phone: an Indonesian
    mobile number in E.164, used for WhatsApp, or empty; landline: a number in E.164 for people to call, or empty;
    preferred: the channel to try first; email_closed, phone_closed: the code of the fact that closed the address
    (`5.1.1`, `131026`), else empty; email_confirmed, phone_confirmed: the person has used the link, or a message was
    reported as delivered there; email_record, phone_record: which address it is, and whether its owner is asked to
    confirm it; address_revision: from 1, rises when an address is replaced or when it is another person; valid_from,
    valid_to: local days, inclusive, None: no limit; notice: version of the notice that the person was given,
    consent_whatsapp: version of the text by which the person agreed to WhatsApp, else empty; own: the agency entered it
    itself; by: the id of the account that changed it last, empty when it is not known; mark: the import row that
    changed it last, `<import>/<line>`, or empty; erased: only id, region, role and agencies are left.

    reachable, closed: derived, for queries: it has an open address (whatever the day); an address is closed."""

    region: str
    agencies: tuple[str, ...]
    role: ContactRole = ContactRole.OFFICER
    name: str
    email: str
    phone: str
    landline: str = ""
    preferred: ChannelName = ChannelName.EMAIL
    email_closed: str = ""
    phone_closed: str = ""
    email_confirmed: bool = False
    phone_confirmed: bool = False
    email_record: AddressRecord = AddressRecord()
    phone_record: AddressRecord = AddressRecord()
    address_revision: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    notice: str = ""
    consent_whatsapp: str = ""
    own: bool = False
    reachable: Bit
    closed: Bit = False
    erased: Bit = False
    mark: str = ""
    by: str = ""

    @classmethod
    def of(
        cls,
        *,
        region: str,
        agencies: Iterable[str] = (),
        name: str,
        role: ContactRole = ContactRole.OFFICER,
        email: str | None = None,
        phone: str | None = None,
        landline: str | None = None,
        preferred: ChannelName = ChannelName.EMAIL,
        valid_from: date | None = None,
        valid_to: date | None = None,
        notice: str = "",
        consent_whatsapp: str = "",
        own: bool = False,
        body: str = "",
        mark: str = "",
        by: str = "",
    ) -> Self:
        """A new contact. email, phone, landline: valid and normalised; body: the fingerprint of the request that
        creates it; by: an account's id. WhatsApp is used only with `consent_whatsapp`."""
        contact = with_derived(
            cls(
                created_by_body=body,
                region=region,
                agencies=tuple(sorted(set(agencies))) if role.of_agencies else (),
                role=role,
                name=name,
                email=email or "",
                phone=phone or "",
                landline=landline or "",
                preferred=preferred,
                valid_from=valid_from,
                valid_to=valid_to,
                notice=notice,
                consent_whatsapp=consent_whatsapp,
                own=own,
                reachable=False,
                mark=mark,
                by=by,
            )
        )
        return with_new_addresses(contact, [each for each in ChannelName if contact.address(each)], first=True)

    def valid_on(self, day: date) -> bool:
        """Whether the person holds the role on this local day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def channels(self, day: date) -> tuple[ChannelName, ...]:
        """The channels with an open address on this local day, the preferred one first."""
        return self.open_channels if self.valid_on(day) else ()

    def address(self, channel: ChannelName) -> str:
        """The address or number for a channel; empty when there is none."""
        return self.email if channel is ChannelName.EMAIL else self.phone

    def confirmed(self, channel: ChannelName) -> bool:
        """Whether the address for a channel is known to reach the person."""
        return self.email_confirmed if channel is ChannelName.EMAIL else self.phone_confirmed

    def record(self, channel: ChannelName) -> AddressRecord:
        """What is recorded of the address for a channel."""
        return self.email_record if channel is ChannelName.EMAIL else self.phone_record

    def to_confirm(self, day: date) -> tuple[ChannelName, ...]:
        """The channels whose open address is not confirmed yet, and whose owner is asked for that on this local day by
        a message of its own."""
        asked = [each for each in self.channels(day) if self.record(each).ask is not Ask.NOT]
        return tuple(each for each in asked if not self.confirmed(each))

    def with_closed(self, channel: ChannelName, address: str, code: str) -> Self | None:
        """The contact with this address closed, for a fact about the address. None when it has another address by now,
        or it is closed."""
        if not same_address(self.address(channel), address) or self.closed_by(channel):
            return None
        if channel is ChannelName.EMAIL:
            return with_derived(replaced(self, email_closed=code or "unknown", email_confirmed=False))
        return with_derived(replaced(self, phone_closed=code or "unknown", phone_confirmed=False))

    def with_confirmed(self, channel: ChannelName, address: str) -> Self | None:
        """The contact with this address confirmed. None when it has another address by now, or it is confirmed, or
        closed: so receipts in any order end in one state."""
        if not same_address(self.address(channel), address) or self.confirmed(channel) or self.closed_by(channel):
            return None
        if channel is ChannelName.EMAIL:
            return replaced(self, email_confirmed=True)
        return replaced(self, phone_confirmed=True)

    def without_personal_data(self, by: str = "") -> Self:
        """What is kept of an erased person: region, role and agencies, under the opaque id, so that the record of
        messages stays readable. by: the id of the account that erased it."""
        empty = type(self).of(region=self.region, agencies=self.agencies, role=self.role, name="", by=by)
        records = {_RECORDS[each]: replaced(self.record(each), ask=Ask.NOT) for each in ChannelName}
        return replaced(empty, address_revision=self.address_revision, erased=True, **records)

    def masked(self) -> dict[str, str | None]:
        """Name, address and numbers as lists show them."""
        return {
            "name": masked_name(self.name),
            "email": masked_email(self.email) if self.email else None,
            "phone": masked_phone(self.phone) if self.phone else None,
            "landline": masked_phone(self.landline) if self.landline else None,
        }

    def closed_by(self, channel: ChannelName) -> str:
        """The code that closed the address for a channel; empty while it is open."""
        return self.email_closed if channel is ChannelName.EMAIL else self.phone_closed

    @property
    def open_channels(self) -> tuple[ChannelName, ...]:
        """As `channels`, whatever the day."""
        usable = [
            each
            for each in ChannelName
            if self.address(each) and not self.closed_by(each) and (each is ChannelName.EMAIL or self.consent_whatsapp)
        ]
        return tuple(sorted(usable, key=lambda each: each is not self.preferred))


def same_address(one: str, other: str) -> bool:
    """Whether two normalised addresses are one mailbox or number. No mail system in use tells apart upper and lower
    case."""
    return bool(one) and one.casefold() == other.casefold()


def with_new_addresses(contact: C, channels: Collection[ChannelName], *, first: bool) -> C:
    """The contact, whose addresses on these channels are new at its present revision: each is to be confirmed. first:
    the revision begins with them. The address that is used first then stands for the revision; every other has a number
    of its own."""
    standing = next((each for each in (*contact.open_channels, *ChannelName) if each in channels), None)
    records = {}
    for channel in channels:
        ask = Ask.OF_REVISION if first and channel is standing else Ask.OF_ADDRESS
        number = max(1, contact.record(channel).number)
        records[_RECORDS[channel]] = AddressRecord(number=number, since=contact.address_revision, ask=ask)
    return replaced(contact, **records)


def with_derived(contact: C) -> C:
    """The contact with the fields that follow from the others."""
    return replaced(
        contact,
        reachable=bool(contact.open_channels),
        closed=bool(contact.email_closed or contact.phone_closed),
    )
