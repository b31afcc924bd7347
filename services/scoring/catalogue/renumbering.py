"""Maps the rows of an older catalogue to those of a newer one that numbers them differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.scoring.catalogue.catalogue import Catalogue

Renumbering = Mapping[str, str]
"""Row of the older catalogue → the same indicator's row in the newer one."""


def renumbering(old: Catalogue, new: Catalogue) -> Renumbering:
    """The mapping by the number within the aspect; an indicator that no longer exists is left out."""
    numbers = {row.key: row.number for row in new.innovation}
    return {row.number: numbers[row.key] for row in old.innovation if row.key in numbers}


def alike(old: Catalogue, new: Catalogue) -> bool:
    """Whether both number the same indicators alike, so that evidence of the older form is valid in the newer one."""
    return all(was == now for was, now in renumbering(old, new).items())


def renumbered(evidence: Sequence[Mapping[str, Any]], by: Renumbering) -> list[Mapping[str, Any]]:
    """The evidence with the newer numbers of its rows; rows that no longer exist are left out."""
    return [{**entry, "row": by[entry["row"]]} for entry in evidence if entry["row"] in by]
