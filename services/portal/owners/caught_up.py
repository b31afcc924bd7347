"""Waits, after a command, until the read model shows what it did."""

from __future__ import annotations

import asyncio
from typing import Protocol

from services.portal.owners.answers import Answer
from services.portal.pages.language import _
from shared.clock import machine_seconds

MOST_SECONDS = 2.0
_EVERY = 0.03  # seconds between two looks


class Sequences(Protocol):
    """Tells how far the read model is."""

    async def sequence(self, subject: str) -> int | None:
        """The sequence of the newest event of a subject (`innovation/<id>`) that it has; None: it has none."""


async def caught_up(model: Sequences, subject: str, answer: Answer, seconds: float = MOST_SECONDS) -> bool:
    """Whether the read model has what the command did, within the time. An answer without a version has nothing to
    wait for."""
    if answer.sequence is None:
        return True
    until = machine_seconds() + seconds
    while (await model.sequence(subject) or 0) < answer.sequence:
        if machine_seconds() > until:
            return False
        await asyncio.sleep(_EVERY)
    return True


async def done(model: Sequences, subject: str, answer: Answer, text: str) -> str:
    """The sentence for the page after a command: the text, and if lists do not show it yet, that they soon will."""
    if await caught_up(model, subject, answer):
        return text
    following = _("Daftar dan ringkasan akan menyusul dalam beberapa saat.")
    return f"{text} {following}"
