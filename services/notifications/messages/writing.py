"""Moves alerts from a person's alert log to a message, and back.

The log takes the alerts first, then the message document is written once. Alerts that leave a message are released from
the log. Each step can be repeated after a crash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from services.notifications.keys import mail_key
from services.notifications.kinds import MESSAGE, POST
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.message import Message
from services.notifications.messages.repositories import alert_log_repository, message_repository
from shared.clock import machine_ms
from shared.faults import NotFound
from shared.observability.failpoints import Failpoint, reach
from shared.ports.store import Range, Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event


def message_id(person: str, number: int) -> str:
    """The document's id, and the end of its events' subject."""
    return f"{person}/{number}"


async def write_message(store: Store, person: str) -> bool:
    """Write the message that the person's alert log has taken and that does not exist yet. Returns whether there was
    one. A crash between the two documents is repaired by running this again."""
    logs = alert_log_repository(store)
    found = await logs.find(person)
    if found is None or not found.value.unwritten:
        return False
    await create_message(store, found.value)
    await note_written(store, person, found.value.unwritten)
    return True


async def create_message(store: Store, log: AlertLog) -> str:
    """Create the message that the alert log has just taken, as it is in `log`; `note_written` follows. Returns its
    id."""
    id = message_id(log.person, log.unwritten)
    await message_repository(store).create(id, _message_of(log, log.unwritten))
    reach(Failpoint.MESSAGE_WRITTEN, id)
    return id


async def note_written(
    store: Store, person: str, number: int, known: Versioned[AlertLog] | None = None
) -> Versioned[AlertLog]:
    """Note in the log that message `number` exists. Until then the log takes no other message. known: the log, if it is
    at hand. Returns the log."""
    return await alert_log_repository(store).amend(
        person, None, without_event(lambda log: log.written(number)), known=known
    )


async def write_all_messages(store: Store) -> int:
    """Write every message that an earlier run left unwritten; returns how many."""
    count = 0
    async for row in store.scan(POST.name, {"unwritten": Range(least=1)}, ()):
        count += await write_message(store, row.id)
    return count


async def release(store: Store, person: str, number: int, leaving: Sequence[str]) -> None:
    """Release the alerts (ids) that left a message from the person's log, so that they can become due again."""
    ids = frozenset(leaving)
    with suppress(NotFound):
        await alert_log_repository(store).amend(person, None, without_event(lambda log: log.release(number, ids)))
    await message_repository(store).amend(
        message_id(person, number), None, without_event(lambda message: message.released(ids))
    )


async def note_undelivered(store: Store, person: str, number: int) -> bool:
    """Note in the person's log that nobody knows whether the message arrived: for its alerts the person counts as not
    told and as not reachable, so that others may be told. Returns whether that is new."""
    return await _note(store, person, lambda log: log.undelivered(number))


async def note_delivered(store: Store, person: str, number: int) -> bool:
    """Note that the message is reported as delivered after all. Returns whether that is new."""
    return await _note(store, person, lambda log: log.delivered(number))


async def _note(store: Store, person: str, step: Callable[[AlertLog], AlertLog | None]) -> bool:
    with suppress(NotFound):
        return (await alert_log_repository(store).amend(person, None, without_event(step))).changed
    return False


async def release_message(store: Store, message: Versioned[Message]) -> None:
    """`release` for a loaded message."""
    await release(store, message.value.person, message.value.number, message.value.leaving)


async def release_all(store: Store) -> None:
    """Finish the releases that an earlier run left unfinished."""
    async for row in store.scan(MESSAGE.name, {"release": 1}, ("person", "number", "leaving")):
        await release(store, row["person"], row["number"], row["leaving"])


def _message_of(log: AlertLog, number: int) -> Message:
    if log.as_of is None:
        raise TypeError(f"the alert log of {log.person} took message {number} without a day")
    return Message.of(
        person=log.person,
        number=number,
        region=log.region,
        as_of=log.as_of,
        mail=mail_key(log.person, number, log.taken_at),
        alerts=log.alerts_of(number),
        taken_at=log.taken_at,
        due_since=log.due_since,
        due=max(machine_ms(), log.due_since),
    )
