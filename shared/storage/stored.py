"""The base model of documents that are created by an HTTP request. No I/O, so that pure modules may import it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Stored(BaseModel):
    """A document that remembers which request created it.

    created_by_body: the fingerprint of that request's body (`shared.web.preconditions.fingerprint`). A later request
    with the same id and the same fingerprint is a repeat; with another fingerprint it is a conflict.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    created_by_body: str
