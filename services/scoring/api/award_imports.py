"""The route by which awards are brought in as a table."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import Query, Request

from services.scoring.official.award_import import AwardImport
from services.scoring.official.award_importing import AwardImporter
from services.scoring.official.table import require_sound
from services.scoring.views.official import AwardTableAnswer
from shared.auth.policy import Role
from shared.contracts.fields import RegionCode
from shared.storage.repository import Versioned
from shared.storage.stored import Fingerprint
from shared.tables.workbook import MEDIA_TYPE
from shared.web.preconditions import IdempotencyKey, idempotent_id
from shared.web.routes import Routes, Who, post

_MOST_FINDINGS = 1_000  # of one answer
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {
                "schema": {"type": "string"},
                "example": (
                    "Tahun,Jenis,Penghargaan,Pemberi,Perangkat daerah,Tanggal\n"
                    "2025,Piagam,Top 10 Inovasi,Bupati Kubu Raya,Dinas Kesehatan,3/12/2025\n"
                ),
            },
            MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
        },
    }
}


class AwardImportRoutes(Routes):
    """Answers for `/awards/table`."""

    prefix = "/awards"
    tag = "awards"

    def __init__(self, importer: AwardImporter) -> None:
        self._importer = importer

    @post("/table", Role.CURATOR, summary="Impor penghargaan", openapi_extra=_FILE)
    async def import_awards(
        self,
        *,
        who: Who,
        request: Request,
        key: IdempotencyKey,
        region: Annotated[RegionCode, Query(description="The region of all awards.", examples=["61.12"])],
        dry_run: Annotated[bool, Query(description="Only say what the table would do.")] = False,
    ) -> AwardTableAnswer:
        """Bring in many awards at once from CSV or XLSX, at most 5,000 rows: an award is found by its ID, else by year,
        kind, title, giver, agency and innovation. With one error in any row, nothing is stored; what the table does not
        name stays; the same table again changes nothing."""
        who.require_region(region)
        body = await request.body()
        digest = hashlib.sha256(f"{region}\0".encode() + body).hexdigest()
        mark, id = Fingerprint(digest, digest), idempotent_id(who, key)
        done = None if dry_run else await self._importer.repeated(id, mark)
        if done is not None:
            return _answer(done)
        checked = await self._importer.check(region, body)
        findings = checked.read.findings
        if not dry_run:
            require_sound(findings)
            await self._importer.run(id, region, checked, by=who.id, fingerprint=mark)
        return AwardTableAnswer(
            rows=checked.read.count,
            created=checked.created,
            updated=checked.updated,
            unchanged=checked.unchanged,
            errors=findings.errors,
            dry_run=dry_run,
            findings=findings.in_order()[:_MOST_FINDINGS],
        )


def _answer(done: Versioned[AwardImport]) -> AwardTableAnswer:
    """Of an import that an earlier request has made."""
    run = done.value
    return AwardTableAnswer(
        rows=run.created + run.updated + run.unchanged,
        created=run.created,
        updated=run.updated,
        unchanged=run.unchanged,
        errors=0,
        dry_run=False,
        findings=[],
    )
