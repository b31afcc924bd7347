"""`POST /scoring/v1/what-if`: nothing is written. An agency asks about the maturity of its own innovations; curator and
executive of the region, and the operator, also about the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from fastapi import APIRouter, Body

from services.scoring.catalogue.constants import Constants
from services.scoring.catalogue.library import Catalogues, spd_catalogue
from services.scoring.index.index import SHOWN_PLACES, rounded
from services.scoring.index.rounds import Figure, Round, round_of
from services.scoring.index.spd_document import Spd, spd_id
from services.scoring.kinds import SCORECARD, SPD
from services.scoring.views.indices import FORECAST, RESULT, ChangedInnovation, ClimbAnswer, PathAnswer, WhatIfAnswer
from services.scoring.what_if.cheapest_path import Climb
from services.scoring.what_if.forecast import _FIELDS, _STATUSES, Known, _known, _unknown
from services.scoring.what_if.input import levels_of, read_entrant, regional
from services.scoring.what_if.question import Question, added_plain, plain
from services.scoring.what_if.region import Path, Region, Rung, path_to_index, path_to_maturity, walked
from shared.auth.policy import Principal, Role, allow
from shared.faults import Flaw, Forbidden, Invalid
from shared.ports.store import Store

Asker = Annotated[Principal, allow(Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)]

EXAMPLES: dict[str, Any] = {
    "menuju predikat": {
        "summary": "Jalur termurah menuju sangat inovatif",
        "value": {"region": "61.12", "year": 2026, "target": {"predicate": "sangat inovatif"}},
    },
    "satu inovasi baru": {
        "summary": "Bila ada satu inovasi baru dan APBD tiga tahun tepat waktu",
        "value": {
            "region": "61.12",
            "year": 2026,
            "added": [{"affair": "Kesehatan", "levels": {"16": 2, "33": {"basis": "a", "value": 350}}}],
            "spd": {"2a": 3},
        },
    },
}


class WhatIfRoutes:
    """Answers for `/what-if`."""

    def __init__(self, store: Store, catalogues: Catalogues, years: Mapping[int, Constants]) -> None:
        self._store = store
        self._shelf = catalogues
        self._years = years

    def routes(self) -> APIRouter:
        """Its route."""
        router = APIRouter(tags=["indices"])
        router.add_api_route(
            "/what-if", self.ask, methods=["POST"], summary="Bila level, inovasi atau SPD berubah",
            response_model=WhatIfAnswer,
        )  # fmt: skip
        return router

    async def ask(self, who: Asker, body: Annotated[Question, Body(openapi_examples=EXAMPLES)]) -> WhatIfAnswer:
        """New maturity, index and predicate, and the cheapest path to a target."""
        who.require_region(body.region)
        if who.role is Role.AGENCY and not body.of_one_agency:
            raise Forbidden("Perangkat daerah hanya dapat bertanya tentang kematangan inovasinya sendiri.")
        asked = round_of(self._years, body.year)
        known = {each.entrant.id: each async for each in self._known(body, asked)}
        if who.role is Role.AGENCY:
            known = {id: each for id, each in known.items() if each.agency in who.agencies}
        before = await self._region(body, asked, known)
        flaws: list[Flaw] = []
        levels = self._levels(body, known, flaws)
        after = self._changed(body, before, known, levels, flaws)
        path = _path(body, after, known, levels, flaws) if not flaws else None
        if flaws:
            raise Invalid(flaws)
        shows_region = who.role is not Role.AGENCY
        return WhatIfAnswer(
            region=body.region,
            year=body.year,
            figure=body.figure,
            label=FORECAST if body.figure is Figure.CLAIMED else RESULT,
            before=before.index if shows_region else None,
            after=after.index if shows_region else None,
            innovations=tuple(
                ChangedInnovation(
                    innovation=id,
                    name=known[id].entrant.name,
                    before=known[id].entrant.maturity,
                    after=known[id].entrant.at(changed).maturity,
                    counts=known[id].counts,
                )
                for id, changed in levels.items()
            ),
            path=path,
        )

    async def _known(self, body: Question, asked: Round) -> Any:  # noqa: ANN401 - an async iterator of Known
        async for row in self._store.scan(SCORECARD.name, {"region": body.region, "status": _STATUSES}, _FIELDS):
            if row["scorecard.rows"] is not None:
                yield _known(row, body.figure, asked)

    async def _region(self, body: Question, asked: Round, known: Mapping[str, Known]) -> Region:
        document = await self._store.get(SPD.name, spd_id(body.region, body.year))
        spd: tuple[Rung, ...] | None
        if document is not None:
            score = Spd.model_validate(document.state).score
            spd = tuple(Rung(row.row, row.name, row.weight, row.level) for row in score.rows)
        else:
            catalogue = spd_catalogue(self._shelf, body.year)
            rows = catalogue.region if catalogue else ()
            spd = tuple(Rung(row.number, row.name, row.weight, 0) for row in rows)
        return Region(asked.formula, spd, Decimal(0), tuple(each.entrant for each in known.values() if each.counts))

    def _levels(self, body: Question, known: Mapping[str, Known], flaws: list[Flaw]) -> dict[str, dict[str, int]]:
        levels: dict[str, dict[str, int]] = {}
        for id, entries in body.levels.items():
            each = known.get(id)
            catalogue = self._shelf.get(each.catalogue) if each else None
            if each is None or catalogue is None:
                flaws.append(_unknown(f"levels.{id}"))
            else:
                levels[id] = levels_of(plain(dict(entries)), catalogue, f"levels.{id}", flaws)
        return levels

    def _changed(
        self,
        body: Question,
        before: Region,
        known: Mapping[str, Known],
        levels: Mapping[str, Mapping[str, int]],
        flaws: list[Flaw],
    ) -> Region:
        flaws += [_unknown(f"removed.{n}") for n, id in enumerate(body.removed) if id not in known]
        catalogue = spd_catalogue(self._shelf, body.year)
        spd: dict[str, int] = {}
        if body.spd and catalogue is None:
            flaws.append(Flaw("spd", "catalogue", f"tidak ada katalog {body.year} yang memuat baris SPD"))
        elif catalogue is not None:
            spd = levels_of(plain(dict(body.spd)), regional(catalogue), "spd", flaws)
        newest = max(
            (each for each in self._shelf.values() if each.year == body.year),
            key=lambda each: each.revision,
            default=None,
        )
        added = [
            read_entrant(added_plain(each), before.formula, newest, id=str(place), at=f"added.{place}", flaws=flaws)
            for place, each in enumerate(body.added)
        ]
        return before.changed(
            spd=spd,
            levels=levels,
            removed=body.removed,
            added=[replace(each, id=f"+{each.id}") for each in added if each is not None],
        )


def _path(
    body: Question,
    after: Region,
    known: Mapping[str, Known],
    levels: Mapping[str, Mapping[str, int]],
    flaws: list[Flaw],
) -> PathAnswer | None:
    target = body.target
    if target is None:
        return None
    if target.innovation is not None and target.maturity is not None:
        one = known.get(target.innovation)
        if one is None:
            flaws.append(_unknown("target.innovation"))
            return None
        entrant = one.entrant.at(levels.get(target.innovation, {}))
        alone = Region(after.formula, (), Decimal(0), (entrant,))
        return _path_answer(
            f"kematangan {target.maturity}", alone, path_to_maturity(entrant, target.maturity), of_one=True
        )
    name, edge = f"indeks {target.index}", target.index
    if target.predicate is not None:
        wanted = target.predicate.casefold()
        predicate = next((each for each in after.formula.predicates if each.name.casefold() == wanted), None)
        if predicate is None or predicate.least is None:
            names = ", ".join(each.name for each in after.formula.predicates)
            flaws.append(Flaw("target.predicate", "predicate", f"bukan predikat {body.year}: {names}"))
            return None
        name, edge = predicate.name, predicate.least
    return _path_answer(name, after, path_to_index(after, edge or Decimal(0)), of_one=False)


def _path_answer(target: str, region: Region, path: Path, *, of_one: bool) -> PathAnswer:
    climbs = path.climbs or ()
    reached = walked(region, climbs)
    names = {each.id: each.name for each in region.entrants}
    rows: dict[tuple[str | None, str], str] = {(None, row.row): row.name for row in region.spd or ()}
    rows |= {(each.id, row.row): row.name for each in region.entrants for row in each.rows or ()}
    return PathAnswer(
        target=target,
        lacking=_shown(path.lacking),
        reachable=path.climbs is not None,
        steps=path.steps,
        climbs=tuple(_climb(each, rows, names) for each in climbs),
        reached=None if of_one or path.climbs is None else reached.index,
        reached_maturity=reached.entrants[0].maturity if of_one and path.climbs is not None else None,
    )


def _climb(climb: Climb, rows: Mapping[tuple[str | None, str], str], names: Mapping[str, str]) -> ClimbAnswer:
    return ClimbAnswer(
        row=climb.row,
        name=rows[climb.innovation, climb.row],
        innovation=climb.innovation,
        innovation_name=names.get(climb.innovation) if climb.innovation else None,
        level=climb.level,
        to=climb.to,
        steps=climb.steps,
        gain=_shown(climb.gain),
    )


def _shown(points: Fraction) -> Decimal:
    return rounded(points, SHOWN_PLACES)
