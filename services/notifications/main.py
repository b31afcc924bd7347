"""The composition root of notifications."""

from __future__ import annotations

from services.notifications.application import NAME, SENDER_EVERY, SWEEP_EVERY, Notifications
from services.notifications.kinds import KINDS, MESSAGE, OBLIGATION, POST
from shared.runtime.service import Loop, Resources, Service


def compose(world: Resources) -> Service:
    """The service. Raises Misconfigured when mail is to be sent and could not be."""
    rooms = Notifications(world)
    return Service(
        name=NAME,
        kinds=KINDS,
        router=rooms.router(),
        handlers=rooms.handlers.by_purpose(),
        loops=(
            Loop("sweep", SWEEP_EVERY, rooms.sweep.run_if_needed),
            Loop("sender", SENDER_EVERY, rooms.hand_over, rooms.messages_due),
        ),
        start=rooms.start,
        resyncable=(OBLIGATION.name, MESSAGE.name),
        ledger_kinds=(POST.name, MESSAGE.name),
        after_restore=rooms.after_restore,
    )
