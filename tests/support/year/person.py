"""A contact as the rules see it: addresses, which of them are closed or confirmed, and the address revision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from tests.support.year.facts import ContactSaid
from tests.support.year.provider import EMAIL, WHATSAPP


@dataclass
class Person:
    """said: the contact as last saved; changed_at: when anything of it changed last; revision: of the addresses;
    closed, confirmed: channels; new: channels whose address is to be confirmed once; since: channel → the revision at
    which its address came, or came to be another person's."""

    said: ContactSaid
    changed_at: datetime
    revision: int = 1
    closed: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    new: set[str] = field(default_factory=set)
    since: dict[str, int] = field(default_factory=dict)
    erased: bool = False

    @classmethod
    def first(cls, said: ContactSaid) -> Person:
        channels = {each for each in (EMAIL, WHATSAPP) if _address(said, each)}
        return cls(said, said.at, new=channels, since=dict.fromkeys(channels, 1))

    def corrected(self, said: ContactSaid) -> Person:
        """Issue 9 §1.7: what still holds is told "when `address_revision` rises: a normalised address changes, or the
        editor says that it is another person, not when a name is corrected. An address on a channel that the contact
        did not have yet does not raise it; replacing one does." """
        changed = {each for each in (EMAIL, WHATSAPP) if self.address(each) != _address(said, each)}
        replaced = {each for each in changed if self.address(each) and _address(said, each)}
        rises = bool(replaced) or said.another_person
        present = {each for each in (EMAIL, WHATSAPP) if _address(said, each)}
        new = present if said.another_person else changed & present
        return Person(
            said,
            changed_at=said.at,
            revision=self.revision + rises,
            closed=set() if said.reopen else self.closed - changed,
            confirmed=set() if said.another_person else self.confirmed - changed,
            new=(self.new | new) & present,
            since=self.since | dict.fromkeys(new, self.revision + rises),
            erased=self.erased,
        )

    def address(self, channel: str) -> str:
        """The address on that channel, empty for none."""
        return _address(self.said, channel)

    def valid_on(self, day: date) -> bool:
        """Issue 9 §2.9: "valid from and to (staff rotate)"; both days belong to it."""
        first, last = self.said.valid_from, self.said.valid_to
        return not self.erased and (first is None or first <= day) and (last is None or day <= last)

    def channels(self, day: date) -> list[str]:
        """The open addresses on that local day, the preferred one first."""
        if not self.valid_on(day):
            return []
        both = sorted((EMAIL, WHATSAPP), key=lambda each: each != self.said.preferred)
        return [each for each in both if self.address(each) and each not in self.closed]

    def close(self, channel: str, address: str, at: datetime) -> None:
        """Design §9: a refusal, failed receipt or bounce of class recipient, "also a late one, closes that address";
        not the one that replaced it."""
        if self.address(channel) == address and channel not in self.closed:
            self.closed.add(channel)
            self.confirmed.discard(channel)
            self.changed_at = at

    def confirm(self, channel: str, at: datetime) -> None:
        """Issue 9 §2.9: by the link; "a delivered alert confirms too"."""
        if channel not in self.confirmed and channel not in self.closed:
            self.confirmed.add(channel)
            self.changed_at = at


def _address(said: ContactSaid, channel: str) -> str:
    return said.email if channel == EMAIL else said.phone
