"""The mark: whether the read model has every subject.

One document. Its generation changes whenever the read model begins anew, so that it is filled again at once.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from pydantic import BaseModel, ConfigDict

from services.portal.model.kinds import MODEL_MARK
from shared.ports.store import Store
from shared.storage.repository import Repository
from shared.storage.steps import without_event

_ID = "mark"


class Mark(BaseModel):
    """generation: 12 hex digits; complete: whether every subject is there; emptying: a reset has begun and removes what
    is there; dropped: how many events its queue is known to have dropped since it exists."""

    model_config = ConfigDict(frozen=True)

    generation: str
    complete: bool = False
    emptying: bool = False
    dropped: int = 0


class Marks:
    """The mark of one store. Every method raises StoreAway."""

    def __init__(self, store: Store) -> None:
        self._marks = Repository(store, MODEL_MARK, Mark, "Data portal belum pernah dibangun.")

    async def stored(self) -> Mark | None:
        """The mark; None where no portal has ever run."""
        found = await self._marks.find(_ID)
        return None if found is None else found.value

    async def load(self) -> Mark:
        """The mark; a new one when there is none."""
        return await self.stored() or (await self._marks.create(_ID, Mark(generation=_generation()))).value

    async def lose(self, dropped: int | None = None) -> Mark:
        """Record that subjects may be missing. dropped: see `Mark`."""
        more = {} if dropped is None else {"dropped": dropped}
        return await self._changed(lambda mark: mark.model_copy(update={"complete": False, **more}))

    async def fill(self) -> Mark:
        """Record that every subject is there, unless a reset is emptying it."""
        return await self._changed(lambda mark: None if mark.emptying else mark.model_copy(update={"complete": True}))

    async def empty(self) -> Mark:
        """Record that a reset begins to remove what is there."""
        return await self._changed(lambda mark: mark.model_copy(update={"complete": False, "emptying": True}))

    async def begin(self) -> Mark:
        """Begin anew: what is missing can be filled in."""
        new = {"generation": _generation(), "complete": False, "emptying": False}
        return await self._changed(lambda mark: mark.model_copy(update=new))

    async def _changed(self, step: Callable[[Mark], Mark | None]) -> Mark:
        await self.load()
        return (await self._marks.amend(_ID, None, without_event(step))).value


def _generation() -> str:
    return secrets.token_hex(6)
