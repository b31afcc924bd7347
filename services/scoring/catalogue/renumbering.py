"""Whether two catalogues number their rows alike, and what an older form's rows are in the newer one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from services.scoring.catalogue.catalogue import Catalogue

Renumbering = Mapping[str, str]
"""Row of the older catalogue → the same indicator's row in the newer one."""


def renumbering(old: Catalogue, new: Catalogue) -> Renumbering:
    """By the number within the aspect; an indicator that is not there any more is left out."""
    numbers = {row.key: row.number for row in new.innovation}
    return {row.number: numbers[row.key] for row in old.innovation if row.key in numbers}


def alike(old: Catalogue, new: Catalogue) -> bool:
    """Whether evidence handed in by the older form means the same rows in the newer one, as it is."""
    return all(was == now for was, now in renumbering(old, new).items())


def renumbered(evidence: Sequence[Mapping[str, Any]], by: Renumbering) -> list[Mapping[str, Any]]:
    """The evidence under its rows' newer numbers; rows that are none any more are left out."""
    return [{**entry, "row": by[entry["row"]]} for entry in evidence if entry["row"] in by]
