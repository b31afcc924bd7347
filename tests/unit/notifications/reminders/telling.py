"""What the tests of reminders share: facts of a small region, and what was put into messages."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.repositories import contact_repository
from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import Attempt
from services.notifications.messages.message import NEVER, Message, MessageStatus
from services.notifications.messages.repositories import message_repository
from services.notifications.reminders.policy.alert_policy import DEFAULT, AlertPolicies, AlertPolicy
from services.notifications.reminders.repositories import alert_policy_repository
from services.notifications.state import replaced
from shared.contracts.message import Reason
from shared.storage.steps import without_event
from tests.support.notifications_service import REGION, NotificationsService, agency, passed, person_id, region


async def receive_agencies(service: NotificationsService, *names: str) -> None:
    """A region with a deadline on 31 December 2026, and these agencies."""
    await service.receive(region())
    for name in names or ("Dinas Kesehatan",):
        await service.receive(agency(name))


async def hear_passed(service: NotificationsService, *innovations: str) -> None:
    """The registry has reported what was submitted in time: these innovations of Dinas Kesehatan."""
    await service.receive(passed(*innovations))


async def reasons(service: NotificationsService) -> list[Reason]:
    """The reasons of all messages, in the order of their ids and alerts."""
    return [alert.reason for each in await service.messages() for alert in each.value.alerts]


async def told(service: NotificationsService) -> list[tuple[str, str]]:
    """(name, what) of all alerts that were put into messages, sorted."""
    names = {row.id: row["name"] async for row in service.store.scan("contact", {}, ("name",))}
    return sorted(
        (names.get(each.value.person, each.value.person), alert.reason.what)
        for each in await service.messages()
        for alert in each.value.alerts
    )


async def sweep_again(service: NotificationsService) -> None:
    """What the loop does, without the rest after a long sweep."""
    service.parts.sweep._took = 0.0
    await service.parts.sweep.run_if_needed()


async def set_policy(service: NotificationsService, **fields: Any) -> None:  # noqa: ANN401 - fields by name
    """An alert policy of the region, for all time."""
    policies = AlertPolicies(region=REGION, revisions=(policy_of(**fields),))
    await alert_policy_repository(service.store).change(REGION, lambda _: (policies, None))


def policy_of(from_day: date = DEFAULT.from_day, **fields: Any) -> AlertPolicy:  # noqa: ANN401 - fields by name
    """The default policy with other values."""
    return replaced(DEFAULT, revision=1, from_day=from_day, **fields)


async def settle(service: NotificationsService, name: str, number: int = 1) -> None:
    """The message was accepted by a channel without receipts."""
    attempt = Attempt(
        number=1,
        channel="email",
        opened_at=1,
        lease_until=2,
        closed_at=2,
        answer=AnswerClass.ACCEPTED,
        possibly_repeated=False,
    )

    def accept(message: Message) -> Message:
        return replaced(message, attempts=(attempt,), status=MessageStatus.SENT, due=NEVER)

    await message_repository(service.store).amend(f"{person_id(name)}/{number}", None, without_event(accept))


async def close_email(service: NotificationsService, name: str) -> None:
    """The person's e-mail address does not exist."""
    contacts = contact_repository(service.store)
    contact = (await contacts.get(person_id(name))).value
    close = partial(Contact.with_closed, channel=ChannelName.EMAIL, address=contact.email, code="5.1.1")
    await contacts.amend(person_id(name), None, without_event(close))
