"""Reads what an owner answers, with its version. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.portal.answered.answered import Answered
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import OwnerClient
from shared.faults import NotFound

A = TypeVar("A", bound=Answered)
T = TypeVar("T")

NOT_FOUND = 404


@dataclass(frozen=True)
class Asked(Generic[A]):
    """An answer. sequence: the version of the document, 0 while it was never written."""

    it: A
    sequence: int


async def read(owner: OwnerClient, path: str, of: type[A], **query: str | int | None) -> Asked[A]:
    """GET. Raises NotFound, OwnerProblem, OwnerAway."""
    try:
        answer = await owner.get(path, **query)
    except OwnerProblem as problem:
        if problem.status == NOT_FOUND:
            raise NotFound from problem
        raise
    return Asked(of.model_validate(answer.body), answer.sequence or 0)


def version(sequence: int) -> str:
    """The version of a document, as a change of it names it."""
    return f'"{sequence}"'


async def unless_away(asked: Awaitable[T]) -> T | None:
    """What an owner answers; None while it does not: the page says so in that place, and the rest stands."""
    try:
        return await asked
    except OwnerAway:
        return None
