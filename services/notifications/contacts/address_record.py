"""Which address a contact has on a channel, without the address: so that what is told or reported about one address is
never taken for another one that came after it."""

from __future__ import annotations

from enum import StrEnum

from services.notifications.state import DocumentState


class Ask(StrEnum):
    """Whether the owner of an address is asked to confirm it. NOT: entered before every address was asked for, or there
    is none; OF_REVISION: by the message of its address revision, which had no other one before release 0.2;
    OF_ADDRESS: by a message of its own."""

    NOT = ""
    OF_REVISION = "revision"
    OF_ADDRESS = "address"


class AddressRecord(DocumentState):
    """number: how many addresses the contact has had on this channel, 0 for none yet; it names the present one and
    never falls; since: the address revision at which it was entered, or at which it became another person's."""

    number: int = 0
    since: int = 1
    ask: Ask = Ask.NOT

    @property
    def nth(self) -> int:
        """As the reason for asking names the address: 0 for the one that its revision began with."""
        return self.number if self.ask is Ask.OF_ADDRESS else 0
