"""The composition root of notifications."""

from __future__ import annotations

from services.notifications.application import (
    BOUNCES_EVERY,
    CATCH_UP_EVERY,
    HEARTBEAT_EVERY,
    NAME,
    RECEIPTS_EVERY,
    RETENTION_EVERY,
    SENDER_EVERY,
    SWEEP_EVERY,
    Notifications,
)
from services.notifications.contacts.imports.runner import EVERY as CONTACT_TABLES_EVERY
from services.notifications.contacts.succession import watch as succession_watch
from services.notifications.kinds import KINDS, MESSAGE, OBLIGATION, POST
from services.notifications.references import REFERENCES
from services.notifications.regional import REGIONAL
from shared.runtime.service import Loop, Resources, Service


def compose(resources: Resources) -> Service:
    """The service. Raises Misconfigured if the channel is e-mail and its settings are incomplete."""
    parts = Notifications(resources)
    return Service(
        name=NAME,
        kinds=KINDS,
        router=parts.router(),
        handlers=parts.handlers.by_purpose(),
        loops=(
            Loop("sweep", SWEEP_EVERY, parts.heartbeat.watched("sweep", parts.sweep.run_if_needed), parts.queue.event),
            Loop(
                "obligations",
                CATCH_UP_EVERY,
                parts.heartbeat.watched("obligations", parts.catching_up.run),
                parts.catching_up.event,
            ),
            Loop(
                "contact_tables",
                CONTACT_TABLES_EVERY,
                parts.contact_tables.run,
                parts.contact_tables.woken,
            ),
            Loop("sender", SENDER_EVERY, parts.heartbeat.watched("sender", parts.send), parts.messages_due),
            Loop("successions", succession_watch.EVERY, parts.successions.run, parts.successions.woken),
            Loop("receipts", RECEIPTS_EVERY, parts.apply_receipts, parts.receipts_arrived),
            Loop("bounces", BOUNCES_EVERY, parts.read_bounces),
            Loop("heartbeat", HEARTBEAT_EVERY, parts.beat),
            Loop("retention", RETENTION_EVERY, parts.purge),
        ),
        start=parts.start,
        stop=parts.close,
        readiness=parts.watch.readiness,
        resyncable=(OBLIGATION.name, MESSAGE.name),
        ledger_kinds=(POST.name, MESSAGE.name),
        after_restore=parts.after_restore,
        references=REFERENCES,
        personal_data=parts.personal_data,
        regional=REGIONAL,
    )
