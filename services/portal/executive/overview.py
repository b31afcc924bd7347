"""What the executive's page shows, gathered from the read model: the same on screen, on paper and as a PDF."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.portal.executive.late import LateRow, late_rows
from services.portal.executive.pipelines import Pipeline, Pipelines
from services.portal.figures.catalogue import CatalogueFacts, CatalogueReader
from services.portal.figures.index import NextPredicate, next_predicate, predicates_for
from services.portal.figures.movements import Movements
from services.portal.model.model import Model
from services.portal.model.views.freshness import Freshness
from services.portal.model.views.ranking import Ranked, RankingQuery
from services.portal.model.views.region import RegionView
from services.portal.model.views.summary import IndexView, RegionSummary
from services.portal.pages.formats import day, number
from services.portal.pages.language import _
from services.portal.pages.session import SignedIn
from services.portal.public.years import duty_years, present_year
from shared.contracts.vocabulary import InnovationStatus

_PLACES = 10
_LATE = 10
_YEARS = 4


@dataclass(frozen=True)
class Overview:
    """summary: of the duty's year; summaries: of that year and some before it, the newest first; years: of duties, the
    newest first; index: of the newest national round, None: none is known; before: of the round before; ahead: the next
    predicate, None at the best; catalogue: None while scoring does not answer; late: the first of those overdue;
    more_late: there are more; pipelines: the region's ways of development, none while they are unknown or not used."""

    area: RegionView
    year: int
    years: tuple[int, ...]
    summary: RegionSummary
    summaries: tuple[RegionSummary, ...]
    index: IndexView | None
    before: IndexView | None
    ahead: NextPredicate | None
    catalogue: CatalogueFacts | None
    places: Sequence[Ranked]
    late: Sequence[LateRow]
    more_late: bool
    freshness: Freshness
    pipelines: tuple[Pipeline, ...] = ()

    @property
    def share(self) -> int | None:
        """Per cent of those that owe who have fulfilled, rounded down; None: nobody owes."""
        duties = self.summary.duties
        return 100 * duties.fulfilled // duties.owed if duties.owed else None

    @property
    def verified(self) -> int:
        """Verified innovations of the year."""
        return self.summary.innovations.get(InnovationStatus.VERIFIED, 0)

    @property
    def waiting(self) -> int:
        """Innovations of the year that wait for the curator."""
        return self.summary.innovations.get(InnovationStatus.SUBMITTED, 0)

    @property
    def deadline_words(self) -> str:
        """The deadline in force."""
        deadline = self.area.deadline(self.year)
        if deadline is None or deadline.cancelled:
            return _("belum ada tenggat")
        return _("tenggat {day}").format(day=day(deadline.date))

    @property
    def change_words(self) -> str:
        """The index against the round before; empty without one."""
        if self.index is None or self.before is None:
            return ""
        change = self.index.verified.index - self.before.verified.index
        words = _("Tetap sama dengan {year}.") if not change else _("Naik {points} poin dari {year}.")
        if change < 0:
            words = _("Turun {points} poin dari {year}.")
        return words.format(points=number(abs(change), 2), year=self.before.year)


class Overviews:
    """Gathers overviews."""

    def __init__(self, model: Model, catalogues: CatalogueReader, movements: Movements, pipelines: Pipelines) -> None:
        self._model = model
        self._catalogues = catalogues
        self._movements = movements
        self._pipelines = pipelines

    async def of(self, area: RegionView, year: int | None, now: datetime, session: SignedIn) -> Overview:
        """Of a region, for a reader. year: of the duty, None: the present one. Raises StoreAway."""
        years = duty_years((area,), now, area.zone)
        year = year or present_year(years, now, area)
        summaries, best, late, catalogue = await asyncio.gather(
            self._model.summaries_of(area.code),
            self._model.ranking(RankingQuery(year=year, region=area.code), None, _PLACES),
            self._model.late(area.code, year, None, _LATE),
            self._catalogues.find(area.catalogue),
        )
        indices = [each.index for each in summaries if each.index is not None]
        index = indices[0] if indices else None
        summary = next((each for each in summaries if each.year == year), RegionSummary(area.code, year))
        drawn = [each for each in summaries if each.year < year and each.duties.owed]
        return Overview(
            area=area,
            year=year,
            years=years,
            summary=summary,
            summaries=(summary, *drawn[: _YEARS - 1]),
            index=index,
            before=indices[1] if len(indices) > 1 else None,
            ahead=next_predicate(index, predicates_for(index, catalogue)) if index else None,
            catalogue=catalogue,
            places=await self._movements.of(RankingQuery(year=year, region=area.code), best.items),
            late=late_rows(late.items),
            more_late=late.after is not None,
            freshness=self._model.freshness(),
            pipelines=await self._pipelines.of(area.code, session) if summary.pipeline else (),
        )


def local_day(area: RegionView, now: datetime) -> date:
    """Today in a region."""
    return now.astimezone(ZoneInfo(area.zone)).date()
