"""What of a service's documents belongs to one region, so that the region can be moved to another installation.

Every kind of a service is either regional or stays with the installation; a test checks that none is forgotten.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from shared.ports.store import ID, Kind, ScanRow, State, Store

Clashes = Callable[[Store, str, Iterator[State]], Awaitable[list[str]]]
"""The store here, the region's code, documents of a kind of its backup in stored form → why they cannot come here, a
sentence for each that another one here stands against. Raises StoreAway."""


@dataclass(frozen=True)
class RegionalKind:
    """A kind whose documents belong to regions.

    at: the dotted path of the region's code, or ID: the id is the code, or begins with it and a slash; owner: then `at`
    is the id of a document of that other kind instead, and the document belongs to that one's region; moves: False for
    what is derived or passing: it is in no region's backup, and goes with the region; clashes: of a kind whose ids
    others may have, too; by default every id of a backup that a document of no or another region has is a clash.
    """

    name: str
    at: str = "region"
    owner: str | None = None
    moves: bool = True
    clashes: Clashes | None = None

    def key(self, kind: Kind, stored: State) -> str | None:
        """The region's code, or the id of the owner, of a document in stored form; None when it has none. kind: the
        declaration of the same name."""
        value = stored[ID] if self.at == ID else _value_at(current_state(kind, stored), self.at)
        return self._key(value)

    @property
    def fields(self) -> tuple[str, ...]:
        """What `key_in` reads of a row."""
        return () if self.at == ID else (self.at,)

    def key_in(self, row: ScanRow) -> str | None:
        """As `key`, of a row with these fields."""
        return self._key(row.id if self.at == ID else row[self.at])

    def _key(self, value: object) -> str | None:
        if not isinstance(value, str):
            return None
        return value.partition("/")[0] if self.at == ID else value


def _nothing(_kind: str, _state: State) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Regional:
    """What of a service's documents belongs to regions.

    kinds: those that do; stays: the names of the others; files: kind and state of a document → the digests of the files
    that it names; needs: likewise the names of what the installation must have (catalogues); has: name → digest of what
    this one has of that; left: called with a region's code after its documents were removed or replaced.
    """

    kinds: tuple[RegionalKind, ...] = ()
    stays: tuple[str, ...] = ()
    files: Callable[[str, State], Iterable[str]] = _nothing
    needs: Callable[[str, State], Iterable[str]] = _nothing
    has: Mapping[str, str] = field(default_factory=dict)
    left: Callable[[str], Awaitable[None]] | None = None

    def kind(self, name: str) -> RegionalKind | None:
        """The regional kind of that name; None: it stays."""
        return next((each for each in self.kinds if each.name == name), None)

    @property
    def owners(self) -> frozenset[str]:
        """The kinds that other kinds follow."""
        return frozenset(each.owner for each in self.kinds if each.owner is not None)


def current_state(kind: Kind, stored: State) -> State:
    """The state of a document in stored form, lifted to the kind's schema."""
    state: State = stored["state"]
    for number in range(stored["schema"], kind.schema):
        state = kind.upcasts[number](state)
    return state


def _value_at(state: State, path: str) -> object:
    value: object = state
    for key in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value
