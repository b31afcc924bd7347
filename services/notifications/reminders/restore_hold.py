"""After a restore: what may have been sent since the backup is held until the operator decides.

The backup's ledger does not know the messages between its own time and the loss. So an alert whose stage fell due up
to the day of the restore, and which is not in the post, is held; and so is a message that the backup has unsettled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from services.notifications.kinds import HOLD, MESSAGE, POST
from services.notifications.messages import alert_log as posts
from services.notifications.messages import message as messages
from services.notifications.messages.alert import ReminderStage, due_since
from services.notifications.messages.writing import write_all_out
from services.notifications.obligations.deadlines import local_date
from services.notifications.obligations.owing import Owing
from shared.clock import machine_ms
from shared.contracts.vocabulary import Zone
from shared.ports.store import Range, State, Store
from shared.storage.steps import if_exists, without_event

RESTORE = "restore"


@dataclass(frozen=True)
class Hold:
    """What `hold/restore` says. restored_at: business time."""

    restored_at: datetime

    def holds(self, owing: Owing, stage: ReminderStage, zone: Zone) -> bool:
        """Whether an alert that the post lacks may have been sent before the restore."""
        return due_since(stage, owing.deadline) <= local_date(self.restored_at, zone)


async def active(store: Store) -> Hold | None:
    """The hold in force; None: there is none."""
    document = await store.get(HOLD.name, RESTORE)
    if document is None or not document.state["active"]:
        return None
    return Hold(datetime.fromisoformat(document.state["restored_at"]))


async def begin(store: Store, *, backup_at: datetime, restored_at: datetime) -> None:
    """Hold. Runs after a restore into an empty store, before any loop; may run again."""
    state: State = {"active": 1, "backup_at": backup_at.isoformat(), "restored_at": restored_at.isoformat()}
    await store.change(HOLD.name, RESTORE, without_event(lambda _: state))
    async for row in store.scan(MESSAGE.name, {}, ("person", "number", "region", "as_of", "alerts", "leaving")):
        await store.change(POST.name, row["person"], without_event(partial(posts.reconciled, message=row)))
    await write_all_out(store)
    async for row in store.scan(MESSAGE.name, {"due": Range(below=messages.NEVER)}, ()):
        await store.change(MESSAGE.name, row.id, if_exists(messages.hold))


async def lift(store: Store, *, send: bool) -> int:
    """End the hold; held messages are attempted after all (send), or put away. Returns how many there were."""
    now, count = machine_ms(), 0
    async for row in store.scan(MESSAGE.name, {"status": messages.MessageStatus.HELD.value}, ()):
        step = (lambda held: messages.let_go(held, now)) if send else messages.put_away
        count += (await store.change(MESSAGE.name, row.id, if_exists(step))).changed
    if await active(store):
        await store.change(HOLD.name, RESTORE, if_exists(lambda state: state | {"active": 0}))
    return count
