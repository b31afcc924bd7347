"""The routes to innovations that are alike: the curator's warning, and what could be replicated."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.registry.api.examples import LIKENESS_QUESTION
from services.registry.api.parameters import IdInPath
from services.registry.fields import Prose
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.likeness.content import Content
from services.registry.innovation.likeness.finder import Alike, LikenessFinder, Side, affairs_of
from services.registry.innovation.likeness.index import HANDED_IN
from services.registry.innovation.profile import Affair
from shared.auth.policy import EVERYBODY, Role
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.fields import Name, RegionCode, Year
from shared.faults import Flaw, Invalid
from shared.ports.store import OneOf
from shared.web.paging import paged
from shared.web.routes import After, Routes, Who, get, post

MOST_AFFAIRS = 4  # that are searched at once
MOST_PAIRS = 20  # innovations that are compared for one page


class Likenesses(BaseModel):
    """innovation: that the others are compared with; items: most alike first."""

    innovation: Side
    items: list[Alike]


class Found(BaseModel):
    """Public innovations, most alike first."""

    items: list[Alike]


class Pair(BaseModel):
    """An innovation, and those like it that were handed in before it."""

    innovation: Side
    items: list[Alike]


class Pairs(BaseModel):
    """A page of innovations with others like them. It may hold fewer than `limit`, even none: `next` tells whether
    there is more."""

    items: list[Pair]
    next: str | None


class Question(BaseModel):
    """What is looked for. name: of an innovation; text: a problem or a solution in some sentences; affairs: urusan in
    which it is looked for; outside: a region whose innovations are left out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name | None = None
    text: Prose
    affairs: tuple[Affair, ...] = Field(min_length=1, max_length=MOST_AFFAIRS)
    outside: RegionCode | None = None


class LikenessRoutes(Routes):
    """Routes to alike innovations. A likeness is computed from words; it decides nothing."""

    tag = "likeness"

    def __init__(self, access: InnovationAccess, finder: LikenessFinder) -> None:
        self._access = access
        self._finder = finder

    @get("/innovations/{id}/likeness", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)
    async def alike_in_region(self, *, who: Who, id: IdInPath) -> Likenesses:
        """Innovations of the same region that look like this one, of this year or another: handed in twice, or again.
        Both are shown, with the words that they share. An agency sees its own and public ones."""
        innovation = (await self._access.read_inside(who, id)).value
        return Likenesses(innovation=Side.of(innovation), items=await self._finder.in_region(who, innovation))

    @get("/innovations/{id}/replicable", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)
    async def alike_elsewhere(self, *, who: Who, id: IdInPath) -> Likenesses:
        """Public innovations of other regions, in the same urusan, that are about the same: what could be replicated,
        or whom to learn from."""
        innovation = (await self._access.read_inside(who, id)).value
        content = Content.of(innovation.last_submitted.profile)
        affairs = affairs_of(innovation)[:MOST_AFFAIRS]
        items = await self._finder.elsewhere(content, affairs, outside=innovation.region)
        return Likenesses(innovation=Side.of(innovation), items=items)

    @post("/likeness", *EVERYBODY)
    async def find_public(self, *, body: Annotated[Question, Body(openapi_examples=LIKENESS_QUESTION)]) -> Found:
        """Public innovations that are about what is described. Nothing of the question is kept."""
        unknown = [affair for affair in body.affairs if affair not in AFFAIR_NAMES]
        if unknown:
            raise Invalid([Flaw("affairs", "unknown", "bukan salah satu dari 38 urusan")])
        content = Content(body.name or "", (("design", body.text),))
        return Found(items=await self._finder.elsewhere(content, body.affairs, outside=body.outside))

    @get("/likeness", Role.CURATOR, Role.EXECUTIVE, response_model=Pairs)
    async def pairs_of_year(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        region: Annotated[RegionCode, Query(description="The own region.", examples=["61.12"])],
        year: Annotated[Year, Query(description="Of the duty for which they were handed in.", examples=[2026])],
        limit: Annotated[int, Query(ge=1, le=MOST_PAIRS, description="How many are compared for a page.")] = MOST_PAIRS,
        after: After = None,
    ) -> dict[str, Any]:
        """What was handed in for a year and looks like something that was handed in before, in any year."""
        who.require_region(region)
        statuses = OneOf(sorted(HANDED_IN))
        where = {"region": region, "year": year, "status": statuses}
        page = await self._access.innovations.list(where, limit=limit, after=after)
        pairs = list[Pair]()
        for each in page.items:
            if items := await self._finder.before(who, each.value):
                pairs.append(Pair(innovation=Side.of(each.value), items=items))
        return paged(request, response, pairs, page.after)
