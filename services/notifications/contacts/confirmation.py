"""Confirms an address by a link. The link's token proves that this system wrote it for this address of this contact; it
names the opaque id and the channel, and no personal data.

Pure: the key is kept by `confirmation_key.py`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Self

from services.notifications.contacts.address_record import Ask
from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact

_SIGNS = {ChannelName.EMAIL: "e", ChannelName.WHATSAPP: "w"}
_CHANNELS = {sign: channel for channel, sign in _SIGNS.items()}
_LONGEST = 200  # characters of a token


@dataclass(frozen=True)
class ConfirmationToken:
    """`<person>.<e|w>.<mac>`. person: the contact's opaque id; mac: of `token_of`."""

    person: str
    channel: ChannelName
    mac: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for a text that is no token."""
        person, _, rest = text.partition(".")
        sign, _, mac = rest.partition(".")
        if len(text) > _LONGEST or not text.isascii() or not person or sign not in _CHANNELS:
            return None
        return cls(person=person, channel=_CHANNELS[sign], mac=mac)

    def __str__(self) -> str:
        return f"{self.person}.{_SIGNS[self.channel]}.{self.mac}"

    def belongs_to(self, contact: Contact, key: bytes) -> bool:
        """Whether it was written for the open address that the contact has now, and for its present person."""
        if not contact.address(self.channel) or contact.closed_by(self.channel):
            return False
        expected = [token_of(self.person, contact, self.channel, key).mac]
        if contact.record(self.channel).ask is not Ask.OF_ADDRESS:  # links of before name the address revision
            expected.append(_mac(key, self.person, self.channel, contact, [contact.record(self.channel).since]))
        return any([hmac.compare_digest(self.mac, each) for each in expected])  # noqa: C419 - in constant time


def token_of(person: str, contact: Contact, channel: ChannelName, key: bytes) -> ConfirmationToken:
    """The token for one address of a contact: HMAC-SHA256 over person, channel, digest of the address, the address
    revision at which it was entered, and its number. The same each time, whatever becomes of the other address."""
    record = contact.record(channel)
    return ConfirmationToken(person, channel, _mac(key, person, channel, contact, [record.since, record.number]))


def _mac(key: bytes, person: str, channel: ChannelName, contact: Contact, which: list[int]) -> str:
    digest = hashlib.sha256(contact.address(channel).casefold().encode()).hexdigest()
    signed = json.dumps([person, channel.value, digest, *which], separators=(",", ":"))
    mac = hmac.new(key, signed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def confirmed_by(token: ConfirmationToken, contact: Contact, key: bytes) -> Contact | None:
    """The contact with the address confirmed; None when the token is not for it, or it is confirmed already."""
    if not token.belongs_to(contact, key):
        return None
    return contact.with_confirmed(token.channel, contact.address(token.channel))
