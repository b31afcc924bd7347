"""What the kinds of a store declare, and the check that a query keeps to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.ports.store import Kind, Sort

_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_PATH = re.compile(r'^[^."\x00$][^."\x00]*(\.[^."\x00$][^."\x00]*)*$')

ID = "_id"


class DeclaredKinds:
    """The kinds by name. Raises ValueError for names and index paths that an engine could misread."""

    def __init__(self, kinds: Sequence[Kind] = ()) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        for kind in kinds:
            if not _NAME.match(kind.name):
                raise ValueError(f"{kind.name!r} is no name for a kind")
            for path in _paths(kind):
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
    """The path itself. Raises ValueError when it is no dotted path."""
    if not _PATH.match(path):
        raise ValueError(f"{path!r} is no dotted path")
    return path


def query_checked(kind: Kind, where: Mapping[str, Any], sort: Sort = ()) -> None:
    """Raises ValueError for a path that no index of the kind declares, and for a sort that is none."""
    known = {*_paths(kind), ID}
    for path in (*where, *(path for path, _ in sort)):
        if path not in known:
            raise ValueError(f"{kind.name}: {path!r} is not in a declared index")
    for path, direction in sort:
        if direction not in (1, -1):
            raise ValueError(f"{kind.name}: {path!r} can be sorted by 1 or -1")


def full_sort(sort: Sort) -> list[tuple[str, int]]:
    """The sort with the id as its last key. The id runs the way of the key before it, so that an index serves both."""
    keys: list[tuple[str, int]] = []
    for path, direction in sort:
        keys.append((path, direction))
        if path == ID:
            return keys
    keys.append((ID, keys[-1][1] if keys else 1))
    return keys


def after_prefix(text: str) -> str | None:
    """The least text above all that begin with `text`, in the order of code points; None when there is none."""
    while text:
        point = ord(text[-1])
        if point < 0x10FFFF:  # noqa: PLR2004 - the last code point
            above = point + 1
            return text[:-1] + chr(0xE000 if 0xD800 <= above <= 0xDFFF else above)  # noqa: PLR2004 - surrogates
        text = text[:-1]
    return None


def _paths(kind: Kind) -> set[str]:
    return {path for index in kind.indexes for path in index.fields}
