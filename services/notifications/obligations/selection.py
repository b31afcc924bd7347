"""The few entries that decide an obligation. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.notifications.obligations.entry import Entry


@dataclass(frozen=True)
class Selection:
    """The answers to the questions that `select` asks of the entries of one agency and year, whose number never depends
    on how many entries there are.

    counted: of those that count, the first `minimum` by first submission (ties by id); began: of those that count, the
    first `minimum` by the moment at which they began to count (empty while fewer count); live: of those that are
    submitted or verified and that the policy lets count, the first `minimum` by first submission (empty unless verified
    ones count); furthest: the one that has come furthest, of several the one that has been there longest; gone: of
    those that were submitted once and are returned, withdrawn or assigned elsewhere, the one of which that is known and
    happened last (None while enough count).
    """

    counted: tuple[Entry, ...] = ()
    began: tuple[Entry, ...] = ()
    live: tuple[Entry, ...] = ()
    furthest: Entry | None = None
    gone: Entry | None = None


def by_first(entries: Iterable[Entry], limit: int) -> tuple[Entry, ...]:
    """The first `limit` by first submission, ties by id."""
    return tuple(sorted(entries, key=lambda each: (each.index.first, each.innovation))[:limit])


def by_began(entries: Iterable[Entry], limit: int) -> tuple[Entry, ...]:
    """The first `limit` by verification, ties by id."""
    return tuple(sorted(entries, key=lambda each: (each.index.verified, each.innovation))[:limit])


def latest(entries: Iterable[Entry]) -> Entry | None:
    """The one whose turn began last, ties by id; None when no turn is known."""
    known = [each for each in entries if each.turn > 0]
    return max(known, key=lambda each: (each.index.since, each.innovation), default=None)
