"""Reads from the reason of a closed channel whether the broker refuses a message for good."""

from __future__ import annotations

from aio_pika.exceptions import ChannelClosed

from shared.faults import Refused

_CURES = {
    "ACCESS_REFUSED": ("satu topology apply", True),
    "PRECONDITION_FAILED": ("raise max_message_size in the settings of the broker, and restart it", False),
}
"""Reply code of the broker: what an operator must do, and whether every message of the type is refused."""


def refusal_of(error: ChannelClosed) -> Refused | None:
    """The fault of the message whose publish closed its own channel; None for a reason that says nothing about it."""
    reason = str(error.args[-1]) if error.args else ""
    code, _, sentence = reason.partition(" - ")
    if code not in _CURES:
        return None
    cure, whole_type = _CURES[code]
    return Refused(sentence[:300], cure, whole_type=whole_type)
