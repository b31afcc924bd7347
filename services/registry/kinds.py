"""The kinds of documents that the registry stores. Changes of all of them owe events."""

from __future__ import annotations

from shared.ports.store import Index, Kind

REGION = Kind("region", schema=1)
AGENCY = Kind("agency", schema=1, indexes=(Index(("region", "kind")),))
INNOVATION = Kind(
    "innovation",
    schema=1,
    indexes=(
        Index(("region", "year", "status")),
        Index(("agency", "year", "status")),
        Index(("status", "year")),
    ),
)

KINDS = (REGION, AGENCY, INNOVATION)
"""A change of a model raises its schema number and adds the upcast from the number before."""
