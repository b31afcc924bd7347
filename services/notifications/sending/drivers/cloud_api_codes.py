"""What the error codes of Meta's WhatsApp Cloud API mean. Pure.

Source: domain.md §8, of Meta's page "Error codes" (November 2026). The same codes come in the answer to a hand-over and
in the status webhook `failed`.
"""

from __future__ import annotations

from services.notifications.messages.answer import AnswerClass

PAIR_LIMIT = 131056  # too many messages to this person: one in 6 s

_CLASSES = {
    AnswerClass.TRANSIENT: {1, 2, 131000, 131016, 135000},
    AnswerClass.THROTTLED: {4, 80007, 130429, PAIR_LIMIT},
    AnswerClass.ACCOUNT: {
        *(0, 3, 10, 190, 368, 130497, 131005, 131031, 131042, 131045, 131048, 131064),
        *range(200, 300),
    },
    AnswerClass.RECIPIENT: {131026, 131030},
    AnswerClass.TEMPLATE: {132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016},
    AnswerClass.BUG: {100, 131008, 131009, 131021, 131047, 131051, 131052, 131053},
}
_BY_CODE = {code: answer for answer, codes in _CLASSES.items() for code in codes}


def class_of(code: int) -> AnswerClass:
    """An unknown code is TRANSIENT: it closes no address and stops no channel, and the message is tried again. So is
    131049, which Meta gives for templates that it counts as marketing: the person had enough of these for now."""
    return _BY_CODE.get(code, AnswerClass.TRANSIENT)


def pair_wait(attempt: int) -> float:
    """Seconds to wait after the pair limit, at a message's attempt 1, 2, 3 …: 4, 16, 64 …, at most an hour."""
    return float(min(4 ** min(max(attempt, 1), 6), 3600))
