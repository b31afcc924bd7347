"""What of a kind of document is written into the audit log when somebody changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

ANY = "*"
"""In a path: any key or index at that place. Entries name it, so it must not be about a person."""


@dataclass(frozen=True)
class AuditRule:
    """An entry is owed by each change of the state, except one of `left_out` fields alone.

    shown: dotted paths of the state whose former and new values are in the entry. A changed field at any other path is
    only named there, never its value: texts, and whatever is about a person. left_out: fields that are not mentioned
    either: what the entry says anyway (who, when), and what a service keeps for itself. region: the path of the code
    of the region that the document belongs to, `ID` if it is the document's id, empty if it belongs to none.
    """

    shown: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()
    region: str = "region"

    @cached_property
    def tree(self) -> Mapping[str, Any]:
        """`shown` by parts of the paths; True where a path ends."""
        tree: dict[str, Any] = {}
        for path in self.shown:
            *parts, last = path.split(".")
            place = tree
            for part in parts:
                place = place.setdefault(part, {})
            place[last] = True
        return tree
