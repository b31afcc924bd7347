"""The declared kinds of a store, and the check that a query uses declared indexes only."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.ports.store import ID, Kind, Sort

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_PATH = re.compile(r'^[^."\x00$][^."\x00]*(\.[^."\x00$][^."\x00]*)*$')


class DeclaredKinds:
    """The kinds of a store by name. Raises ValueError for a name or an index path that an engine could misread, and for
    a missing upcast."""

    def __init__(self, kinds: Sequence[Kind] = ()) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        for kind in kinds:
            if not _NAME.match(kind.name):
                raise ValueError(f"{kind.name!r} is not a valid name of a kind")
            for path in kind.paths:
                path_checked(path)
            if missing := set(range(1, kind.schema)) - set(kind.upcasts):
                raise ValueError(f"{kind.name}: no upcast from schema {sorted(missing)}")

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def of(self, name: str) -> Kind:
        """The kind of that name. Raises ValueError when the store was not opened with it."""
        try:
            return self._kinds[name]
        except KeyError:
            raise ValueError(f"no kind {name!r} is declared") from None


def path_checked(path: str) -> str:
    """Return the path unchanged. Raises ValueError when it is not a dotted path."""
    if not _PATH.match(path):
        raise ValueError(f"{path!r} is not a dotted path")
    return path


def query_checked(kind: Kind, where: Mapping[str, Any], sort: Sort = ()) -> None:
    """Check a query. Raises ValueError for a path that no index of the kind declares, and for a bad direction."""
    known = {*kind.paths, ID}
    for path in (*where, *(path for path, _ in sort)):
        if path not in known:
            raise ValueError(f"{kind.name}: {path!r} is not in a declared index")
    for path, direction in sort:
        if direction not in (1, -1):
            raise ValueError(f"{kind.name}: {path!r} must be sorted by 1 or -1")


def full_sort(sort: Sort) -> list[tuple[str, int]]:
    """The sort with the id as its last key, in the direction of the key before it, so that one index serves both."""
    keys: list[tuple[str, int]] = []
    for path, direction in sort:
        keys.append((path, direction))
        if path == ID:
            return keys
    keys.append((ID, keys[-1][1] if keys else 1))
    return keys


def after_prefix(text: str) -> str | None:
    """The smallest text above all texts that begin with `text`, by code points; None when there is none."""
    while text:
        point = ord(text[-1])
        if point < 0x10FFFF:  # noqa: PLR2004 - the last code point
            above = point + 1
            return text[:-1] + chr(0xE000 if 0xD800 <= above <= 0xDFFF else above)  # noqa: PLR2004 - surrogates
        text = text[:-1]
    return None
