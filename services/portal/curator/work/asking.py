"""Asks the owners in the name of the person who is signed in, and reads their answers. Nothing of it is kept, but for
catalogues, which are public and never change under their name."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.portal.answered.answered import Answered
from services.portal.curator.work.owner_answers.catalogue import Catalogue
from services.portal.curator.work.owner_answers.innovation import Innovation
from services.portal.curator.work.owner_answers.scorecard import Scorecard
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import OwnerClient, Owners
from services.portal.pages.session import SignedIn
from shared.faults import NotFound

A = TypeVar("A", bound=Answered)
T = TypeVar("T")

NOT_FOUND = 404


@dataclass(frozen=True)
class Asked(Generic[A]):
    """An answer. sequence: the version of the document, 0 while it was never written."""

    it: A
    sequence: int


class Asking:
    """In the name of one session."""

    _catalogues: dict[str, Catalogue] = {}  # noqa: RUF012 - shared on purpose: by name, which is for good

    def __init__(self, owners: Owners, session: SignedIn) -> None:
        self.registry: OwnerClient = owners.registry(session)
        self.scoring: OwnerClient = owners.scoring(session)

    async def innovation(self, id: str) -> Innovation:
        """The whole innovation. Raises NotFound, OwnerAway."""
        return (await read(self.registry, f"/innovations/{id}", Innovation)).it

    async def scorecard(self, id: str) -> Scorecard | None:
        """Its scorecard; None: there is none yet. Raises OwnerAway."""
        try:
            return (await read(self.scoring, f"/scorecards/{id}", Scorecard)).it
        except NotFound:
            return None

    async def catalogue(self, name: str) -> Catalogue:
        """A catalogue with the words of its levels. Raises NotFound, OwnerAway."""
        if name not in self._catalogues:
            self._catalogues[name] = (await read(self.scoring, f"/catalogues/{name}", Catalogue)).it
        return self._catalogues[name]


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
