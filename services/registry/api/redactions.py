"""The route by which a curator has the bytes of an innovation's file removed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Response

from services.registry.api.answers import innovation_answer
from services.registry.api.examples import REDACTION
from services.registry.api.parameters import IdInPath
from services.registry.files.redaction import NewRedaction
from services.registry.files.sweep import FileSweep
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.redaction import redact
from services.registry.innovation.views import InnovationAnswer
from shared.auth.policy import Role
from shared.web.preconditions import IfMatch
from shared.web.routes import Routes, Who, post


class RedactionRoutes(Routes):
    """The route `/innovations/{id}/redactions`."""

    prefix = "/innovations/{id}/redactions"
    tag = "evidence"

    def __init__(self, access: InnovationAccess, sweep: FileSweep) -> None:
        self._access = access
        self._sweep = sweep

    @post("", Role.CURATOR)
    async def redact_file(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[NewRedaction, Body(openapi_examples=REDACTION)],
    ) -> InnovationAnswer:
        """Remove the bytes of a file of the rows, of the profile or of an answer to a follow-up for good, in any
        status. Digest, size and the letter's number and date stay, and so does the reason, which must name nobody.
        Another innovation that has the same file keeps it."""
        source = self._access.origin()
        innovation = await self._access.change(who, id, expected, lambda it: redact(it, body, who.id, source))
        await self._sweep.remove_redacted(body.digest)
        return innovation_answer(response, innovation)
