"""The stored form of receipts and of kept texts. Times are machine milliseconds."""

from __future__ import annotations

from services.notifications.messages.receipt import Receipt
from services.notifications.state import Bit, DocumentState


class StoredReceipt(Receipt):
    """kept_until: when it is erased; applied: whether its message has it."""

    kept_until: int
    applied: Bit = False


class KeptBody(DocumentState):
    """What was handed over, as proof. template: `name@version`. Personal data: it has the person's name. kept_until:
    when it is erased."""

    person: str
    channel: str
    template: str
    subject: str
    text: str
    kept_until: int
