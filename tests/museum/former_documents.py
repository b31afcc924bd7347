"""Documents in the stored form of an earlier release, from tests/museum/notifications: `<kind>.<schema>.jsonl`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from services.notifications.contacts.confirmation_key import Secret
from services.notifications.contacts.contact import Contact
from services.notifications.contacts.contact_import import ContactImport
from services.notifications.contacts.imports.document import ContactTable
from services.notifications.contacts.membership import Membership
from services.notifications.contacts.succession.succession import ContactSuccession
from services.notifications.known import AGENCIES, DEADLINES, REGIONS, SCORES
from services.notifications.known_commitments import COMMITMENTS
from services.notifications.known_endpoints import ENDPOINTS
from services.notifications.messages.alert_log import AlertLog
from services.notifications.messages.message import Message
from services.notifications.messages.office import OfficeDocument
from services.notifications.obligations.document import ObligationDocument
from services.notifications.obligations.entry import Entry
from services.notifications.obligations.exemption import Exemption
from services.notifications.questions.ideas import IDEAS
from services.notifications.questions.known import QUESTIONS
from services.notifications.reminders.asked.request import ReminderRequest
from services.notifications.reminders.caps import AlertCount
from services.notifications.reminders.mode import AlertingMode
from services.notifications.reminders.policy.alert_policy import AlertPolicies
from services.notifications.reminders.restore_hold import RestoreHold
from services.notifications.sending.channel_state import ChannelState
from services.notifications.sending.documents import KeptBody, StoredReceipt
from services.notifications.sending.histogram import DayHistogram
from services.notifications.sending.notices.notice import ChannelNotice
from shared.ports.store import State, Store
from shared.storage.audit.log import StoredEntry
from shared.storage.audit.seal import Seal
from shared.storage.copies import CopyKind
from shared.storage.erasures.entry import Erasure
from shared.storage.erasures.kinds import KnownList
from shared.tables.reports import ReportPage

FOLDER = Path(__file__).parent / "notifications"
SAMPLES = sorted(FOLDER.glob("*.jsonl"))

COPIES: dict[str, CopyKind[Any]] = {
    "known_region": REGIONS,
    "known_agency": AGENCIES,
    "known_deadline": DEADLINES,
    "known_score": SCORES,
    "known_commitment": COMMITMENTS,
    "known_endpoint": ENDPOINTS,
    "known_question": QUESTIONS,
    "known_idea": IDEAS,
}
MARKS = ("opens", "look", "asks")
"""Fields that are stored beside a copy."""

MODELS: dict[str, type[BaseModel]] = {
    "entry": Entry,
    "obligation": ObligationDocument,
    "contact": Contact,
    "contact_import": ContactImport,
    "contact_table": ContactTable,
    "contact_table_report": ReportPage,
    "contact_succession": ContactSuccession,
    "exemption": Exemption,
    "membership": Membership,
    "office": OfficeDocument,
    "audit": StoredEntry,
    "audit_seal": Seal,
    "secret": Secret,
    "post": AlertLog,
    "message": Message,
    "channel": ChannelState,
    "hold": RestoreHold,
    "channel_notice": ChannelNotice,
    "receipt": StoredReceipt,
    "body": KeptBody,
    "performance": DayHistogram,
    "alert_policy": AlertPolicies,
    "alerting": AlertingMode,
    "alert_count": AlertCount,
    "reminder_request": ReminderRequest,
    "erasure": Erasure,
    "erasure_list": KnownList,
}


def documents(sample: Path) -> list[State]:
    """Its documents in stored form."""
    return [json.loads(line) for line in sample.read_text(encoding="utf-8").splitlines()]


def kind_of(sample: Path) -> str:
    """The name of the kind."""
    return sample.name.partition(".")[0]


def documents_of(kind: str) -> list[State]:
    """All documents of one kind; of several with one id the one of the latest schema, as `load_all` leaves them."""
    found = [stored for sample in SAMPLES if kind_of(sample) == kind for stored in documents(sample)]
    return list({stored["_id"]: stored for stored in found}.values())


async def load_all(store: Store) -> None:
    """Put every document into an open store."""
    for sample in SAMPLES:
        await store.load(kind_of(sample), documents(sample))


def rewritten(kind: str, state: State) -> State:
    """The state as this release stores it."""
    if kind in COPIES:
        copy = COPIES[kind].copy_of(state)
        marks = {name: state[name] for name in MARKS if name in state}
        return {**COPIES[kind].state_of(copy.value, copy.sequence), **marks}
    return MODELS[kind].model_validate(state).model_dump(mode="json")
