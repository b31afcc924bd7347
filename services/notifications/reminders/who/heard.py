"""Whether a person has heard of a duty since a curator asked to remind of it."""

from __future__ import annotations

from services.notifications.messages.repositories import message_repository
from services.notifications.messages.writing import message_id
from services.notifications.reminders.who.recipients import Person
from shared.contracts.message import ON_REQUEST, Reason
from shared.ports.store import Store


class Heard:
    """Reads one store, and only for reasons that were asked for."""

    def __init__(self, store: Store) -> None:
        self._messages = message_repository(store)

    async def since(self, person: Person, reason: Reason) -> bool:
        """Whether another message of the same duty, of the day of the request or later, went to the person's present
        addresses: then the request is met, and the same is not said twice."""
        log = person.log
        if reason.what != ON_REQUEST or reason.day is None or log is None:
            return False
        newest = max(
            (
                each.message
                for each in log.alerts
                if (each.reason.kind, each.reason.agency, each.reason.year) == (reason.kind, reason.agency, reason.year)
                and each.reason != reason
                and each.address_revision == person.contact.address_revision
                and not each.undelivered
            ),
            default=0,
        )
        if not newest:
            return False
        if newest == log.last:
            return log.as_of is not None and log.as_of >= reason.day
        found = await self._messages.find(message_id(person.id, newest))
        return found is not None and found.value.as_of >= reason.day
