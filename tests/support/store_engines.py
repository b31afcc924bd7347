"""The engines that the contract of the store runs against, with their declared differences."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from shared.adapters.mongo.store import MongoStore
from shared.adapters.sqlite.store import SqliteStore
from shared.ports.store import Index, Kind, Store

THING = Kind("thing", indexes=(Index(("region", "year")), Index(("place.name",)), Index(("open",))))
OTHER = Kind("other")
KINDS = (THING, OTHER)

EngineName = Literal["sqlite", "motor", "pymongo"]


@dataclass(frozen=True)
class Features:
    """decides_once: decide runs once, since nobody can be faster; many: how many documents a test may load within
    a second or two."""

    decides_once: bool
    many: int


@dataclass
class Engine:
    """One engine with one empty database. `where`: the file, or the URL of the database."""

    name: EngineName
    where: str
    features: Features
    stores: list[Store] = field(default_factory=list)

    async def open(self, *kinds: Kind) -> Store:
        """A store on it: what another process would have."""
        store = store_at(self.name, self.where)
        await store.open(kinds or KINDS)
        self.stores.append(store)
        return store

    async def close(self) -> None:
        """Close all of them."""
        for store in self.stores:
            await store.close()


def store_at(name: EngineName, where: str) -> Store:
    """A store of that adapter, not open."""
    if name == "sqlite":
        return SqliteStore(Path(where))
    return MongoStore(where, driver=cast("Literal['motor', 'pymongo']", name))


FEATURES: dict[EngineName, Features] = {
    "sqlite": Features(decides_once=True, many=3000),
    "motor": Features(decides_once=False, many=1000),
    "pymongo": Features(decides_once=False, many=1000),
}
