"""Decides which alerts of a message are still true, and renders the message with these."""

from __future__ import annotations

from datetime import date

from services.notifications.contacts.contact import Contact
from services.notifications.known import KnownFacts
from services.notifications.messages.alert import is_current
from services.notifications.messages.message import Message
from services.notifications.messages.rendering import AlertDetails, RenderedMessage, render
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.ledger import obligation_id
from services.notifications.obligations.repositories import obligation_repository
from services.notifications.obligations.summary import summary_of
from shared.clock import Clock
from shared.contracts.message import Alert
from shared.ports.store import Store


class Preparation:
    """Renders messages for hand-over. reply_to: whether the text may invite a reply."""

    def __init__(self, store: Store, known_facts: KnownFacts, clock: Clock, *, reply_to: bool) -> None:
        self._obligations = obligation_repository(store)
        self._known_facts = known_facts
        self._clock = clock
        self._reply_to = reply_to

    async def render(self, id: str, message: Message, contact: Contact) -> RenderedMessage | None:
        """The message with the alerts that are true today, or on the later day that an operator gave on the log
        channel. None when no alert is true or the contact is not reachable."""
        region = await self._known_facts.region(message.region)
        if region is None or not contact.reachable:
            return None
        today = max(local_date(self._clock.now(), region.value.zone), message.as_of)
        details = [
            await self._details(alert, today)
            for alert in message.alerts
            if alert.reason.agency in contact.agencies  # a contact that has moved is reminded of its own agencies only
        ]
        current = [each for each in details if each]
        if not current:
            return None
        return render(
            message=id,
            mail=message.mail,
            to=contact.email,
            name=contact.name,
            region=region.value.name,
            alerts=current,
            today=today,
            reply_to=self._reply_to,
        )

    async def _details(self, alert: Alert, today: date) -> AlertDetails | None:
        """The alert with the facts that its text needs; None when it is no longer true."""
        reason = alert.reason
        if reason.agency is None or reason.year is None:
            return None
        obligation = await self._obligations.find(obligation_id(reason.agency, reason.year))
        agency = await self._known_facts.agency(reason.agency)
        if obligation is None or agency is None or not is_current(alert, summary_of(obligation.value), today):
            return None
        public, region = obligation.value.public, obligation.value.facts.region
        if public is None or region is None:
            return None
        return AlertDetails(alert=alert, agency=agency.value.name, obligation=public, counts_when=region.counts_when)
