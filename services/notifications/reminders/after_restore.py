"""Begins and ends the hold after a restore, for alerts and for the unsettled messages of the backup."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from services.notifications.kinds import MESSAGE
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.message import NEVER, Message, MessageContent, MessageStatus
from services.notifications.messages.repositories import alert_log_repository, message_repository
from services.notifications.messages.writing import write_all_messages
from services.notifications.reminders.repositories import restore_hold_repository
from services.notifications.reminders.restore_hold import RestoreHold
from services.notifications.state import replaced
from shared.clock import machine_ms
from shared.ports.store import Range, Store
from shared.storage.steps import without_event

_ID = "restore"


async def active_hold(store: Store) -> RestoreHold | None:
    """The hold in force; None when there is none."""
    found = await restore_hold_repository(store).find(_ID)
    return found.value if found and found.value.active else None


async def hold_of(store: Store, region: str) -> RestoreHold | None:
    """The hold in force for a region."""
    return concerning(await active_hold(store), region)


def concerning(hold: RestoreHold | None, region: str) -> RestoreHold | None:
    """The hold, if it concerns the region."""
    return hold if hold is not None and hold.concerns(region) else None


async def hold_in_force(store: Store) -> tuple[RestoreHold | None, int]:
    """The active hold, and the version (machine milliseconds) of the last one, 0: there never was one."""
    found = await restore_hold_repository(store).find(_ID)
    return (found.value if found and found.value.active else None), found.sequence if found else 0


async def begin_hold(store: Store, *, backup_at: datetime, restored_at: datetime, region: str | None = None) -> None:
    """Begin the hold. Runs after a restore into a store that does not know what was sent, before any loop; may run
    again. region: the code, when only that one was restored."""

    def begun(before: RestoreHold | None) -> RestoreHold:
        return RestoreHold.after(before, backup_at=backup_at, restored_at=restored_at, region=region)

    await restore_hold_repository(store).change(_ID, without_event(begun))
    logs, messages = alert_log_repository(store), message_repository(store)
    where = {} if region is None else {"region": region}
    async for row in store.scan(MESSAGE.name, where, ()):
        content = (await messages.get(row.id)).value  # a scan would give the form of a former release
        await logs.change(content.person, without_event(partial(_reconciled, message=content)))
    await write_all_messages(store)
    async for row in store.scan(MESSAGE.name, {**where, "due": Range(below=NEVER)}, ()):
        await messages.amend(row.id, None, without_event(Message.put_on_hold))


async def end_hold(store: Store, *, send: bool) -> int:
    """End the hold. send: whether held messages are sent after all or discarded. Returns how many there were."""
    messages, now, count = message_repository(store), machine_ms(), 0
    step = partial(Message.resume, now=now) if send else Message.discard
    async for row in store.scan(MESSAGE.name, {"status": MessageStatus.HELD.value}, ()):
        count += (await messages.amend(row.id, None, without_event(step))).changed
    if await active_hold(store):
        await restore_hold_repository(store).amend(_ID, None, without_event(lambda hold: replaced(hold, active=False)))
    return count


def _reconciled(log: AlertLog | None, message: MessageContent) -> AlertLog | None:
    return (log or AlertLog(person=message.person, region=message.region)).reconcile(message)
