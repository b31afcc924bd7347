"""The few entries that decide an obligation, and how they follow from all of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.notifications.obligations.entry import Entry
from services.notifications.obligations.facts import Facts, RegionFact
from shared.contracts.vocabulary import CountsWhen, InnovationStatus


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


_LIVE = (InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED)
_GONE = (InnovationStatus.RETURNED, InnovationStatus.WITHDRAWN)


def recounted(entries: Iterable[Entry], facts: Facts) -> Selection:
    """The same from all entries of the agency and year, without the indexes: it proves what the queries found."""
    agency, region = facts.agency, facts.region
    if agency is None or region is None or region.deadline is None:
        return Selection()
    everything, minimum = list(entries), region.minimum_of(agency.kind)
    eligible = [each for each in everything if is_eligible(each, region)]
    verified = [each for each in eligible if each.status is InnovationStatus.VERIFIED]
    asks_curator = region.counts_when is CountsWhen.VERIFIED
    counting = verified if asks_curator else eligible
    enough = len(counting) >= minimum
    alive = [each for each in everything if each.here and each.status is not InnovationStatus.WITHDRAWN]
    gone = [each for each in everything if each.first_submitted_at and (not each.here or each.status in _GONE)]
    return Selection(
        counted=by_first(counting, minimum),
        began=by_began(verified, minimum) if asks_curator and enough else (),
        live=by_first(eligible, minimum) if asks_curator and not enough else (),
        furthest=min(alive, key=lambda each: (each.index.rank, each.index.since, each.innovation), default=None),
        gone=None if enough else latest(gone),
    )


def is_eligible(entry: Entry, region: RegionFact) -> bool:
    """Whether it is here, submitted or verified, and may count by the policy; where only verified ones count, it counts
    if it is one."""
    if not entry.here or entry.status not in _LIVE:
        return False
    submitted = entry.first_submitted_at is not None
    complete = entry.mandatory_filled is True or not region.mandatory_rows
    return submitted and complete and (region.community_counts or not entry.community)
