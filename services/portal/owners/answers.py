"""What a service answered, as a value, and as the two faults that a page meets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.faults import Away, Fault

_MOST_DETAIL = 500  # characters


@dataclass(frozen=True)
class Answer:
    """body: the JSON object, {} without one; headers: with names in lower case."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """The version, as `version` of the next change wants it; empty without one."""
        return self.headers.get("etag", "")

    @property
    def sequence(self) -> int | None:
        """The sequence of the document that was read or changed; None without one."""
        text = self.etag.removeprefix("W/").strip('"')
        return int(text) if text.isascii() and text.isdecimal() else None


class OwnerProblem(Fault):
    """A service refused the request with a problem document.

    status: of HTTP; slug: of the problem's type; detail: a sentence for people; flaws: dicts of field, code and
    message; confirm: numbers that the person must confirm; other: what exists already.
    """

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        super().__init__(str(document.get("detail") or document.get("title") or "")[:_MOST_DETAIL])
        self.status = status
        self.slug = str(document.get("type", "")).rpartition("/")[2] or "unknown"
        self.flaws: list[dict[str, str]] = [each for each in document.get("flaws") or [] if isinstance(each, dict)]
        self.confirm: dict[str, int] = document.get("confirm") or {}
        self.other: dict[str, str] = document.get("other") or {}

    @property
    def is_stale(self) -> bool:
        """Whether somebody else has changed the document since it was read, or the form does not say which version
        the person saw."""
        return self.slug in {"stale", "precondition-required"}


class OwnerAway(Away):
    """A service does not answer, or cannot at present. owner: its name."""

    slug = "owner-away"

    def __init__(self, owner: str, why: str) -> None:
        super().__init__(f"{owner}: {why}")
        self.owner = owner


def answer_of(owner: str, status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    """The answer. Raises OwnerProblem for a refusal, OwnerAway for an error that is not the caller's."""
    body = _object(content)
    if status >= 500:  # noqa: PLR2004 - HTTP's classes
        raise OwnerAway(owner, str(body.get("detail") or f"status {status}")[:_MOST_DETAIL])
    if status >= 400:  # noqa: PLR2004 - as above
        raise OwnerProblem(status, body)
    return Answer(status, body, headers)


def _object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content) if content else {}
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {"items": body}
