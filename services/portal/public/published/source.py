"""Asks scoring, in nobody's name, for what it publishes, and keeps the answers for a while. None: it is away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from services.portal.answered.answered import Answered
from services.portal.answered.competition import Competition, CompetitionPage
from services.portal.answered.ranking import Cell, Freeze, FreezePage, Standings
from services.portal.figures.kept import Kept
from services.portal.owners.answers import OwnerAway
from services.portal.owners.client import Owners
from services.portal.owners.reading import read, unless_away

A = TypeVar("A", bound=Answered)

ON_A_PAGE = 20
_FREEZES, _COMPETITIONS = "/rankings/freezes", "/competitions"
_MOST_OF_A_SERIES = 200  # corrections of one series are few; scoring gives no more at once
_LISTS, _FOR_GOOD = 20.0, 600.0  # seconds; a freeze never changes
_MOST_PLACES = 20_000  # in all answers that are kept; a place takes about 1 KiB


class Published:
    """Freezes and competitions."""

    def __init__(self, owners: Owners) -> None:
        self._owners = owners
        self._freezes = Kept[Freeze](_FOR_GOOD, size=lambda it: _places(it.cells), most=_MOST_PLACES)
        self._standings = Kept[Standings](_LISTS, size=lambda it: _places(it.cells), most=_MOST_PLACES)
        self._freeze_lists = Kept[FreezePage](_LISTS)
        self._competitions = Kept[Competition](_LISTS)
        self._competition_lists = Kept[CompetitionPage](_LISTS)

    async def freezes(self, region: str | None, year: int | None, after: str | None) -> FreezePage | None:
        """A page of freezes, without their places. Raises OwnerProblem for a cursor that is none."""
        return await self._ask(
            self._freeze_lists, _FREEZES, FreezePage, region=region, year=year, limit=ON_A_PAGE, after=after
        )

    async def freezes_of(self, competition: str) -> tuple[Freeze, ...] | None:
        """All of a competition, the newest first."""
        page = await self._ask(
            self._freeze_lists, _FREEZES, FreezePage, competition=competition, limit=_MOST_OF_A_SERIES
        )
        return None if page is None else _newest_first(page.items)

    async def freeze(self, region: str, series: str, number: int) -> Freeze:
        """One, whole. Raises NotFound, OwnerAway."""
        found = await self._ask(self._freezes, f"{_FREEZES}/{region}/{series}/{number}", Freeze)
        return _there(found)

    async def correction_of(self, freeze: Freeze) -> Freeze | None:
        """The newest freeze of its series if that is not this one; None also while scoring does not answer."""
        page = await self._ask(
            self._freeze_lists,
            _FREEZES,
            FreezePage,
            region=freeze.region,
            year=freeze.year,
            competition=freeze.competition,
            limit=_MOST_OF_A_SERIES,
        )
        series = [each for each in page.items if each.series == freeze.series] if page else []
        newest = max(series, key=lambda each: each.number, default=freeze)
        return newest if newest.number > freeze.number else None

    async def competitions(self, region: str | None, year: int | None, after: str | None) -> CompetitionPage | None:
        """A page of competitions. Raises OwnerProblem for a cursor that is none."""
        return await self._ask(
            self._competition_lists,
            _COMPETITIONS,
            CompetitionPage,
            region=region,
            year=year,
            limit=ON_A_PAGE,
            after=after,
        )

    async def competition(self, id: str) -> Competition:
        """One. Raises NotFound, OwnerAway."""
        return _there(await self._ask(self._competitions, f"{_COMPETITIONS}/{id}", Competition))

    async def standings(self, id: str) -> Standings | None:
        """The present ones of a competition without a jury: others are published by a freeze."""
        return await self._ask(self._standings, f"{_COMPETITIONS}/{id}/standings", Standings)

    async def _ask(self, kept: Kept[A], path: str, of: type[A], **query: str | int | None) -> A | None:
        async def ask() -> A | None:
            found = await unless_away(read(self._owners.scoring(None), path, of, **query))
            return found.it if found else None

        return await kept.get((path, *query.items()), ask)


def _there(found: A | None) -> A:
    if found is None:
        raise OwnerAway("scoring", "did not answer")
    return found


def _places(cells: Iterable[Cell]) -> int:
    return 1 + sum(len(each.places) for each in cells)


def _newest_first(freezes: Iterable[Freeze]) -> tuple[Freeze, ...]:
    return tuple(sorted(freezes, key=lambda each: each.frozen_at, reverse=True))
