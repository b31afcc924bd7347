"""A registry in memory of one innovation: versions, refusals, and what somebody else does in between."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from services.portal.owners.answers import Answer, OwnerAway, OwnerProblem
from services.portal.owners.client import OwnerClient, Owners

ID, CODE = "0b7c1f9e-3f55-5d7c-9a53-1f0b0f6f2c11", "61.12"
_EMPTY: dict[str, Any] = {"origin": None, "actors": [], "sustainability": None, "rights": []}
_WHOLE = ("origin", "sustainability")  # the body of a change is the value itself


class Registry:
    """Takes a change of the version that it has. before: done once before the next change is taken; refusal: raised
    instead."""

    def __init__(self, **known: Any) -> None:  # noqa: ANN401 - of any group
        self.known: dict[str, Any] = {
            "id": ID,
            "region": CODE,
            "agency": "a1",
            "status": "draft",
            "sequence": 3,
            **_EMPTY,
            **known,
        }
        self.before: Callable[[], None] | None = None
        self.refusal: Exception | None = None

    def change(self, group: str, value: Any) -> None:  # noqa: ANN401 - JSON
        """Somebody else changes a group."""
        self.known = {**self.known, group: value, "sequence": self.known["sequence"] + 1}

    async def get(self, path: str) -> Answer:
        """The innovation, or its continuation."""
        if path.endswith("/continuation"):
            return Answer(200, self.known)
        return Answer(200, {"profile": {"name": "Adu KPM"}})

    async def put(self, path: str, body: dict[str, Any], *, version: str) -> Answer:
        """Replace a group."""
        if self.before is not None:
            todo, self.before = self.before, None
            todo()
        if self.refusal is not None:
            raise self.refusal
        if version != f'"{self.known["sequence"]}"':
            raise OwnerProblem(412, {"type": "/problems/stale", "detail": "basi"})
        group = path.rpartition("/")[2]
        self.change(group, body if group in _WHOLE else body[group])
        return Answer(200, self.known)


def owners_of(registry: Registry) -> Owners:
    """Owners of which only the registry is asked."""

    class _Owners:
        def registry(self, _session: object) -> OwnerClient:
            return cast("OwnerClient", registry)

    return cast("Owners", _Owners())


def refused(field: str, message: str) -> OwnerProblem:
    """A refusal with one flaw."""
    return OwnerProblem(422, {"type": "/problems/invalid", "flaws": [{"field": field, "message": message}]})


def away() -> OwnerAway:
    """No answer."""
    return OwnerAway("registry", "no answer in time")
