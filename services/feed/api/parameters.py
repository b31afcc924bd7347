"""The parameters of requests for events."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Query

from services.feed.latest.cursor import Cursor
from shared.contracts.fields import RegionCode
from shared.web.openapi import problem_response
from shared.web.problems import MEDIA_TYPE

LONGEST_WAIT = 30  # seconds

Subjects = Annotated[
    str | None,
    Query(
        max_length=500,
        description="Kinds of subject, separated by commas; by default all that the token opens.",
        examples=["innovation,obligation"],
    ),
]
InRegion = Annotated[
    RegionCode | None,
    Query(
        description="Only this region (`61.12`; `61`: the provincial government alone); by default all that the token "
        "opens.",
        examples=["61.12"],
    ),
]
AfterCursor = Annotated[
    str | None,
    Query(
        max_length=200,
        description="The cursor of the page before, or the id of the last event of a stream; without one, or empty: "
        "from the beginning.",
        examples=["3f9a1c0b77de-19b2f0c6a31"],
    ),
]

_PROBLEM = {"content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}

PROBLEMS: dict[int | str, dict[str, Any]] = {
    410: {
        "description": "`feed-restarted`: the cursor is of a former generation of the feed. Read from the beginning, "
        "then drop what you did not see again.",
        **_PROBLEM,
    },
    429: problem_response(HTTPStatus.TOO_MANY_REQUESTS),
}


def cursor_in(after: str | None) -> Cursor | None:
    """The cursor of a request; None: from the beginning. Raises Invalid."""
    return Cursor.decode(after) if after else None
