"""Loads one innovation with all that its page shows: what the registry has, what scoring says of it, and what it is
like."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from services.portal.curator.work.asking import Asking
from services.portal.curator.work.owner_answers.catalogue import Catalogue
from services.portal.curator.work.owner_answers.hints import Alike, Likenesses
from services.portal.curator.work.owner_answers.innovation import Innovation
from services.portal.curator.work.owner_answers.scorecard import Scorecard
from services.portal.curator.work.verification.checked_row import CheckedRow, rows_of
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.reading import read, unless_away
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import NotFound

HANDED_IN = frozenset({InnovationStatus.SUBMITTED, InnovationStatus.VERIFIED})
"""In these the curator decides."""

MOST_ALIKE = 5
AT_ONCE = 0.4  # seconds that a page waits for the comparison; after that it has a link to it


@dataclass(frozen=True)
class Submission:
    """scoring_away: scoring does not answer, so rows have no names and no words of levels; alike: most alike first,
    None: it takes too long to know."""

    it: Innovation
    scorecard: Scorecard | None
    rows: tuple[CheckedRow, ...]
    alike: tuple[Alike, ...] | None
    scoring_away: bool

    @property
    def decidable(self) -> bool:
        """Whether the curator can verify or return it."""
        return self.it.status in HANDED_IN


async def load(asking: Asking, id: str, *, region: str, catalogue: str | None, with_alike: bool = True) -> Submission:
    """catalogue: the region's active one, for a submission without a scorecard. Raises NotFound, also for one of
    another region, and OwnerAway when the registry does not answer."""
    it, card, alike = await asyncio.gather(
        asking.innovation(id),
        unless_away(_scorecard(asking, id)),
        _alike_at_once(asking, id) if with_alike else _none(),
    )
    if it.region != region:
        raise NotFound
    scorecard, away = (None, True) if card is None else (card.it, False)
    name = scorecard.catalogue.name if scorecard and scorecard.catalogue else catalogue
    words = None if away or name is None else await unless_away(_catalogue(asking, name))
    shown = alike if it.status in HANDED_IN else ()
    return Submission(it, scorecard, rows_of(it, scorecard, words), shown, scoring_away=away)


async def of_region(asking: Asking, id: str, region: str) -> Innovation:
    """The innovation alone. Raises NotFound, also for one of another region, and OwnerAway."""
    it = await asking.innovation(id)
    if it.region != region:
        raise NotFound
    return it


@dataclass(frozen=True)
class _Card:
    """it: None: there is no scorecard yet."""

    it: Scorecard | None


async def _scorecard(asking: Asking, id: str) -> _Card:
    return _Card(await asking.scorecard(id))


async def _catalogue(asking: Asking, name: str) -> Catalogue | None:
    try:
        return await asking.catalogue(name)
    except NotFound:
        return None


async def _none() -> tuple[Alike, ...]:
    return ()


async def _alike_at_once(asking: Asking, id: str) -> tuple[Alike, ...] | None:
    try:
        async with asyncio.timeout(AT_ONCE):
            return await alike_of(asking, id)
    except (TimeoutError, OwnerAway):
        return None


async def alike_of(asking: Asking, id: str) -> tuple[Alike, ...]:
    """The innovations of the region that look like this one, most alike first. Raises OwnerAway."""
    try:
        found = await read(asking.registry, f"/innovations/{id}/likeness", Likenesses)
    except (NotFound, OwnerProblem):
        return ()
    return found.it.items[:MOST_ALIKE]
