"""The base of documents that people create over HTTP; no I/O, so that pure modules may use it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Stored(BaseModel):
    """created_by_body: the fingerprint of the request that made it, to tell a repeat from another request."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    created_by_body: str
