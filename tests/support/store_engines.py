"""The engines that the contract tests of the store run on, with their declared differences."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from shared.adapters.mongo.store import MongoStore
from shared.adapters.sqlite.store import SqliteStore
from shared.ports.store import Index, Kind, Store

THING = Kind("thing", indexes=(Index(("region", "year")), Index(("place.name",)), Index(("open",))))
OTHER = Kind("other")
KINDS = (THING, OTHER)

EngineName = Literal["sqlite", "motor", "pymongo"]


@dataclass(frozen=True)
class Features:
    """many: how many documents a test may load within a second or two."""

    many: int


@dataclass
class Engine:
    """An engine with an empty database. where: the file, or the URL of the database."""

    name: EngineName
    where: str
    features: Features
    stores: list[Store] = field(default_factory=list)

    async def open(self, *kinds: Kind) -> Store:
        """Open another store on it, as another process would."""
        store = store_at(self.name, self.where)
        await store.open(kinds or KINDS)
        self.stores.append(store)
        return store

    async def close(self) -> None:
        """Close all stores."""
        for store in self.stores:
            await store.close()


def store_at(name: EngineName, where: str) -> Store:
    """A store of that adapter, not yet open."""
    if name == "sqlite":
        return SqliteStore(Path(where))
    return MongoStore(where, driver=name)


FEATURES: dict[EngineName, Features] = {
    "sqlite": Features(many=3000),
    "motor": Features(many=1000),
    "pymongo": Features(many=1000),
}
