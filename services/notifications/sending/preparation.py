"""Reads, for many messages at once, whom they are for, what still holds of them, and what their texts need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Protocol

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.message import Message
from services.notifications.messages.rendering import (
    AlertDetails,
    Envelope,
    Office,
    RegionDetails,
    RenderedMessage,
    render,
)
from services.notifications.messages.texts.details import ContactDetails
from services.notifications.reminders.frame import RegionFrame
from services.notifications.reminders.reasons import CONFIRM
from services.notifications.sending.alert_facts import AlertFacts
from services.notifications.sending.details import time_left
from shared.ports.store import ID, OneOf, Store
from shared.storage.repository import Versioned

LONGEST_LIFE = timedelta(hours=12)  # the most that a provider is given to deliver a message
SHORTEST_LIFE = timedelta(minutes=1)


class Offices(Protocol):
    """Who stands behind the messages of a region."""

    async def of(self, region: str) -> Office:
        """The curator's office."""


@dataclass(frozen=True)
class Prepared:
    """A message with what its hand-over needs. contact, frame: None when the person is gone or the region is not known;
    details: of the alerts that still hold; ends: until the first deadline that they speak of."""

    found: Versioned[Message]
    contact: Contact | None
    frame: RegionFrame | None
    office: Office
    details: tuple[AlertDetails, ...] = ()
    ends: timedelta = LONGEST_LIFE

    @property
    def message(self) -> Message:
        """The message."""
        return self.found.value

    @cached_property
    def channels(self) -> tuple[ChannelName, ...]:
        """The channels with an open address of the person today, preferred first; if only confirmations hold, the
        channels of these."""
        found = self.contact.channels(self.frame.today) if self.contact and self.frame else ()
        bound = [_bound_to(each) for each in self.details]
        return found if not all(bound) else tuple(each for each in found if each.value in bound)

    @cached_property
    def holding(self) -> frozenset[str]:
        """The ids of the alerts that still hold."""
        return frozenset(each.alert.id for each in self.details)

    def holding_through(self, channel: ChannelName) -> frozenset[str]:
        """Those of them that may be told through this channel: an address is confirmed through its own only."""
        return frozenset(each.alert.id for each in self._through(channel))

    @property
    def ttl(self) -> int:
        """Seconds after which a provider should no longer deliver it: never beyond what it means."""
        return round(min(LONGEST_LIFE, max(SHORTEST_LIFE, self.ends)).total_seconds())

    def render(self, channel: ChannelName, after: ChannelName | None) -> RenderedMessage:
        """The text for a channel. after: the channel on which it was sent before without a receipt."""
        if self.contact is None or self.frame is None:
            raise TypeError(f"{self.found.id} has nobody to be rendered for")
        envelope = Envelope(
            message=self.found.id,
            mail=self.message.mail,
            channel=channel,
            to=self.contact.address(channel),
            name=self.contact.name,
            after=after,
        )
        region = self.frame.region
        return render(
            envelope,
            self._through(channel),
            region=RegionDetails(region.code, region.name, region.zone),
            today=self.frame.today,
            office=self.office,
        )

    def _through(self, channel: ChannelName) -> list[AlertDetails]:
        return [each for each in self.details if _bound_to(each) in ("", channel.value)]


def _bound_to(details: AlertDetails) -> str:
    """The only channel that it may be told through; empty: any."""
    confirms = isinstance(details, ContactDetails) and details.alert.reason.what == CONFIRM
    return details.channel if confirms else ""  # type: ignore[union-attr]


class Preparation:
    """Prepares messages in batches: a few queries for all of them."""

    def __init__(self, store: Store, facts: AlertFacts, offices: Offices) -> None:
        self._contacts = contact_repository(store)
        self._facts = facts
        self._offices = offices

    async def batch(self, messages: Sequence[Versioned[Message]]) -> list[Prepared]:
        """The messages, in the same order."""
        contacts = await self._contacts_of(messages)
        facts = await self._facts.read([(each.value, contacts.get(each.value.person)) for each in messages])
        offices = {code: await self._offices.of(code) for code in sorted({each.value.region for each in messages})}
        prepared = []
        for found in messages:
            message, office = found.value, offices[found.value.region]
            contact, frame = contacts.get(message.person), facts.frames.get(message.region)
            if contact is None or frame is None:
                prepared.append(Prepared(found, None, frame, office))
                continue
            details = facts.holding(message, contact)
            prepared.append(
                Prepared(
                    found=found,
                    contact=contact.value,
                    frame=frame,
                    office=office,
                    details=tuple(details),
                    ends=time_left(details, frame) or LONGEST_LIFE,
                )
            )
        return prepared

    async def _contacts_of(self, messages: Sequence[Versioned[Message]]) -> dict[str, Versioned[Contact]]:
        """Those that exist and are not erased."""
        people = sorted({each.value.person for each in messages})
        if not people:
            return {}
        page = await self._contacts.list({ID: OneOf(people)}, limit=len(people), after=None)
        return {each.id: each for each in page.items if not each.value.erased}
