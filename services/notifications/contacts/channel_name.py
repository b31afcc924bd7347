"""The ways to reach a person. Here, and not beside the port, so that the contact needs no part of `sending`."""

from __future__ import annotations

from enum import StrEnum


class ChannelName(StrEnum):
    """How a person is reached, and which of a contact's addresses is used: the e-mail address or the mobile number."""

    EMAIL = "email"
    WHATSAPP = "whatsapp"
