"""Finds the score of an innovation: with its entry, or where a release before 0.2 has kept it."""

from __future__ import annotations

from services.notifications.known import FormerScore, KnownFacts
from services.notifications.obligations.entry import Entry, Score


async def score_of(entry: Entry | None, known_facts: KnownFacts) -> Score | FormerScore | None:
    """The innovation's newest score; None: it has none, or there is no entry."""
    if entry is None:
        return None
    former = await known_facts.score(entry.innovation) if entry.score is None else None
    return former.value if former else entry.score
