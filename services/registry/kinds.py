"""The kinds of documents that the registry stores. Changes of regions, agencies, innovations and passed deadlines owe
events."""

from __future__ import annotations

from services.registry import upcasts
from shared.ports.store import Index, Kind

REGION = Kind("region", schema=3, upcasts={1: upcasts.region_from_1, 2: upcasts.region_from_2})
AGENCY = Kind(
    "agency",
    schema=3,
    indexes=(Index(("region", "kind")), Index(("region", "parent")), Index(("succession",))),
    upcasts={1: upcasts.agency_from_1, 2: upcasts.agency_from_2},
)
INNOVATION = Kind(
    "innovation",
    schema=1,
    indexes=(
        Index(("region", "year", "status")),
        Index(("agency", "year", "status")),
        Index(("status", "year")),
        Index(("withdrawal.region",)),
        Index(("region",)),  # with the id: a stream of a region's innovations is in order and reads each one once
    ),
)

AGENCY_NAME = Kind("agency_name", schema=1, indexes=(Index(("region",)),))
"""Names of agencies that are being written: `services/registry/agencies/names.py`."""

DEADLINE = Kind("deadline", schema=1, indexes=(Index(("region",)),))
"""The deadlines that have passed: `services/registry/regions/passed.py`."""

UPLOAD_DAY = Kind("upload_day", schema=1)
"""How much an agency has uploaded today: `services/registry/files/quota.py`."""

UNREFERENCED = Kind("unreferenced_file", schema=1)
"""Since when a file is seen unreferenced: `services/registry/files/sweep.py`."""

IMPORT = Kind("import", indexes=(Index(("status",)), Index(("region", "at"))))
"""Imports of tables: `services/registry/imports/document.py`."""

IMPORT_REPORT = Kind("import_report", indexes=(Index(("run",)),))
"""What the reports of imports say: `services/registry/imports/report.py`. Id: `<import>/<page>`."""

KINDS = (REGION, AGENCY, AGENCY_NAME, INNOVATION, DEADLINE, UPLOAD_DAY, UNREFERENCED, IMPORT, IMPORT_REPORT)
"""A change of a model raises its schema number and adds the upcast from the number before."""
