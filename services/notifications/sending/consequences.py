"""What an answer or a receipt changes outside its message: the contact's address, the alert log, the channel.

Each step looks at what is stored, so it can be repeated after a crash, and comes to the same end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import structlog

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.message import Message, MessageStatus
from services.notifications.messages.outcome import THROTTLED_RETRY
from services.notifications.messages.writing import note_delivered, note_undelivered, release_message
from services.notifications.sending.channels import Channels
from services.notifications.sending.health import ChannelHealth
from shared.clock import machine_ms
from shared.faults import NotFound
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event

Wake = Callable[[str], None]

_POLICY = "5.7."

log = structlog.get_logger("notifications")


class Consequences:
    """wake: called with each agency whose alerts somebody must look at again; wake_region: with each region whose
    curators and executives are concerned."""

    def __init__(self, store: Store, channels: Channels, wake: Wake, wake_region: Wake) -> None:
        self._store = store
        self._contacts = contact_repository(store)
        self._channels = channels
        self._wake = wake
        self._wake_region = wake_region

    async def for_channel(self, health: ChannelHealth, person: str, template: str, answer: Answer) -> None:
        """Note what an answer says about the channel, at once, so that no further hand-over begins in vain. person,
        template: of the hand-over."""
        match answer.answer:
            case AnswerClass.ACCEPTED:
                await health.accepted()
            case AnswerClass.AWAY:
                await health.away()
            case AnswerClass.ACCOUNT:
                await health.stop(answer.code or "unknown")
            case AnswerClass.THROTTLED if not answer.person_only:
                wait = THROTTLED_RETRY if answer.wait is None else round(answer.wait * 1000)
                await health.pause(machine_ms() + wait)
            case AnswerClass.TEMPLATE:
                await health.refused_template(template, answer.code)
            case AnswerClass.TRANSIENT if answer.code.startswith(_POLICY):
                await health.answered()
                await health.refused_person(person, answer.code)
            case AnswerClass.BUG:
                await health.answered()
                log.error("attempt.our-bug", channel=health.channel, code=answer.code)
            case AnswerClass.UNANSWERED:
                pass  # it may be away, or slow
            case _:
                await health.answered()

    async def of_failure(self, message: Versioned[Message], attempt: Attempt) -> None:
        """After a receipt reported that the attempt failed, or arrived: the provider is well, but the account or the
        template may not be."""
        health = self._channels.health(ChannelName(attempt.channel), attempt.driver)
        code = attempt.failed_code or "unknown"
        if attempt.failed_answer is AnswerClass.ACCOUNT:
            await health.stop(code)
        elif attempt.failed_answer is AnswerClass.TEMPLATE and attempt.template:
            await health.refused_template(attempt.template, code)
        await self.of_facts(message, attempt.number)

    async def of_facts(self, message: Versioned[Message], number: int | None = None) -> None:
        """Close addresses that are wrong, confirm those that were reached, release the alerts that left the message.
        number: of the only attempt with new facts: an address that a person has opened again since another one found it
        wrong stays open."""
        for attempt in message.value.attempts:
            if number not in (None, attempt.number):
                continue
            if attempt.effective is AnswerClass.RECIPIENT:
                code = attempt.effective_code or "unknown"
                await self._amend(message.value, attempt, partial(_closed, code=code))
            elif attempt.reached:
                await self._amend(message.value, attempt, partial(_confirmed, revision=attempt.address_revision))
        await self._note(message.value)
        if message.value.release:
            await release_message(self._store, message)
            await self._wake_agencies(message.value)

    async def _note(self, message: Message) -> None:
        """Tell the alert log whether it is known that the message arrived."""
        if message.status is MessageStatus.UNDELIVERED:
            noted = await note_undelivered(self._store, message.person, message.number)
        elif message.done and any(each.expired_at or each.failed_at for each in message.attempts):
            noted = await note_delivered(self._store, message.person, message.number)
        else:
            return
        if noted:
            await self._wake_agencies(message)

    async def _wake_agencies(self, message: Message) -> None:
        """Have the agencies of the message's alerts and of its person looked at: an alert about a deadline names
        none."""
        agencies = {alert.reason.agency for alert in message.alerts if alert.reason.agency}
        contact = await self._contacts.find(message.person)
        for agency in sorted(agencies | set(contact.value.agencies if contact else ())):
            self._wake(agency)
        if any(not alert.reason.agency for alert in message.alerts):
            self._wake_region(message.region)

    async def _amend(
        self, message: Message, attempt: Attempt, step: Callable[[Contact, ChannelName], Contact | None]
    ) -> None:
        """Change the contact, if it still has the very address that the attempt used."""
        channel = ChannelName(attempt.channel)

        def decide(contact: Contact) -> Contact | None:
            same = attempt.went_to(contact.record(channel).number, contact.address_revision) and not contact.erased
            return step(contact, channel) if same and contact.address(channel) else None

        with suppress(NotFound):
            changed = await self._contacts.amend(message.person, None, without_event(decide))
            if changed.changed:
                await self._wake_agencies(message)
                if changed.value.closed:  # the curators hear of a person who cannot be reached any more
                    self._wake_region(changed.value.region)


def nothing_follows(message: Message) -> bool:
    """Whether `of_facts` has nothing to do: the only attempt was accepted, no receipt has come, and nothing leaves."""
    attempts = message.attempts
    accepted = len(attempts) == 1 and attempts[0].effective is AnswerClass.ACCEPTED
    return accepted and not attempts[0].reached and not message.release


def _closed(contact: Contact, channel: ChannelName, code: str) -> Contact | None:
    return contact.with_closed(channel, contact.address(channel), code)


def _confirmed(contact: Contact, channel: ChannelName, revision: int) -> Contact | None:
    """revision: of the addresses then. What reached somebody else at this address before confirms nothing."""
    if revision < contact.record(channel).since:
        return None
    return contact.with_confirmed(channel, contact.address(channel))
