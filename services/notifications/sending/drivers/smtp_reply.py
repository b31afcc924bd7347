"""What an SMTP server's refusal means. Pure.

Sources: RFC 5321 §4.2 (reply codes), RFC 3463 (enhanced codes `class.subject.detail`), RFC 6647 (greylisting).

A refusal before RCPT would meet every message: it is about the channel. From RCPT on it is about this message:

- the mailbox (5.1.1, 5.1.2, 5.1.3, 5.1.6, 5.1.10, 5.2.1, 5.2.2): the address. Some servers say so only after DATA; a
  mail has one recipient, so it is the same fact. A 550 without an enhanced code says it at RCPT only: after the text it
  is the usual answer of a filter. 551 and 553 without one are as often said by relays that refuse everybody.
- our request (5.3.4, 5.2.3: too large; 5.5.x: protocol; 5.6.x: format): a fault of this programme.
- 5.7.x: policy. One recipient's server may dislike this message, so it waits; `sending/` counts the persons.
- any other 5xx: RFC 3463 calls it permanent for the mail *in its current form*. It says nothing about the mailbox, so
  the address stays open, and nothing about other messages, so the channel goes on: this message waits, and its next
  attempt has another text and date, or another channel.
"""

from __future__ import annotations

import re
from enum import IntEnum

from services.notifications.messages.answer import Answer, AnswerClass

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")

MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.2.2"})
_NO_MAILBOX = 550
_TOO_MANY = frozenset({"4.5.3", "452"})
_SERVICE_CLOSING = 421
_TOO_LARGE = frozenset({"5.2.3", "5.3.4"})
_OUR_FAULT = ("5.5.", "5.6.")
_SYNTAX = range(500, 505)
_PERMANENT = 500


class Step(IntEnum):
    """How far a session is: before RCPT, at RCPT, or at the text (DATA)."""

    BEFORE = 0
    RECIPIENT = 1
    TEXT = 2


def status_of(code: int, text: str) -> str:
    """The enhanced status code in a reply, else the basic one."""
    match = _ENHANCED.search(text)
    return match[1] if match else str(code)


def classify(code: int, text: str, step: Step) -> Answer:
    """The answer that a refusal means. code, text: of the reply."""
    status = status_of(code, text)
    return Answer(_class_of(code, status, step), status)


def class_of_status(status: str) -> AnswerClass:
    """What the status in a delivery report means (RFC 3464): as the same code at RCPT. status: `5.1.1`."""
    return _class_of(_PERMANENT if status.startswith("5") else 0, status, Step.RECIPIENT)


def _class_of(code: int, status: str, step: Step) -> AnswerClass:
    permanent = status.startswith("5") or (code >= _PERMANENT and not status.startswith("4"))
    if status in _TOO_LARGE and permanent:
        return AnswerClass.BUG
    if step is Step.BEFORE:
        return AnswerClass.ACCOUNT if permanent else AnswerClass.AWAY
    if not permanent:
        return _temporary(code, status)
    if status in MAILBOX or (status == str(_NO_MAILBOX) and step is Step.RECIPIENT):
        return AnswerClass.RECIPIENT
    if status.startswith(_OUR_FAULT) or (status.isdecimal() and int(status) in _SYNTAX and code in _SYNTAX):
        return AnswerClass.BUG
    return AnswerClass.TRANSIENT


def _temporary(code: int, status: str) -> AnswerClass:
    if code == _SERVICE_CLOSING:
        return AnswerClass.AWAY
    return AnswerClass.THROTTLED if status in _TOO_MANY else AnswerClass.TRANSIENT
