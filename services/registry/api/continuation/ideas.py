"""The routes of public ideas: anybody hands one in, the region decides."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Self

from fastapi import Body, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from services.registry.api.continuation.examples import CLOSING, HAND_OVER, IDEA
from services.registry.api.parameters import CodeInPath, IdInPath
from services.registry.continuation.public_ideas.idea import Closing, HandOver, Idea, NewIdea
from services.registry.continuation.public_ideas.ideas import Ideas
from services.registry.innovation.views import VersionedAnswer
from shared.auth.policy import EVERYBODY, Role
from shared.contracts.idea import IdeaStatus
from shared.storage.repository import Versioned
from shared.web.openapi import problem_response
from shared.web.paging import paged
from shared.web.preconditions import IdempotencyKey, IfMatch, etag, fingerprint, idempotent_id
from shared.web.routes import After, Limit, Routes, Who, created, get, post

_MANY: dict[int | str, Any] = {429: problem_response(HTTPStatus.TOO_MANY_REQUESTS)}


class IdeaReceipt(VersionedAnswer):
    """What everybody may know who knows the id: how far the idea is; reason: of the closing. Not its text."""

    id: str
    region: str
    status: IdeaStatus
    received_at: datetime
    agency: str
    reason: str | None

    @classmethod
    def of(cls, idea: Versioned[Idea]) -> Self:
        """The view for whoever handed it in."""
        return cls(sequence=idea.sequence, **idea.value.model_dump(include=set(cls.model_fields) - {"sequence"}))


class IdeaAnswer(IdeaReceipt):
    """The idea, for its region and the agency that fosters it. innovation: the draft that came of it."""

    title: str
    text: str
    innovation: str | None
    decided_at: datetime | None


class IdeaList(BaseModel):
    """A page of ideas, the newest first."""

    model_config = ConfigDict(frozen=True)

    items: list[IdeaAnswer]
    next: str | None


class IdeaRoutes(Routes):
    """Routes for `/regions/{code}/ideas` and `/ideas/{id}`."""

    tag = "ideas"

    def __init__(self, ideas: Ideas) -> None:
        self._ideas = ideas

    @post("/regions/{code}/ideas", *EVERYBODY, status_code=201, responses=_MANY)
    async def hand_in_idea(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        code: CodeInPath,
        key: IdempotencyKey,
        body: Annotated[NewIdea, Body(openapi_examples=IDEA)],
    ) -> IdeaReceipt:
        """Hand in an idea: a title and a text, without personal data. It is seen by the region's curator only. So many
        are taken from one address in an hour, and of a region on a day."""
        address = request.client.host if request.client else None
        idea = await self._ideas.receive(code, body, idempotent_id(who, key), fingerprint(body), address)
        created(request, response, f"ideas/{idea.id}", idea.sequence)
        return IdeaReceipt.of(idea)

    @get("/regions/{code}/ideas", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, response_model=IdeaList)
    async def list_ideas(
        self,
        *,
        who: Who,
        request: Request,
        response: Response,
        code: CodeInPath,
        status: Annotated[IdeaStatus | None, Query(description="Only of this status.")] = None,
        limit: Limit = 50,
        after: After = None,
    ) -> dict[str, Any]:
        """The region's ideas, the newest first; for an agency those that it fosters."""
        page = await self._ideas.page(who, code, status, limit=limit, after=after)
        return paged(request, response, [IdeaAnswer.of(each) for each in page.items], page.after)

    @get("/ideas/{id}", *EVERYBODY)
    async def read_idea(self, *, who: Who, response: Response, id: IdInPath) -> IdeaAnswer | IdeaReceipt:
        """The whole idea for its region and the agency that fosters it; for everybody else who knows its id, how far it
        is."""
        idea = await self._ideas.find(id)
        etag(response, idea.sequence)
        inside = who.role is not Role.OPERATOR and who.may_see_region(idea.value.region)
        if inside and (who.role is not Role.AGENCY or idea.value.agency in who.agencies):
            return IdeaAnswer.of(idea)
        return IdeaReceipt.of(idea)

    @post("/ideas/{id}/hand-over", Role.CURATOR)
    async def hand_over_idea(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[HandOver, Body(openapi_examples=HAND_OVER)],
    ) -> IdeaAnswer:
        """Hand it to an agency of the region that fosters it, or to another one."""
        return _answer(response, await self._ideas.hand_over(who, id, body.agency, expected))

    @post("/ideas/{id}/close", Role.CURATOR)
    async def close_idea(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Closing, Body(openapi_examples=CLOSING)],
    ) -> IdeaAnswer:
        """Close it with a reason, which whoever handed it in can read."""
        return _answer(response, await self._ideas.close(who, id, body.reason, expected))

    @post("/ideas/{id}/take-up", Role.AGENCY, Role.CURATOR)
    async def take_up_idea(self, *, who: Who, response: Response, id: IdInPath) -> IdeaAnswer:
        """Make a draft of it, of the fostering agency and with the community as its origin. A repeat gives the same
        draft."""
        idea, _ = await self._ideas.take_up(who, id)
        return _answer(response, idea)


def _answer(response: Response, idea: Versioned[Idea]) -> IdeaAnswer:
    etag(response, idea.sequence)
    return IdeaAnswer.of(idea)
