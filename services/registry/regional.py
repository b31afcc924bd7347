"""What of the registry's documents belongs to one region. Files are the installation's: they are named by documents."""

from __future__ import annotations

from services.registry.files.named import files_named
from services.registry.kinds import (
    AGENCY,
    AGENCY_NAME,
    COMMITMENT,
    CONTINUATION_RULES,
    DEADLINE,
    IDEA,
    IDEA_DAY,
    IMPORT,
    IMPORT_REPORT,
    INNOVATION,
    LIKENESS,
    MENTOR,
    PUBLIC_LIKENESS,
    REGION,
    UNREFERENCED,
    UPLOAD_DAY,
)
from shared.ports.audit import AUDIT_NAMES
from shared.ports.store import ID
from shared.runtime.regional import Regional, RegionalKind
from shared.storage.erasures.kinds import ERASURE, ERASURE_LIST

REGIONAL = Regional(
    kinds=(
        RegionalKind(REGION.name, ID),
        RegionalKind(AGENCY.name),
        RegionalKind(AGENCY_NAME.name, moves=False),
        RegionalKind(INNOVATION.name),
        RegionalKind(DEADLINE.name),
        RegionalKind(UPLOAD_DAY.name, ID, owner=AGENCY.name, moves=False),
        RegionalKind(IMPORT.name),
        RegionalKind(IMPORT_REPORT.name, "run", owner=IMPORT.name),
        RegionalKind(COMMITMENT.name),
        RegionalKind(CONTINUATION_RULES.name, ID),
        RegionalKind(IDEA.name),
        RegionalKind(IDEA_DAY.name, ID, moves=False),
        RegionalKind(MENTOR.name),
        RegionalKind(LIKENESS.name, ID, owner=INNOVATION.name, moves=False),
        RegionalKind(PUBLIC_LIKENESS.name, ID, owner=INNOVATION.name, moves=False),
        RegionalKind(ERASURE.name, moves=False),
    ),
    stays=(UNREFERENCED.name, ERASURE_LIST.name, *AUDIT_NAMES),
    files=files_named,
)
