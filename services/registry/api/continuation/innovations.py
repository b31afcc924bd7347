"""The routes below `/innovations/{id}/continuation`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Path, Request, Response

from services.registry.api.continuation.examples import (
    ACTORS,
    ANSWER,
    FOLLOW_UP,
    ORIGIN,
    RIGHTS,
    STAGE,
    SUSTAINABILITY,
    USE,
)
from services.registry.api.files import FILE_ANSWER, download, upload
from services.registry.api.parameters import DigestInPath, IdInPath
from services.registry.continuation import changes
from services.registry.continuation.actor import ActorList
from services.registry.continuation.continuing import Circumstances, Continuing, Decide
from services.registry.continuation.follow_up import Answer, FollowUpPlan, UseEntry
from services.registry.continuation.origin import InnovationOrigin
from services.registry.continuation.origins import Origins
from services.registry.continuation.proofs import PROOF, proof_of
from services.registry.continuation.rights import RightsList
from services.registry.continuation.stage import StageMove
from services.registry.continuation.sustainability import Sustainability
from services.registry.continuation.views import ContinuationAnswer
from services.registry.files.uploads import Uploads
from services.registry.innovation.innovation import Change, Innovation
from shared.auth.policy import Principal, Role
from shared.storage.repository import Versioned
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import Routes, Who, get, post, put
from shared.web.upload import UPLOAD_BODY

NumberInPath = Annotated[int, Path(ge=1, le=100_000, description="The question's number.")]


class ContinuationRoutes(Routes):
    """Every change answers with the continuation after the change. If-Match takes the innovation's ETag."""

    prefix = "/innovations/{id}/continuation"
    tag = "continuation"

    def __init__(self, continuing: Continuing, origins: Origins, uploads: Uploads) -> None:
        self._continuing = continuing
        self._origins = origins
        self._uploads = uploads

    @get("", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)
    async def read_continuation(self, *, who: Who, response: Response, id: IdInPath) -> ContinuationAnswer:
        """Stage, origin, follow-ups, actors, sustainability and rights, for the innovation's agency and its region."""
        return await self._answer(response, await self._continuing.read(who, id), who)

    @post("/stage", Role.CURATOR)
    async def move_stage(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[StageMove, Body(openapi_examples=STAGE)],
    ) -> ContinuationAnswer:
        """Move to a stage of one of the region's pipelines, forward or back. What is recorded afterwards names the day
        since which it is there."""

        def move(it: Innovation, at: Circumstances) -> Change:
            return changes.move(it, body, rules=at.rules, by=at.by, now=at.now, origin=at.origin)

        return await self._change(who, response, id, expected, move)

    @put("/origin", Role.AGENCY, Role.CURATOR)
    async def set_origin(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[InnovationOrigin, Body(openapi_examples=ORIGIN)],
    ) -> ContinuationAnswer:
        """Say where it comes from. The decision to stop a training project stops the innovation; taken back, it goes
        on."""
        read = await self._continuing.access.read_for_change(who, id, expected)
        await self._origins.require(read.value, body)

        def set_origin(it: Innovation, at: Circumstances) -> Change:
            return changes.set_origin(it, body, today=at.today, rules=at.rules.follow_up, by=at.by, origin=at.origin)

        return await self._change(who, response, id, expected, set_origin)

    @put("/follow-up", Role.CURATOR)
    async def plan_follow_up(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[FollowUpPlan, Body(openapi_examples=FOLLOW_UP)],
    ) -> ContinuationAnswer:
        """Set the day of the next question whether it is still in use. Without this, a verified innovation is asked
        after the region's number of months."""

        def plan(it: Innovation, at: Circumstances) -> Change:
            return changes.plan_follow_up(it, body.asked_on, at.today, at.rules.follow_up, at.origin)

        return await self._change(who, response, id, expected, plan)

    @post("/follow-up/files", Role.AGENCY, Role.CURATOR, openapi_extra=UPLOAD_BODY)
    async def add_proof(
        self, *, who: Who, request: Request, response: Response, id: IdInPath, expected: IfMatch
    ) -> ContinuationAnswer:
        """Add a file to the answer that is being prepared: PDF, JPEG or PNG of at most 10 MB."""
        innovation = (await self._continuing.access.read_for_change(who, id, expected)).value
        changes.require_question(innovation)
        charge = await self._continuing.charge(who, innovation)
        file = await upload(self._uploads, request, PROOF, self._continuing.now(), charge)
        return await self._change(who, response, id, expected, lambda it, at: changes.attach_proof(it, file, at.origin))

    @get("/follow-ups/{number}/files/{digest}", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE, **FILE_ANSWER)
    async def read_proof(self, *, who: Who, id: IdInPath, number: NumberInPath, digest: DigestInPath) -> Response:
        """A file of an answer, for its agency and its region."""
        innovation = (await self._continuing.read(who, id)).value
        return await download(self._continuing.access.files, proof_of(innovation, number, digest))

    @post("/follow-up/answer", Role.AGENCY, Role.CURATOR)
    async def answer_follow_up(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Answer, Body(openapi_examples=ANSWER)],
    ) -> ContinuationAnswer:
        """Answer the open question, also before its day. The next one is asked after the region's number of months; of
        an innovation that has ended nothing is asked any more."""

        def answer(it: Innovation, at: Circumstances) -> Change:
            return changes.answer(it, body, today=at.today, rules=at.rules.follow_up, by=at.by, origin=at.origin)

        return await self._change(who, response, id, expected, answer)

    @put("/use", Role.CURATOR)
    async def set_use(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[UseEntry, Body(openapi_examples=USE)],
    ) -> ContinuationAnswer:
        """Say whether it is in use, as the curator has found it."""

        def use(it: Innovation, at: Circumstances) -> Change:
            return changes.set_use(it, body, today=at.today, rules=at.rules.follow_up, by=at.by, origin=at.origin)

        return await self._change(who, response, id, expected, use)

    @put("/actors", Role.AGENCY, Role.CURATOR)
    async def set_actors(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[ActorList, Body(openapi_examples=ACTORS)],
    ) -> ContinuationAnswer:
        """Replace the list of actors."""
        return await self._change(who, response, id, expected, lambda it, at: changes.set_actors(it, body, at.origin))

    @put("/sustainability", Role.AGENCY, Role.CURATOR)
    async def set_sustainability(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[Sustainability, Body(openapi_examples=SUSTAINABILITY)],
    ) -> ContinuationAnswer:
        """Replace team, decree, SOP, financing and successor. The answer's `concerns` warn, for example when the only
        person who is named leaves."""
        return await self._change(
            who, response, id, expected, lambda it, at: changes.set_sustainability(it, body, at.origin)
        )

    @put("/rights", Role.AGENCY, Role.CURATOR)
    async def set_rights(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[RightsList, Body(openapi_examples=RIGHTS)],
    ) -> ContinuationAnswer:
        """Replace the list of intellectual property. The end of protection follows from the kind where the law says how
        long it lasts; else it is entered."""
        return await self._change(who, response, id, expected, lambda it, at: changes.set_rights(it, body, at.origin))

    async def _change(
        self, who: Principal, response: Response, id: str, expected: int, decide: Decide
    ) -> ContinuationAnswer:
        return await self._answer(response, await self._continuing.change(who, id, expected, decide), who)

    async def _answer(self, response: Response, read: Versioned[Innovation], who: Principal) -> ContinuationAnswer:
        etag(response, read.sequence)
        return ContinuationAnswer.of(read, await self._continuing.circumstances(who.id, read.value.region))
