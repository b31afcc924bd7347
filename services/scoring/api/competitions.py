"""Competitions over HTTP, below `/scoring/v1`: terms made and changed by the curator, public for all.

Where a jury marks, how things stand is for curator, executive and operator until it is frozen; marks are theirs alone.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parameters import Id
from services.scoring.api.rankings import Anyone, Curator
from services.scoring.catalogue.library import Catalogues
from services.scoring.kinds import COMPETITION
from services.scoring.known import region_of
from services.scoring.ranking.competition import Marks, Terms, outcome
from services.scoring.ranking.entrants import entrants
from services.scoring.ranking.freeze import against
from services.scoring.ranking.live import require_measure
from services.scoring.ranking.ranking import Measure
from services.scoring.ranking.store import Competition, Competitions, Freezes, Seen
from services.scoring.views.rankings import (
    CompetitionAnswer,
    CompetitionPage,
    StandingsAnswer,
    competition_answer,
    standings_answer,
)
from shared.auth.policy import Principal, Role
from shared.contracts.fields import RegionCode
from shared.faults import Conflict, Flaw, Forbidden, Invalid, Stale
from shared.ports.store import Store
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id

IdInPath = Annotated[Id, Path(description="A competition's id.")]


class NewCompetition(BaseModel):
    """A competition of a region."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode = Field(examples=["61.71"])
    terms: Terms


class JuryTable(BaseModel):
    """All that the jury has given, whole: what is not in it is not marked."""

    model_config = ConfigDict(extra="forbid")

    marks: list[Marks] = Field(max_length=2000)

    def flaws(self, terms: Terms) -> list[Flaw]:
        """What does not fit the terms."""
        asked = {each.slug for each in terms.jury.criteria} if terms.jury else set()
        found: list[Flaw] = []
        seen: set[str] = set()
        for number, each in enumerate(self.marks):
            if each.innovation in seen:
                found.append(Flaw(f"marks.{number}.innovation", "repeated", "inovasi ini sudah ada di atas"))
            seen.add(each.innovation)
            found += [
                Flaw(f"marks.{number}.marks.{slug}", "unknown", "bukan kriteria lomba ini")
                for slug in sorted(each.marks.keys() - asked)
            ]
        return found


class WantedCompetitions(BaseModel):
    """What a list of competitions asks for."""

    region: RegionCode | None = Field(default=None, examples=["61.71"])
    year: int | None = Field(default=None, ge=2000, le=2100)
    limit: int = Field(default=50, ge=1, le=200)
    after: str | None = Field(default=None, max_length=2000)


