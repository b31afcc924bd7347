"""Reads, for many messages at once, whom they are for, what still holds of them, and what their texts need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.known import KnownFacts, KnownRegion
from services.notifications.messages.message import Message
from services.notifications.messages.rendering import (
    AlertDetails,
    Envelope,
    Office,
    RegionDetails,
    RenderedMessage,
    render,
)
from services.notifications.obligations.deadlines import local_date
from services.notifications.sending.alert_facts import AlertFacts
from shared.clock import Clock
from shared.ports.store import ID, OneOf, Store
from shared.storage.repository import Versioned

LONGEST_LIFE = timedelta(hours=12)  # the most that a provider is given to deliver a message
SHORTEST_LIFE = timedelta(minutes=1)


class Offices(Protocol):
    """Who stands behind the messages of a region."""

    async def of(self, region: str) -> Office:
        """The curator's office."""


@dataclass(frozen=True)
class FixedOffice:
    """See `Offices`: the same for every region."""

    office: Office

    async def of(self, region: str) -> Office:  # noqa: ARG002 - the same for every region
        """The office."""
        return self.office


@dataclass(frozen=True)
class Prepared:
    """A message with what its hand-over needs. contact: None when there is none, erased or not; details: of the alerts
    that still hold; region: None while it is not known."""

    found: Versioned[Message]
    contact: Contact | None
    region: KnownRegion | None
    today: date
    details: tuple[AlertDetails, ...]
    office: Office
    ends: timedelta

    @property
    def message(self) -> Message:
        """The message."""
        return self.found.value

    @property
    def channels(self) -> tuple[ChannelName, ...]:
        """The channels with an open address of the person today, preferred first."""
        return self.contact.channels(self.today) if self.contact else ()

    @property
    def holding(self) -> frozenset[str]:
        """The ids of the alerts that still hold."""
        return frozenset(each.alert.id for each in self.details)

    @property
    def ttl(self) -> int:
        """Seconds after which a provider should no longer deliver it: never beyond what it means."""
        return round(min(LONGEST_LIFE, max(SHORTEST_LIFE, self.ends)).total_seconds())

    def render(self, channel: ChannelName, after: ChannelName | None) -> RenderedMessage:
        """The text for a channel. after: the channel on which it was sent before without a receipt."""
        if self.contact is None or self.region is None:
            raise TypeError(f"{self.found.id} has nobody to be rendered for")
        envelope = Envelope(
            message=self.found.id,
            mail=self.message.mail,
            channel=channel,
            to=self.contact.address(channel),
            name=self.contact.name,
            after=after,
        )
        region = self.region.value
        details = RegionDetails(region.code, region.name, region.zone)
        return render(envelope, self.details, region=details, today=self.today, office=self.office)


class Preparation:
    """Prepares messages in batches: a few queries for all of them."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock, offices: Offices) -> None:
        self._contacts = contact_repository(store)
        self._known_facts = known_facts
        self._facts = AlertFacts(store, known_facts)
        self._clock = clock
        self._offices = offices

    async def batch(self, messages: Sequence[Versioned[Message]]) -> list[Prepared]:
        """The messages, in the same order."""
        now = self._clock.now()
        contacts = await self._contacts_of(messages)
        codes = sorted({each.value.region for each in messages})
        regions = {code: await self._known_facts.region(code) for code in codes}
        offices = {code: await self._offices.of(code) for code in codes}
        reasons = [alert.reason for each in messages for alert in each.value.alerts]
        facts = await self._facts.read(reasons)
        prepared = []
        for found in messages:
            message, region = found.value, regions[found.value.region]
            contact = contacts.get(message.person)
            usable = contact is not None and not contact.erased and region is not None
            today = local_date(now, region.value.zone) if region else message.as_of
            details = facts.holding(message, contact, region, today) if usable and contact and region else []
            prepared.append(
                Prepared(
                    found=found,
                    contact=contact if usable else None,
                    region=region,
                    today=today,
                    details=tuple(details),
                    office=offices[message.region],
                    ends=facts.time_left(details, region, now) if region else LONGEST_LIFE,
                )
            )
        return prepared

    async def _contacts_of(self, messages: Sequence[Versioned[Message]]) -> dict[str, Contact]:
        people = sorted({each.value.person for each in messages})
        if not people:
            return {}
        page = await self._contacts.list({ID: OneOf(people)}, limit=len(people), after=None)
        return {each.id: each.value for each in page.items}
