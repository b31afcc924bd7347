"""The route `/agencies/{id}/mentor`: a name, for the agency and its region only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Body, Response

from services.registry.api.continuation.examples import MENTOR
from services.registry.api.parameters import IdInPath
from services.registry.continuation.mentor import MentorEntry
from services.registry.continuation.mentors import Mentors
from services.registry.innovation.views import VersionedAnswer
from shared.auth.policy import Role
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import Routes, Who, get, put


class MentorAnswer(VersionedAnswer):
    """sequence: 0 while nobody was ever named; name: None: nobody; since: of the last change."""

    agency: str
    name: str | None
    since: datetime | None


class MentorRoutes(Routes):
    """Named by the curator. In no event."""

    prefix = "/agencies/{id}/mentor"
    tag = "mentors"

    def __init__(self, mentors: Mentors) -> None:
        self._mentors = mentors

    @get("", Role.AGENCY, Role.CURATOR, Role.EXECUTIVE)
    async def read_mentor(self, *, who: Who, response: Response, id: IdInPath) -> MentorAnswer:
        """The agency's mentor."""
        _, found = await self._mentors.read(who, id)
        etag(response, found.sequence if found else 0)
        if found is None:
            return MentorAnswer(sequence=0, agency=id, name=None, since=None)
        return MentorAnswer(sequence=found.sequence, agency=id, name=found.value.name, since=found.value.since)

    @put("", Role.CURATOR)
    async def name_mentor(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[MentorEntry, Body(openapi_examples=MENTOR)],
    ) -> MentorAnswer:
        """Name the agency's mentor; `null`: none any more, and the former name is gone."""
        mentor = await self._mentors.name(who, id, body, expected)
        etag(response, mentor.sequence)
        return MentorAnswer(sequence=mentor.sequence, agency=id, name=mentor.value.name, since=mentor.value.since)
