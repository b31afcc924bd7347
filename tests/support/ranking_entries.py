"""Synthetic entries of rankings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from services.scoring.ranking.entry import Entry

FIRST_DAY = datetime(2025, 10, 1, 1, tzinfo=UTC)


def entry(id: str, verified: int = 50, claimed: int | None = None, *, days: int = 0, **fields: Any) -> Entry:  # noqa: ANN401 - any field
    return Entry.model_validate(
        {
            "innovation": id,
            "name": f"Inovasi {id} (sintetis)",
            "region": "61.71",
            "agency": "dinas-a",
            "agency_name": "Dinas A (sintetis)",
            "agency_kind": "dinas",
            "year": 2025,
            "status": "verified",
            "form": "pelayanan_publik",
            "affair": "kesehatan",
            "nature": "digital",
            "classification": "perangkat_daerah",
            "catalogue": "2026.1",
            "claimed": verified if claimed is None else claimed,
            "verified": verified,
            "most": 111,
            "first_submitted_at": FIRST_DAY + timedelta(days=days),
            **fields,
        }
    )
