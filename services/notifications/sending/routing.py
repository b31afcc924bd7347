"""Which channel a message takes next, if any. Pure.

The person's preferred channel comes first. One that cannot be used is waited for during WAIT_FOR_PREFERRED, then
another of the person's channels is taken. A second copy of what was accepted, or may have been, is a fallback; it never
goes through a channel that this message has used up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import AnswerClass
from services.notifications.messages.attempt import MOST_UNANSWERED, Attempt
from services.notifications.messages.message import Message
from services.notifications.messages.outcome import TRY_ANOTHER, put_off

WAIT_FOR_PREFERRED = 15 * 60_000  # milliseconds
TRY_AGAIN = 60 * 60_000  # milliseconds until a channel that refused our request or template is tried again

_SWITCH = (AnswerClass.TEMPLATE, AnswerClass.BUG)


@dataclass(frozen=True)
class Option:
    """A channel with an open address of the person. blocked_since: since when it cannot be used (machine milliseconds),
    None while it can; opens_at: when it can be tried again."""

    channel: ChannelName
    blocked_since: int | None = None
    opens_at: int = 0

    @property
    def usable(self) -> bool:
        """Whether it can be used now."""
        return self.blocked_since is None


@dataclass(frozen=True)
class Try:
    """Make an attempt. fallback: it may be a second copy."""

    channel: ChannelName
    fallback: bool = False


@dataclass(frozen=True)
class Wait:
    """Look again at `until` (machine milliseconds). blocked: only because a channel cannot be used; look again as soon
    as it can."""

    until: int
    blocked: bool = False


@dataclass(frozen=True)
class GiveUp:
    """Nothing is left to try."""


Route = Try | Wait | GiveUp


def route(message: Message, options: Sequence[Option], now: int) -> Route:
    """options: preferred first; at least one, else the message is to be dropped."""
    last = message.last
    if last is None:
        return _first(options, now)
    if last.expired_at is None and last.effective in (None, AnswerClass.UNANSWERED):
        return _after_silence(message, last, options)
    waiting = [each for each in message.attempts if each.awaits_receipt]
    if waiting:
        return _without_receipt(message, waiting[-1], options, now)
    return _after_refusal(message, last, options, now)


def _first(options: Sequence[Option], now: int) -> Route:
    """The preferred channel, or another when it has been blocked for long."""
    patience = []
    for option in options:
        if option.usable:
            return Try(option.channel)
        limit = (option.blocked_since or now) + WAIT_FOR_PREFERRED
        patience.append(option.opens_at)
        if now < limit:
            return Wait(min(option.opens_at, limit), blocked=True)
    return Wait(min(patience), blocked=True)


def _after_silence(message: Message, last: Attempt, options: Sequence[Option]) -> Route:
    """The open attempt's lease has ended: it was cut off by a crash, or never answered."""
    latest = [each for each in message.attempts if each.channel == last.channel][-MOST_UNANSWERED:]
    silent = len(latest) == MOST_UNANSWERED and all(each.answer is AnswerClass.UNANSWERED for each in latest)
    if not silent:
        same = [each for each in options if each.channel == last.channel]
        if same:
            return (
                Try(same[0].channel, fallback=last.fallback) if same[0].usable else Wait(same[0].opens_at, blocked=True)
            )
    return _other(message, options) or GiveUp()


def _without_receipt(message: Message, waiting: Attempt, options: Sequence[Option], now: int) -> Route:
    """The provider has accepted it and reports nothing."""
    expired = now >= waiting.expires_at
    other = _other(message, options)
    if isinstance(other, Try) or (expired and other):
        return other
    if expired:
        return GiveUp()
    return Wait(min(other.until, waiting.expires_at), blocked=True) if other else Wait(waiting.expires_at)


def _after_refusal(message: Message, last: Attempt, options: Sequence[Option], now: int) -> Route:
    others = [each for each in options if each.channel != last.channel]
    same = [each for each in options if each.channel == last.channel]
    ready = next((each for each in others if each.usable), None)
    if ready is not None and turns_from(message, now):
        return Try(ready.channel)
    if last.effective in _SWITCH and same and now < last.ended_at + TRY_AGAIN:
        return Wait(last.ended_at + TRY_AGAIN)
    if last.effective is AnswerClass.TRANSIENT and same and same[0].usable:
        return Try(same[0].channel)
    return _first(options, now)


def _other(message: Message, options: Sequence[Option]) -> Try | Wait | None:
    """Another channel for a second copy; None when this message has used up all."""
    used = {each.channel for each in message.attempts if used_up(each)}
    left = [each for each in options if each.channel not in used]
    if not left:
        return None
    usable = next((each for each in left if each.usable), None)
    if usable is not None:
        return Try(usable.channel, fallback=True)
    return Wait(min(each.opens_at for each in left), blocked=True)


def used_up(attempt: Attempt) -> bool:
    """Whether the message must not go through the attempt's channel again."""
    return attempt.effective in (None, AnswerClass.ACCEPTED, AnswerClass.UNANSWERED, AnswerClass.RECIPIENT)


def turns_from(message: Message, now: int) -> str:
    """The channel from which the message turns to another: the last one, if it refused our request or template, or has
    only put the message off for TRY_ANOTHER. Empty: none."""
    last, failed = message.last, put_off(message.attempts)
    if last is None:
        return ""
    long = bool(failed) and now - failed[0].opened_at >= TRY_ANOTHER
    return last.channel if long or last.effective in _SWITCH else ""
