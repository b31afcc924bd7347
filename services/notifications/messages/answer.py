"""The answer of a provider to one hand-over, as a class that decides what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AnswerClass(StrEnum):
    """ACCEPTED: the provider has taken the message. AWAY: the provider does not answer at all: a state of the channel,
    never a count against the message. TRANSIENT: not taken, this message may be tried again later. THROTTLED: too many;
    the channel, or this person, waits. RECIPIENT: a fact about the address: it is closed. TEMPLATE: the provider
    refuses the template. ACCOUNT: the provider refuses the sender: the channel stops. BUG: our request was wrong.
    UNANSWERED: handed over in full, but no answer came: it may have been taken."""

    ACCEPTED = "accepted"
    AWAY = "away"
    TRANSIENT = "transient"
    THROTTLED = "throttled"
    RECIPIENT = "recipient"
    TEMPLATE = "template"
    ACCOUNT = "account"
    BUG = "bug"
    UNANSWERED = "unanswered"


@dataclass(frozen=True)
class Answer:
    """code: the provider's code or a stable slug, without its text (which may contain the address); provider_id: the
    provider's id of an accepted message (`wamid…`), else empty; wait: seconds that a THROTTLED hand-over asks for,
    None: unknown; person_only: THROTTLED only for this person, not for the channel."""

    answer: AnswerClass
    code: str = ""
    provider_id: str = ""
    wait: float | None = None
    person_only: bool = False
