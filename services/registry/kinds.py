"""The kinds of documents that the registry stores. Changes of all of them owe events."""

from __future__ import annotations

from services.registry import upcasts
from shared.ports.store import Index, Kind

REGION = Kind("region", schema=2, upcasts={1: upcasts.region_from_1})
AGENCY = Kind("agency", schema=2, indexes=(Index(("region", "kind")),), upcasts={1: upcasts.agency_from_1})
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
