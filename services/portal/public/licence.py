"""Under which licence the open data are published."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Licence:
    """name: as it is written beside the data; address: of its text."""

    name: str
    address: str


LICENCE = Licence(
    "Creative Commons Atribusi 4.0 Internasional (CC BY 4.0)", "https://creativecommons.org/licenses/by/4.0/deed.id"
)
"""Proposed: no source names a licence, and whoever runs the system must have the right to grant it."""
