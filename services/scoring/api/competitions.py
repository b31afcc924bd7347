"""Routes `/competitions`: terms made and changed by the curator, public for all.

Where a jury marks, the standings are for curator and executive until they are frozen; so are the marks, for good.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.scoring.api.parameters import ANYONE, Cursor, Id, PageLimit
from services.scoring.ranking.entry import Measure
from services.scoring.ranking.live import LiveRankings
from services.scoring.ranking.store import Competition, competitions
from services.scoring.ranking.terms import Marks, Terms
from services.scoring.ranking.visibility import require_measure
from services.scoring.scorecard.visibility import sees_unverified
from services.scoring.views.competitions import (
    CompetitionAnswer,
    CompetitionPage,
    StandingsAnswer,
    competition_answer,
    standings_answer,
)
from shared.auth.policy import Principal, Role
from shared.contracts.fields import RegionCode
from shared.faults import Conflict, Flaw, Flaws, Forbidden, Invalid
from shared.ports.store import Store
from shared.storage.repository import Versioned
from shared.storage.steps import without_event
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.routes import Routes, Who, created, get, post, put

IdInPath = Annotated[Id, Path(description="A competition's id.")]


class NewCompetition(BaseModel):
    """A competition of a region."""

    model_config = ConfigDict(extra="forbid")

    region: RegionCode = Field(examples=["61.71"])
    terms: Terms


class JuryTable(BaseModel):
    """All marks that the jury has given. It replaces the earlier ones: an innovation that is not in it has no marks."""

    model_config = ConfigDict(extra="forbid")

    marks: list[Marks] = Field(max_length=2000)

    def flaws(self, terms: Terms) -> list[Flaw]:
        """What does not fit the terms."""
        criteria = {each.slug for each in terms.jury.criteria} if terms.jury else set()
        found = Flaws()
        seen: set[str] = set()
        for number, each in enumerate(self.marks):
            if each.innovation in seen:
                found.append(Flaw(f"marks.{number}.innovation", "repeated", "inovasi ini sudah ada di atas"))
            seen.add(each.innovation)
            found += [
                Flaw(f"marks.{number}.marks.{slug}", "unknown", "bukan kriteria lomba ini")
                for slug in sorted(each.marks.keys() - criteria)
            ]
        return found


class CompetitionQuery(BaseModel):
    """The filters of a list of competitions."""

    region: RegionCode | None = Field(default=None, examples=["61.71"])
    year: int | None = Field(default=None, ge=2000, le=2100)
    limit: PageLimit = 50
    after: Cursor = None


class CompetitionRoutes(Routes):
    """Answers for `/competitions`."""

    prefix = "/competitions"
    tag = "competitions"

    def __init__(self, store: Store, rankings: LiveRankings) -> None:
        self._competitions = competitions(store)
        self._rankings = rankings

    @get("", *ANYONE, summary="Lomba inovasi", response_model=CompetitionPage)
    async def competitions(
        self, request: Request, response: Response, query: Annotated[CompetitionQuery, Query()]
    ) -> dict[str, Any]:
        """Competitions, without marks."""
        where = query.model_dump(include={"region", "year"}, exclude_none=True)
        page = await self._competitions.list(where, limit=query.limit, after=query.after)
        return paged(request, response, [competition_answer(each, inside=False) for each in page.items], page.after)

    @post("", Role.CURATOR, status_code=201, summary="Buat lomba")
    async def create(
        self,
        who: Who,
        request: Request,
        response: Response,
        key: IdempotencyKey,
        body: Annotated[NewCompetition, Body()],
    ) -> CompetitionAnswer:
        """Create a competition."""
        who.require_region(body.region)
        _require_sound(body.terms, "terms.")
        body_print = fingerprint(body)
        made = Competition(
            region=body.region, year=body.terms.year, created_by_body=body_print.sent, terms=body.terms, by=who.id
        )
        competition = await self._competitions.create(idempotent_id(who, key), made, fingerprint=body_print)
        created(request, response, f"competitions/{competition.id}", competition.sequence)
        return _answer(response, competition, who)

    @get("/{id}", *ANYONE, summary="Satu lomba")
    async def competition(self, who: Who, response: Response, id: IdInPath) -> CompetitionAnswer:
        """One competition; the jury's marks only for accounts of the region."""
        return _answer(response, await self._competitions.get(id), who)

    @put("/{id}", Role.CURATOR, summary="Ubah ketentuan lomba")
    async def change(
        self, who: Who, response: Response, id: IdInPath, expected: IfMatch, body: Annotated[Terms, Body()]
    ) -> CompetitionAnswer:
        """Change the terms. A freeze keeps the terms of its time."""
        before = (await self._own(who, id, expected)).value
        _require_sound(body)
        if body.jury != before.terms.jury and before.marks:
            raise Conflict("Juri sudah memberi nilai; kriteria dan bobot tidak dapat diubah lagi.")
        after = await self._update(id, expected, {"terms": body, "year": body.year}, who.id)
        return _answer(response, after, who)

    @put("/{id}/marks", Role.CURATOR, summary="Nilai juri")
    async def mark(
        self, who: Who, response: Response, id: IdInPath, expected: IfMatch, body: Annotated[JuryTable, Body()]
    ) -> CompetitionAnswer:
        """Replace the jury's marks, the whole table at once."""
        before = (await self._own(who, id, expected)).value
        if before.terms.jury is None:
            raise Conflict("Lomba ini tidak memakai juri.")
        if flaws := body.flaws(before.terms):
            raise Invalid(flaws)
        marks = before.marked(body.marks, who.id)
        return _answer(response, await self._update(id, expected, {"marks": marks}, who.id), who)

    @get("/{id}/standings", *ANYONE, summary="Peringkat lomba saat ini")
    async def standings(
        self,
        who: Who,
        id: IdInPath,
        measure: Annotated[Measure, Query(description="`claimed`: the forecast.")] = Measure.VERIFIED,
    ) -> StandingsAnswer:
        """The present standings, with the movement since the last freeze."""
        competition = await self._competitions.get(id)
        region = competition.value.region
        require_measure(who, measure, region)
        if competition.value.terms.jury is not None and not sees_unverified(who, region):
            raise Forbidden("Lomba dengan juri diumumkan setelah dibekukan; lihat pembekuan peringkat.")
        return standings_answer(competition, await self._rankings.of_competition(competition, measure), measure)

    async def _own(self, who: Principal, id: str, expected: int) -> Versioned[Competition]:
        competition = await self._competitions.get(id)
        who.require_region(competition.value.region)
        competition.require(expected)
        return competition

    async def _update(self, id: str, expected: int, update: dict[str, Any], by: str) -> Versioned[Competition]:
        def changed(before: Competition) -> Competition | None:
            after = before.model_copy(update=update)
            return None if after == before else after.model_copy(update={"by": by})

        return await self._competitions.amend(id, expected, without_event(changed))


def _answer(response: Response, competition: Versioned[Competition], who: Principal) -> CompetitionAnswer:
    etag(response, competition.sequence)
    return competition_answer(competition, inside=sees_unverified(who, competition.value.region))


def _require_sound(terms: Terms, within: str = "") -> None:
    flaws = [Flaw(f"{within}{place}", code, sentence) for place, code, sentence in terms.flaws()]
    if flaws:
        raise Invalid(flaws)
