"""A page of anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True)
class Listed(Generic[V]):
    """after: the cursor of the next page, None on the last. A page may have fewer items than asked for, also none,
    and still not be the last one. total: of all pages, where it is known without counting."""

    items: list[V] = field(default_factory=list)
    after: str | None = None
    total: int | None = None