class CompetitionRoutes:
    """Answers for `/competitions`."""

    def __init__(self, store: Store, catalogues: Catalogues) -> None:
        self._store = store
        self._shelf = catalogues
        self._competitions = Competitions(store)
        self._freezes = Freezes(store)

    def routes(self) -> APIRouter:
        """Its routes."""
        router = APIRouter(prefix="/competitions", tags=["competitions"])
        router.add_api_route(
            "", self.competitions, methods=["GET"], summary="Lomba inovasi", response_model=CompetitionPage
        )
        router.add_api_route(
            "", self.create, methods=["POST"], status_code=201, summary="Buat lomba", response_model=CompetitionAnswer
        )
        router.add_api_route(
            "/{id}", self.competition, methods=["GET"], summary="Satu lomba", response_model=CompetitionAnswer
        )
        router.add_api_route(
            "/{id}", self.change, methods=["PUT"], summary="Ubah ketentuan lomba", response_model=CompetitionAnswer
        )
        router.add_api_route(
            "/{id}/marks", self.mark, methods=["PUT"], summary="Nilai juri", response_model=CompetitionAnswer
        )
        router.add_api_route(
            "/{id}/standings", self.standings, methods=["GET"], summary="Peringkat lomba saat ini",
            response_model=StandingsAnswer,
        )  # fmt: skip
        return router

    async def competitions(
        self, who: Anyone, request: Request, response: Response, wanted: Annotated[WantedCompetitions, Query()]
    ) -> Any:  # noqa: ANN401 - a page, see response_model
        """Competitions, without marks."""
        del who
        asked = wanted.model_dump(include={"region", "year"}, exclude_none=True)
        page = await self._store.find(COMPETITION.name, asked, limit=wanted.limit, after=wanted.after)
        seen = [Seen(each.id, each.sequence, Competition.model_validate(each.state)) for each in page.documents]
        return paged(request, response, [competition_answer(each, inside=False) for each in seen], page.after)

    async def create(
        self,
        who: Curator,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewCompetition, Body()],
    ) -> CompetitionAnswer:
        """A new competition."""
        who.require_region(body.region)
        _require_sound(body.terms, "terms.")
        made = Competition(
            region=body.region, year=body.terms.year, created_by_body=fingerprint(body), terms=body.terms
        )
        seen = await self._competitions.create(idempotent_id(who, key), made)
        response.headers["Location"] = f"{request.scope.get('root_path', '')}/competitions/{seen.id}"
        return _answer(response, seen, who)

    async def competition(self, who: Anyone, response: Response, id: IdInPath) -> CompetitionAnswer:
        """One competition; the jury's marks only for those within the region."""
        return _answer(response, await self._competitions.get(id), who)

    async def change(
        self, who: Curator, response: Response, id: IdInPath, expected: IfMatch, body: Annotated[Terms, Body()]
    ) -> CompetitionAnswer:
        """Change the terms. What is frozen keeps those of then."""
        seen = await self._own(who, id, expected)
        _require_sound(body)
        if body.jury != seen.it.terms.jury and seen.it.marks:
            raise Conflict("Juri sudah memberi nilai; kriteria dan bobot tidak dapat diubah lagi.")
        update = {"terms": body, "year": body.year}
        return _answer(response, await self._competitions.change(id, expected, update), who)

    async def mark(
        self, who: Curator, response: Response, id: IdInPath, expected: IfMatch, body: Annotated[JuryTable, Body()]
    ) -> CompetitionAnswer:
        """Put down the jury's marks, the whole table at once."""
        seen = await self._own(who, id, expected)
        if seen.it.terms.jury is None:
            raise Conflict("Lomba ini tidak memakai juri.")
        if flaws := body.flaws(seen.it.terms):
            raise Invalid(flaws)
        marks = tuple(sorted(body.marks, key=lambda each: each.innovation))
        return _answer(response, await self._competitions.change(id, expected, {"marks": marks}), who)

    async def standings(
        self,
        who: Anyone,
        id: IdInPath,
        measure: Annotated[Measure, Query(description="`claimed`: the forecast.")] = Measure.VERIFIED,
    ) -> StandingsAnswer:
        """How it stands now, with the movement against its last freeze."""
        seen = await self._competitions.get(id)
        require_measure(who, measure, seen.it.region)
        if seen.it.terms.jury is not None and not _inside(who, seen):
            raise Forbidden("Lomba dengan juri diumumkan setelah dibekukan; lihat pembekuan peringkat.")
        found = await entrants(
            self._store, self._shelf, year=seen.it.terms.year, region=seen.it.region, measure=measure
        )
        zone = (await region_of(self._store, seen.it.region)).zone
        stood = outcome(seen.it.terms, found.entries, zone, seen.it.marks, measure)
        last = await self._freezes.last(seen.it.region, seen.id)
        compared = stood.model_copy(update={"cells": against(stood.cells, last)})
        return standings_answer(seen, compared, measure, found.catalogues, last)

    async def _own(self, who: Principal, id: str, expected: int) -> Seen:
        seen = await self._competitions.get(id)
        who.require_region(seen.it.region)
        if seen.sequence != expected:
            raise Stale("Sudah diubah pihak lain sejak Anda membacanya; muat ulang, lalu ulangi.")
        return seen


def _inside(who: Principal, seen: Seen) -> bool:
    return who.role in {Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR} and who.may_see_region(seen.it.region)


def _answer(response: Response, seen: Seen, who: Principal) -> CompetitionAnswer:
    etag(response, seen.sequence)
    return competition_answer(seen, inside=_inside(who, seen))


def _require_sound(terms: Terms, within: str = "") -> None:
    flaws = [Flaw(f"{within}{place}", code, sentence) for place, code, sentence in terms.flaws()]
    if flaws:
        raise Invalid(flaws)
