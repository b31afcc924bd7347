"""The kinds of documents that the registry stores. Changes of regions, agencies, innovations, passed deadlines and
commitments owe events."""

from __future__ import annotations

from services.registry import audit, upcasts
from shared.ports.audit import AUDIT_KINDS
from shared.ports.store import Index, Kind
from shared.storage.erasures.kinds import ERASURE_KINDS

REGION = Kind("region", schema=3, upcasts={1: upcasts.region_from_1, 2: upcasts.region_from_2}, audit=audit.REGION)
AGENCY = Kind(
    "agency",
    schema=4,
    indexes=(
        Index(("region", "kind")),
        Index(("parent",)),
        Index(("region", "key")),
        Index(("key",)),
        Index(("succession",)),
    ),
    upcasts={1: upcasts.agency_from_1, 2: upcasts.agency_from_2, 3: upcasts.agency_from_3},
    audit=audit.AGENCY,
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
    audit=audit.INNOVATION,
)

AGENCY_NAME = Kind("agency_name", schema=1, indexes=(Index(("region",)),))
"""Names of agencies that are being written: `services/registry/agencies/names.py`."""

DEADLINE = Kind("deadline", schema=1, indexes=(Index(("region",)),))
"""The deadlines that have passed: `services/registry/regions/passed.py`."""

UPLOAD_DAY = Kind("upload_day", schema=1)
"""How much an agency has uploaded today: `services/registry/files/quota.py`."""

UNREFERENCED = Kind("unreferenced_file", schema=1)
"""Since when a file is seen unreferenced: `services/registry/files/sweep.py`."""

IMPORT = Kind("import", indexes=(Index(("status",)), Index(("region", "at"))), audit=audit.IMPORT)
"""Imports of tables: `services/registry/imports/document.py`."""

IMPORT_REPORT = Kind("import_report", indexes=(Index(("run",)),))
"""What the reports of imports say: `services/registry/imports/report.py`. Id: `<import>/<page>`."""

COMMITMENT = Kind("commitment", indexes=(Index(("region", "year")), Index(("agency", "year"))), audit=audit.COMMITMENT)
"""The signed Perjanjian Inovasi: `services/registry/continuation/commitment.py`. Id: `<agency>/<year>`."""

CONTINUATION_RULES = Kind("continuation_rules", audit=audit.CONTINUATION_RULES)
"""A region's pipelines and how often it asks: `services/registry/continuation/rules.py`. Id: the region's code."""

IDEA = Kind(
    "idea",
    indexes=(Index(("region", "status", "received_at")), Index(("agency", "status", "received_at"))),
    audit=audit.IDEA,
)
"""Public ideas: `services/registry/continuation/public_ideas/idea.py`."""

IDEA_DAY = Kind("idea_day")
"""How many ideas a region has taken today: `services/registry/continuation/public_ideas/quota.py`."""

MENTOR = Kind("mentor", indexes=(Index(("region",)),), audit=audit.MENTOR)
"""Names of mentors, for the region only: `services/registry/continuation/mentor.py`. Id: the agency's."""

_LIKENESS_INDEXES = (Index(("name",)), *(Index((f"slots.s{number:02}",)) for number in range(16)))

LIKENESS = Kind("likeness", indexes=_LIKENESS_INDEXES)
"""Keys of what was handed in: `services/registry/innovation/likeness/index.py`. Id: the innovation's. Derived."""

PUBLIC_LIKENESS = Kind("public_likeness", indexes=_LIKENESS_INDEXES)
"""Keys of public innovations: as above."""

KINDS = (
    REGION,
    AGENCY,
    AGENCY_NAME,
    INNOVATION,
    DEADLINE,
    UPLOAD_DAY,
    UNREFERENCED,
    IMPORT,
    IMPORT_REPORT,
    COMMITMENT,
    CONTINUATION_RULES,
    IDEA,
    IDEA_DAY,
    MENTOR,
    LIKENESS,
    PUBLIC_LIKENESS,
    *ERASURE_KINDS,
    *AUDIT_KINDS,
)
"""A change of a model raises its schema number and adds the upcast from the number before."""
