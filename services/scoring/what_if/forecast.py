"""Answers what-if questions about a region's scored innovations. Nothing is stored, and no explanation is made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from services.scoring.catalogue.constants import Constants
from services.scoring.catalogue.library import Catalogues, newest_of, spd_catalogue
from services.scoring.index.rounds import COUNTED, Figure, Round, round_of
from services.scoring.index.spd_document import Spd, spd_id
from services.scoring.kinds import SCORECARD, SPD
from services.scoring.what_if.input import levels_of, read_innovation, regional
from services.scoring.what_if.question import Question, Target, added_plain, plain
from services.scoring.what_if.region import Path, Region, RowLevel, path_to_index, path_to_maturity
from services.scoring.what_if.scored import SCORED_FIELDS, ScoredInnovation, scored_innovation
from shared.faults import Flaw, Flaws, Invalid
from shared.ports.store import OneOf, Store

_STATUSES = OneOf(sorted(COUNTED[Figure.CLAIMED]))

ChangedLevels = Mapping[str, Mapping[str, int]]
"""Innovation → row → level."""


@dataclass(frozen=True)
class TargetPath:
    """The path to a target. region: where it begins; of_one: it is about one innovation's maturity, and `region` holds
    only that."""

    target: str
    region: Region
    path: Path
    of_one: bool


@dataclass(frozen=True)
class WhatIfResult:
    """changed: each innovation with changed levels, by row; path: None when the question has no target."""

    before: Region
    after: Region
    changed: tuple[tuple[ScoredInnovation, Mapping[str, int]], ...]
    path: TargetPath | None


class Forecasts:
    """Answers questions from the stored scorecards and SPD entries."""

    def __init__(self, store: Store, catalogues: Catalogues, years: Mapping[int, Constants]) -> None:
        self._store = store
        self._catalogues = catalogues
        self._years = years

    async def answer(self, question: Question, agencies: Collection[str] | None) -> WhatIfResult:
        """agencies: consider only their innovations; None: all of the region. Raises Invalid with every flaw, and
        UnknownConstant for a year whose formula is not known."""
        round = round_of(self._years, question.year)
        known = {
            each.counted.id: each
            async for each in self._scored(question, round)
            if agencies is None or each.agency in agencies
        }
        before = await self._region(question, round, known)
        return await asyncio.to_thread(self._answered, question, before, known)  # it may take seconds

    def _answered(self, question: Question, before: Region, known: Mapping[str, ScoredInnovation]) -> WhatIfResult:
        """The answer from what was read. Raises Invalid with every flaw."""
        flaws = Flaws()
        levels = self._levels(question, known, flaws)
        after = self._after(question, before, known, levels, flaws)
        path = None
        if question.target is not None and not flaws:
            path = _path(question.target, after, known, levels, flaws)
        if flaws:
            raise Invalid(flaws)
        return WhatIfResult(before, after, tuple((known[id], changed) for id, changed in levels.items()), path)

    async def _scored(self, question: Question, round: Round) -> AsyncIterator[ScoredInnovation]:
        where = {"region": question.region, "status": _STATUSES}
        async for row in self._store.scan(SCORECARD.name, where, SCORED_FIELDS):
            if row["scorecard.rows"] is not None:
                yield scored_innovation(row, question.figure, round)

    async def _region(self, question: Question, round: Round, known: Mapping[str, ScoredInnovation]) -> Region:
        document = await self._store.get(SPD.name, spd_id(question.region, question.year))
        if document is not None:
            score = Spd.model_validate(document.state).score
            spd = tuple(RowLevel(row.row, row.name, row.weight, row.level) for row in score.rows)
        else:
            catalogue = spd_catalogue(self._catalogues, question.year)
            rows = catalogue.region if catalogue else ()
            spd = tuple(RowLevel(row.number, row.name, row.weight, 0) for row in rows)
        return Region(round.formula, spd, Decimal(0), tuple(each.counted for each in known.values() if each.counts))

    def _levels(
        self, question: Question, known: Mapping[str, ScoredInnovation], flaws: list[Flaw]
    ) -> dict[str, dict[str, int]]:
        levels: dict[str, dict[str, int]] = {}
        for id, entries in question.levels.items():
            each = known.get(id)
            catalogue = self._catalogues.get(each.catalogue) if each else None
            if catalogue is None:
                flaws.append(_unknown(f"levels.{id}"))
            else:
                levels[id] = levels_of(plain(entries), catalogue, f"levels.{id}", flaws)
        return levels

    def _after(
        self,
        question: Question,
        before: Region,
        known: Mapping[str, ScoredInnovation],
        levels: ChangedLevels,
        flaws: list[Flaw],
    ) -> Region:
        flaws += [_unknown(f"removed.{place}") for place, id in enumerate(question.removed) if id not in known]
        year = question.year
        own_rows = spd_catalogue(self._catalogues, year)
        spd: dict[str, int] = {}
        if question.spd and own_rows is None:
            flaws.append(Flaw("spd", "catalogue", f"tidak ada katalog {year} yang memuat baris SPD"))
        elif own_rows is not None:
            spd = levels_of(plain(question.spd), regional(own_rows), "spd", flaws)
        newest = newest_of(self._catalogues, year)
        added = [
            read_innovation(added_plain(each), before.formula, newest, id=str(place), at=f"added.{place}", flaws=flaws)
            for place, each in enumerate(question.added)
        ]
        return before.changed(
            spd=spd,
            levels=levels,
            removed=question.removed,
            added=[replace(each, id=f"+{each.id}") for each in added if each is not None],
        )


def _path(
    target: Target,
    after: Region,
    known: Mapping[str, ScoredInnovation],
    levels: ChangedLevels,
    flaws: list[Flaw],
) -> TargetPath | None:
    if target.innovation is not None and target.maturity is not None:
        one = known.get(target.innovation)
        if one is None:
            flaws.append(_unknown("target.innovation"))
            return None
        changed = one.counted.at(levels.get(target.innovation, {}))
        alone = Region(after.formula, (), Decimal(0), (changed,))
        path = path_to_maturity(changed, target.maturity)
        return TargetPath(f"kematangan {target.maturity}", alone, path, of_one=True)
    name, edge = f"indeks {target.index}", target.index
    if target.predicate is not None:
        wanted = target.predicate.casefold()
        predicate = next((each for each in after.formula.predicates if each.name.casefold() == wanted), None)
        if predicate is None or predicate.least is None:
            names = ", ".join(each.name for each in after.formula.predicates)
            flaws.append(Flaw("target.predicate", "predicate", f"bukan predikat {after.formula.year}: {names}"))
            return None
        name, edge = predicate.name, predicate.least
    return TargetPath(name, after, path_to_index(after, edge or Decimal(0)), of_one=False)


def _unknown(field: str) -> Flaw:
    return Flaw(field, "unknown", "tidak ada inovasi bernilai dengan id ini di daerah ini yang dapat dilihat")
