"""Innovations with evidence files, written straight into a store, for tests and the benchmark of the ready package."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from services.registry.evidence.attachment import EvidenceFile
from services.registry.evidence.evidence import ROWS, Evidence
from services.registry.evidence.form import FORM, JPEG, PDF
from services.registry.innovation.innovation import Innovation, Placement
from services.registry.innovation.profile import Profile
from services.registry.kinds import INNOVATION
from shared.contracts.vocabulary import InnovationStatus
from shared.ports.files import Files, StoredFile
from shared.ports.store import Store
from tests.support.registry_samples import valid_profile
from tests.support.small_files import JPEG_FILE, PDF_FILE

AT = datetime(2026, 5, 4, 2, tzinfo=UTC)
DATED = {"16": "2024-12-01"}


async def put_file(files: Files, content: bytes) -> StoredFile:
    """Store a small file of any kind that evidence may have."""

    async def chunks() -> AsyncIterator[bytes]:
        yield content

    limits = {**FORM.rows["35"].sizes, **FORM.rows["33"].sizes}
    return await files.put(chunks(), most=limits)


def described(stored: StoredFile, row: str, **letter: object) -> EvidenceFile:
    """A stored file as evidence of a row, by default with a whole letter."""
    told: dict[str, Any] = {
        "number": f"188/{row}/2025",
        "dated": DATED.get(row, "2025-05-02"),
        "subject": f"Surat {row}",
    }
    return EvidenceFile(
        digest=stored.digest,
        size=stored.size,
        media_type=stored.media_type,
        name=f"pindai {row}.pdf",
        added_at=AT,
        **(told | letter),
    )


def verified(
    id: str, agency: str, evidence: dict[str, Evidence], *, region: str = "61.12", **changed: object
) -> Innovation:
    """A verified innovation. changed: fields of its profile."""
    return Innovation(
        id=id,
        created_by_body="",
        region=region,
        agency=agency,
        year=2026,
        assignments=(Placement(agency=agency, year=2026),),
        status=InnovationStatus.VERIFIED,
        profile=Profile.model_validate(valid_profile(**changed)),
        evidence=evidence,
        verified_levels=dict.fromkeys(evidence, 2),
        first_submitted_at=AT,
        submitted_at=AT,
        verified_at=AT,
    )


async def all_rows(files: Files, seed: bytes, padding: int = 0, rows: Iterable[str] = ROWS) -> dict[str, Evidence]:
    """Evidence for every row with a file of its own. padding: bytes that each file is larger than a page."""
    evidence: dict[str, Evidence] = {}
    for row in rows:
        head = PDF_FILE if PDF in FORM.rows[row].accept else JPEG_FILE
        assert PDF in FORM.rows[row].accept or JPEG in FORM.rows[row].accept
        stored = await put_file(files, head + seed + row.encode() + bytes(padding))
        evidence[row] = Evidence(level=2, files=(described(stored, row),))
    return evidence


async def write(store: Store, innovation: Innovation) -> None:
    """Store it as it is, without an event."""
    await keep(store, INNOVATION.name, innovation.id, innovation)


async def keep(store: Store, kind: str, id: str, value: BaseModel) -> None:
    """Store any document as it is."""
    state = value.model_dump(mode="json")
    await store.change(kind, id, lambda _: (dict(state), None))
