"""Stores a group that others may be editing at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.portal.answered.continuation import Continuation
from services.portal.continuation.group import Body, Group
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import OwnerClient
from services.portal.pages.forms import Errors
from services.portal.pages.language import _
from services.portal.pages.prints import print_of

_MOST_TRIES = 4
_INVALID, _STALE, _AWAY = 422, 412, 503


@dataclass(frozen=True)
class Refused:
    """Why nothing was stored. stored: what somebody else has stored meanwhile, None: nobody has."""

    status: int
    errors: Errors = field(default_factory=Errors)
    stored: Body | None = None


async def save(registry: OwnerClient, known: Continuation, group: Group, body: Body, opened: str) -> Refused | None:
    """Store a group, unless it was changed since the form was opened with that print. Other changes of the innovation
    do not matter. None: it is stored. Raises OwnerProblem, OwnerAway while it is read anew."""
    path = f"/innovations/{known.id}/continuation"
    for left in reversed(range(_MOST_TRIES)):
        stored = group.stored(known)
        if stored == body:
            return None
        if print_of(stored) != opened:
            return Refused(_STALE, stored=stored)
        try:
            await registry.put(f"{path}/{group.path}", body, version=f'"{known.sequence}"')
        except OwnerProblem as problem:
            if not problem.is_stale or not left:
                return _refused(problem, group)
        except OwnerAway:
            away = _("Bagian sistem yang menyimpannya sedang tidak menjawab. Isian Anda masih di sini; coba lagi.")
            return Refused(_AWAY, Errors({"": away}))
        else:
            return None
        known = Continuation.model_validate((await registry.get(path)).body)
    raise AssertionError


def _refused(problem: OwnerProblem, group: Group) -> Refused:
    errors = Errors()
    paths = {each["field"] for each in problem.flaws}
    places = {each: each if "." in each or each in group.names else "" for each in paths}
    errors.add_flaws(problem.flaws, {**places, "fostering_agency": "opd"})
    if not errors:
        errors[""] = problem.detail
    return Refused(problem.status, errors)
