"""Reads delivery status notifications ("bounces") about our own mails. Pure.

Sources: RFC 3464 (`message/delivery-status`), RFC 6522 (`multipart/report`), RFC 3463 (codes). Only the `Message-ID` of
the returned mail tells which of our mails is meant, so a report that returns neither the mail nor its headers is left
alone, as is anything else that people and servers write to that mailbox. Nothing in a report is trusted but that id, an
action and a code; the id is known to the recipient and the servers on the way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.policy import compat32
from enum import StrEnum

from services.notifications.messages.answer import AnswerClass
from services.notifications.sending.drivers.smtp_reply import class_of_status

MOST_BYTES = 256 * 1024  # of a mail that are read; what matters comes before the returned mail's text
MOST_PARTS = 50
MOST_NESTED = 10  # a report and the mail that it returns have two; the parser compares each line with all of them
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_MAIL = re.compile(r"<([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})@([^<>@\s]{1,255})>", re.IGNORECASE)
_VAGUE = "5.0.0"
_ODD = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)  # of the email package


class Action(StrEnum):
    """What the reporting server did with the mail (RFC 3464 §2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True)
class Report:
    """A report about one of our mails. mail: the id in its `Message-ID`; status: `5.1.1`, empty when it names none."""

    mail: str
    action: Action
    status: str

    @property
    def answer(self) -> AnswerClass:
        """What the status of a failed mail means: as the same code at RCPT. Without a status, TRANSIENT: it may be
        anything, so no address is closed for it."""
        return class_of_status(self.status) if self.status else AnswerClass.TRANSIENT


def read_report(content: bytes, domain: str) -> Report | None:
    """The report in a mail; None when it is none, or about a mail that is not ours. domain: of our Message-IDs."""
    content = content[:MOST_BYTES]
    if content.lower().count(b"multipart/") > MOST_NESTED:
        return None
    try:
        return _report(message_from_bytes(content, policy=compat32), domain)
    except _ODD:  # a mail that was made to be unreadable
        return None


def _report(message: Message, domain: str) -> Report | None:
    if message.get_content_type() != "multipart/report":
        return None
    mail, found = "", None
    for part in _parts(message):
        match part.get_content_type():
            case "message/delivery-status":
                found = found or _outcome(part)
            case "message/rfc822" | "text/rfc822-headers" | "message/rfc822-headers":
                mail = mail or _our_mail(part, domain)
    if not mail or found is None:
        return None
    return Report(mail, *found)


def _parts(message: Message) -> Iterator[Message]:
    """The direct parts: what is inside a returned mail is not looked at."""
    payload = message.get_payload()
    if isinstance(payload, list):
        yield from (part for part in payload[:MOST_PARTS] if isinstance(part, Message))


def _outcome(part: Message) -> tuple[Action, str] | None:
    """Of the first recipient with a known action: our mails have one recipient. A failed one comes first."""
    payload = part.get_payload()
    outcomes = []
    for fields in payload[:MOST_PARTS] if isinstance(payload, list) else ():
        if not isinstance(fields, Message):
            continue
        try:
            action = Action(str(fields.get("Action", "")).strip().lower())
        except ValueError:
            continue
        outcomes.append((action, _status(str(fields.get("Status", "")), str(fields.get("Diagnostic-Code", "")))))
    return min(outcomes, key=lambda each: each[0] is not Action.FAILED, default=None)


def _status(status: str, diagnostic: str) -> str:
    """The status; where it is vague, the code in the reply of the recipient's server."""
    named, quoted = _STATUS.search(status), _STATUS.search(diagnostic)
    found = named[1] if named else ""
    return quoted[1] if quoted and found in ("", _VAGUE) else found


def _our_mail(part: Message, domain: str) -> str:
    payload = part.get_payload()
    returned = payload[0] if isinstance(payload, list) and payload else None
    if returned is None and isinstance(payload, str):
        decoded = part.get_payload(decode=True)
        text = decoded.decode("ascii", "replace") if isinstance(decoded, bytes) else payload
        returned = message_from_string(text, policy=compat32)
    if not isinstance(returned, Message):
        return ""
    match = _MAIL.search(str(returned.get("Message-ID", "")))
    return match[1].lower() if match and domain and match[2].lower() == domain.lower() else ""
