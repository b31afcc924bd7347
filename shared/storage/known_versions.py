"""Remembers versions of documents that this process has written, for the next change of the same document.

A remembered version is only ever an assumption about what is stored: a change that begins from it is saved if the
document is still at that sequence, and else decides again on what is loaded. So it may be of any age.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, TypeVar

V = TypeVar("V")


class KnownVersions(Generic[V]):
    """Ids with a version each; the one that was remembered first goes first."""

    def __init__(self, most: int) -> None:
        """most: how many versions."""
        self._most = most
        self._versions: OrderedDict[str, V] = OrderedDict()

    def remember(self, id: str, version: V) -> None:
        """Remember what was written, in place of an older version."""
        self._versions.pop(id, None)
        self._versions[id] = version
        if len(self._versions) > self._most:
            self._versions.popitem(last=False)

    def take(self, id: str) -> V | None:
        """The version, which is forgotten by that; None when none is remembered."""
        return self._versions.pop(id, None)
