"""What was entered for one row, as the scoring rules read it: from an event, or from a stored document."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter, itemgetter
from typing import Any, Protocol


class RowEntry(Protocol):
    """The facts that decide a row. A `RowEvidence` has them."""

    @property
    def level(self) -> int | None:
        """The claimed level, 1…3."""

    @property
    def value(self) -> Decimal | None:
        """The measured value."""

    @property
    def unit(self) -> str | None:
        """The value's unit."""

    @property
    def basis(self) -> str | None:
        """The basis by which the value was measured."""

    @property
    def proofs(self) -> int:
        """The number of files and links."""

    @property
    def verified_level(self) -> int | None:
        """The curator's level, 0…3; None while the row is not verified."""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry of a stored document. It was validated when its event came in, and is not validated again."""

    level: int | None
    value: Decimal | None
    unit: str | None
    basis: str | None
    proofs: int
    verified_level: int | None


StoredRow = Mapping[str, Any]
"""One `RowEvidence` as plain JSON."""

Facts = tuple[Any, ...]
"""The facts of an entry as a cache key: the fields of StoredEntry in their order."""

_FIELDS = ("level", "value", "unit", "basis", "proofs", "verified_level")
VALUE = _FIELDS.index("value")
"""The place of the value in facts."""

_all_fields = itemgetter(*_FIELDS)

facts_of_entry: Callable[[RowEntry], Facts] = attrgetter(*_FIELDS)
"""The facts of an entry."""


def facts_of(row: StoredRow) -> Facts:
    """The facts of a stored row."""
    try:
        facts: Facts = _all_fields(row)
    except KeyError:  # written by an older release, or by hand
        facts = tuple(map(row.get, _FIELDS))
    return facts


def entry_of(facts: Facts) -> StoredEntry:
    """The entry that has these facts."""
    level, value, unit, basis, proofs, verified_level = facts
    exact = value if value is None or isinstance(value, Decimal) else Decimal(str(value))
    return StoredEntry(level, exact, unit, basis, proofs or 0, verified_level)
