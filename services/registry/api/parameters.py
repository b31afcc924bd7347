"""What all routes share: the moment of a command, the fields of a path and of a list, and where a new thing is."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from services.registry.evidence import Row
from shared.contracts.fields import Id, RegionCode
from shared.web.preconditions import etag


async def _command(request: Request) -> None:
    """Reached in the guard."""


COMMAND: Any = Depends(_command)
"""A dependency of every route that changes something."""

Limit = Annotated[int, Query(ge=1, le=200, description="How many to a page.")]
After = Annotated[str | None, Query(max_length=1_000, description="The `next` of the page before.")]
CodeInPath = Annotated[RegionCode, Path(description="Kemendagri's code.", examples=["61.12"])]
IdInPath = Annotated[Id, Path(description="An opaque id.")]
RowInPath = Annotated[Row, Path(description="The indicator's joint number.", examples=["16"])]
DigestInPath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The file's SHA-256 in hex.")]


def made(request: Request, response: Response, place: str, sequence: int) -> None:
    """Say where a new thing is, and its version."""
    response.headers["Location"] = f"{request.scope.get('root_path', '')}/{place}"
    etag(response, sequence)
