"""Reads the webhooks of Meta's WhatsApp Cloud API. Pure; nothing in them is trusted before the signature is checked.

Source: domain.md §8 and Meta's pages "Webhooks" and "Status" (2026). Statuses come unordered and repeated, and since
April 2026 may name a user id and no telephone number: only `biz_opaque_callback_data` and the id `wamid…` tell which
message is meant. What is not understood is left out: refusing a webhook would make Meta repeat all of it for a week.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.contacts.masking import masked_phone
from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.receipt import Receipt, ReceiptState, message_of
from services.notifications.sending.drivers.cloud_api_codes import class_of
from services.notifications.sending.notices.notice import ChannelNotice, NoticeKind

CHANNEL = ChannelName.WHATSAPP.value
MOST_DETAIL = 200  # characters of a notice
_SIGNATURE = "sha256="
_LATEST = 4_102_444_800  # seconds: the year 2100
_UNUSABLE = {"REJECTED", "PAUSED", "DISABLED", "PENDING_DELETION", "DELETED"}
_USABLE = {"APPROVED", "REINSTATED", "FLAGGED"}
_SYSTEM = {
    "user_changed_number": NoticeKind.NUMBER_CHANGED,
    "customer_changed_number": NoticeKind.NUMBER_CHANGED,
    "user_changed_user_id": NoticeKind.USER_ID_CHANGED,
}
_FIELDS = {
    "template_category_update": NoticeKind.TEMPLATE_CATEGORY,
    "message_template_status_update": NoticeKind.TEMPLATE_STATUS,
    "message_template_quality_update": NoticeKind.TEMPLATE_QUALITY,
    "phone_number_quality_update": NoticeKind.NUMBER_QUALITY,
    "account_alerts": NoticeKind.ACCOUNT,
    "account_update": NoticeKind.ACCOUNT,
    "account_review_update": NoticeKind.ACCOUNT,
    "business_capability_update": NoticeKind.ACCOUNT,
    "security": NoticeKind.ACCOUNT,
    "user_changed_number": NoticeKind.NUMBER_CHANGED,
    "user_changed_user_id": NoticeKind.USER_ID_CHANGED,
}
_TOLD: dict[NoticeKind, tuple[str, ...]] = {
    NoticeKind.TEMPLATE_CATEGORY: (
        "previous_category",
        "new_category",
        "correct_category",
        "category_update_timestamp",
    ),
    NoticeKind.TEMPLATE_STATUS: ("event", "reason"),
    NoticeKind.TEMPLATE_QUALITY: ("previous_quality_score", "new_quality_score"),
    NoticeKind.NUMBER_QUALITY: ("event", "old_limit", "current_limit", "max_daily_conversations_per_business"),
    NoticeKind.ACCOUNT: (
        "event",
        "decision",
        "alert_severity",
        "alert_status",
        "alert_type",
        "max_phone_numbers_per_waba",
    ),
}
"""The fields of a change that a notice repeats. None of them says anything about a person."""


@dataclass(frozen=True)
class Webhook:
    """What one webhook tells."""

    receipts: tuple[Receipt, ...]
    notices: tuple[ChannelNotice, ...]


def signed(body: bytes, header: str, secret: str) -> bool:
    """Whether `X-Hub-Signature-256` is the HMAC-SHA256 of the raw body under the app's secret."""
    expected = hmac.new(secret.encode(), body, sha256).hexdigest()
    given = header.removeprefix(_SIGNATURE)
    return header.startswith(_SIGNATURE) and hmac.compare_digest(expected.encode(), given.encode())


