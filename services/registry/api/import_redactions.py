"""The route by which a curator has the bytes of an imported table removed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, Response

from services.registry.api.examples import REDACTION
from services.registry.api.parameters import IdInPath
from services.registry.files.redaction import NewRedaction
from services.registry.imports.redaction import ImportRedaction
from services.registry.imports.views import ImportAnswer
from shared.auth.policy import Role
from shared.web.preconditions import IfMatch, etag
from shared.web.routes import Routes, Who, post


class ImportRedactionRoutes(Routes):
    """The route `/imports/{id}/redactions`."""

    prefix = "/imports/{id}/redactions"
    tag = "imports"

    def __init__(self, redaction: ImportRedaction) -> None:
        self._redaction = redaction

    @post("", Role.CURATOR)
    async def redact_table(
        self,
        *,
        who: Who,
        response: Response,
        id: IdInPath,
        expected: IfMatch,
        body: Annotated[NewRedaction, Body(openapi_examples=REDACTION)],
    ) -> ImportAnswer:
        """Remove the table and its report, which quotes it, for good, from every import of the region that has this
        table. Digest, size, counts and the reason stay, which must name nobody. What was imported stays, too."""
        changed = await self._redaction.redact(who, id, body, expected)
        etag(response, changed.sequence)
        return ImportAnswer.of(changed)
