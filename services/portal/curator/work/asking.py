"""Asks the owners in the name of the person who is signed in, and reads their answers. Nothing of it is kept, but for
catalogues, which are public and never change under their name."""

from __future__ import annotations

from services.portal.curator.work.owner_answers.catalogue import Catalogue
from services.portal.curator.work.owner_answers.innovation import Innovation
from services.portal.curator.work.owner_answers.scorecard import Scorecard
from services.portal.owners.client import OwnerClient, Owners
from services.portal.owners.reading import read
from services.portal.pages.session import SignedIn
from shared.faults import NotFound


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