def read(body: bytes, heard_at: int, phone_number_id: str = "") -> Webhook | None:
    """What a webhook tells; None when it is no JSON object. heard_at: machine milliseconds; phone_number_id: ours; an
    app may have other numbers, whose messages are not ours. Empty: any."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict):
        return None
    receipts: list[Receipt] = []
    notices: list[ChannelNotice] = []
    for field, value in _changes(content):
        if field == "messages" and _is_of(value, phone_number_id):
            receipts += [each for status in _objects(value.get("statuses")) if (each := _receipt(status, heard_at))]
            notices += [told for message in _objects(value.get("messages")) if (told := _system(message, heard_at))]
        elif kind := _FIELDS.get(field):
            notices.append(_notice(kind, field, value, heard_at))
    return Webhook(tuple(receipts), tuple(notices))


def _changes(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for entry in _objects(content.get("entry")):
        for change in _objects(entry.get("changes")):
            field, value = change.get("field"), change.get("value")
            if isinstance(field, str) and isinstance(value, dict):
                yield field, value


def _is_of(value: dict[str, Any], phone_number_id: str) -> bool:
    metadata = value.get("metadata")
    named = metadata.get("phone_number_id") if isinstance(metadata, dict) else None
    return not phone_number_id or named is None or named == phone_number_id


def _receipt(status: dict[str, Any], heard_at: int) -> Receipt | None:
    try:
        state = ReceiptState(str(status.get("status")))
    except ValueError:
        return None  # `deleted`, `warning`, `played`: nothing about the delivery
    attempt, provider_id = _text(status, "biz_opaque_callback_data"), _text(status, "id")
    if message_of(attempt) is None:
        attempt = ""
    if not attempt and not provider_id:
        return None
    code = _code(status) if state is ReceiptState.FAILED else None
    answer = None
    if state is ReceiptState.FAILED:
        answer = AnswerClass.TRANSIENT if code is None else class_of(code)
    return Receipt(
        id=digest(status),
        channel=CHANNEL,
        attempt=attempt,
        provider_id=provider_id,
        state=state,
        at=_milliseconds(status.get("timestamp"), heard_at),
        code="" if code is None else str(code),
        answer=answer,
    )


def _code(status: dict[str, Any]) -> int | None:
    codes = [error.get("code") for error in _objects(status.get("errors"))]
    return next((code for code in codes if isinstance(code, int) and not isinstance(code, bool)), None)


def _system(message: dict[str, Any], heard_at: int) -> ChannelNotice | None:
    """A person's new number or user id. What persons write is not read: nobody answers there."""
    system = message.get("system")
    if message.get("type") != "system" or not isinstance(system, dict):
        return None
    kind = _SYSTEM.get(str(system.get("type")))
    if kind is None:
        return None
    return ChannelNotice(id=digest(message), channel=CHANNEL, kind=kind, detail=_person(message), at=heard_at)


def _person(value: dict[str, Any]) -> str:
    """Enough of the former number to find the contact in a list, not enough to use it."""
    for name in ("from", "wa_id", "old_wa_id", "phone_number"):
        number = value.get(name)
        if isinstance(number, str) and number.removeprefix("+").isdecimal():
            return masked_phone(f"+{number.removeprefix('+')}")
    return ""


def _notice(kind: NoticeKind, field: str, value: dict[str, Any], heard_at: int) -> ChannelNotice:
    if kind in (NoticeKind.NUMBER_CHANGED, NoticeKind.USER_ID_CHANGED):
        detail = _person(value)
    else:
        told = {name: value[name] for name in _TOLD[kind] if isinstance(value.get(name), str | int)}
        detail = "; ".join([field, *(f"{name}: {text}" for name, text in told.items())])[:MOST_DETAIL]
    event = value.get("event")
    usable = None
    if kind is NoticeKind.TEMPLATE_STATUS and event in _UNUSABLE | _USABLE:
        usable = event in _USABLE
    return ChannelNotice(
        id=digest({"field": field, "value": value}),
        channel=CHANNEL,
        kind=kind,
        detail=detail,
        template=_text(value, "message_template_name"),
        usable=usable,
        at=heard_at,
    )


def digest(entry: dict[str, Any]) -> str:
    """SHA-256 of an entry in one canonical form, so that a repetition has the same id."""
    canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(canonical.encode()).hexdigest()


def _objects(value: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - JSON
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    return found[:MOST_DETAIL] if isinstance(found, str) else ""


def _milliseconds(timestamp: Any, heard_at: int) -> int:  # noqa: ANN401 - JSON
    """Meta's seconds as a text; the moment at which it was heard when it is none."""
    text = str(timestamp)
    return int(text) * 1000 if text.isascii() and text.isdecimal() and int(text[:12]) < _LATEST else heard_at
