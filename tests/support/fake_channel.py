"""A provider in memory that counts what it is handed, and answers as a test says; and a machine clock that a test
moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.answer import Answer, AnswerClass
from services.notifications.messages.receipt import Receipt, ReceiptState
from services.notifications.sending.channel import HandOver
from shared.clock import machine_ms

ACCEPTED = Answer(AnswerClass.ACCEPTED)


class FakeChannel:
    """See `Channel`. handed: everything that it was handed; accepted: the part of it that it took; answer: what it
    says, a fixed answer or a function of the hand-over."""

    def __init__(
        self,
        name: ChannelName,
        *,
        has_receipts: bool = False,
        per_second: float | None = None,
        at_once: int = 4,
    ) -> None:
        self.name = name
        self.driver = "fake"
        self.has_receipts = has_receipts
        self.per_second = per_second
        self.at_once = at_once
        self.answer: Answer | Callable[[HandOver], Answer] = ACCEPTED
        self.handed: list[HandOver] = []
        self.accepted: list[HandOver] = []

    async def hand_over(self, message: HandOver) -> Answer:
        """Count, and answer."""
        self.handed.append(message)
        answer = self.answer(message) if callable(self.answer) else self.answer
        if answer.answer is AnswerClass.ACCEPTED:
            self.accepted.append(message)
        return answer

    async def close(self) -> None:
        """Nothing is open."""

    def receipt(self, state: str, message: HandOver | None = None, *, code: str = "", answer: str = "") -> Receipt:
        """What the provider reports about a message, by default the last one that it was handed."""
        attempt = (message or self.handed[-1]).attempt
        return Receipt(
            id=f"{self.name}-{attempt}-{state}-{code}",
            channel=self.name.value,
            attempt=attempt,
            state=ReceiptState(state),
            at=machine_ms(),
            code=code,
            answer=AnswerClass(answer) if answer else None,
        )


class MachineTime:
    """In place of the `time` module in `shared.clock`."""

    def __init__(self) -> None:
        self._at = time.time_ns()

    def time_ns(self) -> int:
        return self._at

    def monotonic(self) -> float:
        return self._at / 1e9

    def move_to(self, nanoseconds: int) -> None:
        """Set it, in nanoseconds since the epoch."""
        self._at = nanoseconds

    def pass_by(self, **how: float) -> None:
        """Let time pass; the arguments are those of `timedelta`."""
        self._at += round(timedelta(**how).total_seconds() * 1e9)


@pytest.fixture
def machine_time(monkeypatch: pytest.MonkeyPatch) -> MachineTime:
    """Machine time stands still until a test moves it."""
    fake = MachineTime()
    monkeypatch.setattr("shared.clock.time", fake)
    return fake
