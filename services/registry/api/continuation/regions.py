"""The routes below `/regions/{code}` about continuation: the region's rules, where its innovations are, and which ones
need somebody."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Body, Query, Request, Response

from services.registry.api.continuation.examples import PROMISED_YEAR, RULES
from services.registry.api.parameters import CodeInPath
from services.registry.continuation.attention import Concern
from services.registry.continuation.matching import MatchedPromises, PromisedYear, PromiseMatching
from services.registry.continuation.overview import Overview
from services.registry.continuation.rules import RulesTerms
from services.registry.continuation.summary import ContinuationSummary
from services.registry.continuation.views import AttentionList, RulesAnswer
from shared.auth.policy import Role
from shared.contracts.fields import Year
from shared.web.paging import paged
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import After, Limit, Routes, Who, get, post, put

YearInQuery = Annotated[Year | None, Query(description="Only of this duty year.")]


class ContinuationRegionRoutes(Routes):
    """For the region's people only."""

    prefix = "/regions/{code}"
    tag = "continuation"

    def __init__(self, overview: Overview, promises: PromiseMatching) -> None:
        self._overview = overview
        self._promises = promises

    @get("/continuation-rules", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
    async def read_rules(self, *, who: Who, response: Response, code: CodeInPath) -> RulesAnswer:
        """Pipelines with their stages, and how often innovations are followed up. Version 0: the built-in rules."""
        who.require_region(code)
        rules, sequence = await self._overview.rules(code)
        etag(response, sequence)
        return RulesAnswer.of(rules, sequence)

    @put("/continuation-rules", Role.CURATOR)
    async def set_rules(
        self,
        *,
        who: Who,
        response: Response,
        code: CodeInPath,
        expected: IfMatch,
        body: Annotated[RulesTerms, Body(openapi_examples=RULES)],
    ) -> RulesAnswer:
        """Replace the rules. A stage at which innovations are cannot be removed."""
        who.require_region(code)
        rules, sequence = await self._overview.set_rules(code, body, who.id, expected)
        etag(response, sequence)
        return RulesAnswer.of(rules, sequence)

    @get("/continuation", Role.CURATOR, Role.EXECUTIVE)
    async def summarise(self, *, who: Who, code: CodeInPath, year: YearInQuery = None) -> ContinuationSummary:
        """How many innovations are at which stage, by kind of who brought them forth, how many are stuck, launched,
        live, dormant or stopped."""
        who.require_region(code)
        return await self._overview.summary(code, year)

    @post("/commitments/match", Role.CURATOR)
    async def match_promises(
        self, *, who: Who, code: CodeInPath, body: Annotated[PromisedYear, Body(openapi_examples=PROMISED_YEAR)]
    ) -> MatchedPromises:
        """Name for each open promise of that year the innovation of the same agency and year that has its name. A
        repeat changes nothing more; what was found wrongly is corrected in the commitment."""
        return await self._promises.match(who, code, body.year)

    @get("/attention", Role.CURATOR, Role.EXECUTIVE, response_model=AttentionList)
    async def list_attention(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        code: CodeInPath,
        concern: Annotated[Concern | None, Query(description="Only this concern.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """The innovations that need somebody: stuck, unanswered, dormant, stopped, with rights that end, weak, or
        undecided. `limit` counts innovations that are looked at, so that a page may be short."""
        who.require_region(code)
        items, following = await self._overview.attention(code, concern, limit=limit, after=after)
        return paged(request, response, items, following)
