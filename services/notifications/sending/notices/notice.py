"""What a provider tells the operator about the channel itself, not about one message."""

from __future__ import annotations

from enum import StrEnum

from services.notifications.state import DocumentState


class NoticeKind(StrEnum):
    """NUMBER_CHANGED, USER_ID_CHANGED: a person's, so the contact should be asked; TEMPLATE_CATEGORY: Meta counts, or
    will count, a template as another category, with other prices and limits; TEMPLATE_STATUS: approved, rejected,
    paused, disabled; TEMPLATE_QUALITY, NUMBER_QUALITY: what readers think of it; ACCOUNT: restrictions and alerts."""

    NUMBER_CHANGED = "number-changed"
    USER_ID_CHANGED = "user-id-changed"
    TEMPLATE_CATEGORY = "template-category"
    TEMPLATE_STATUS = "template-status"
    TEMPLATE_QUALITY = "template-quality"
    NUMBER_QUALITY = "number-quality"
    ACCOUNT = "account"


class ChannelNotice(DocumentState):
    """id: the digest of what was told; channel: a channel's name; detail: a few words without personal data; template:
    the one that it is about, else empty; usable: whether that template may be used from now on, None when it says
    nothing of that; at: machine milliseconds at which it was heard."""

    id: str
    channel: str
    kind: NoticeKind
    detail: str
    template: str = ""
    usable: bool | None = None
    at: int = 0
