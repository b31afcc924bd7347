"""What of scoring's documents the audit log shows. What is computed from others' facts is not audited."""

from __future__ import annotations

from shared.ports.audit_rule import AuditRule

_WHO = frozenset({"by", "created_by_body"})

COMPETITION = AuditRule(
    shown=("region", "year", "terms", "marks.*.innovation", "marks.*.marks"),
    left_out=_WHO,
)

FREEZE = AuditRule(
    shown=(
        "region",
        "series",
        "number",
        "year",
        "title",
        "competition",
        "synthetic",
        "frozen_at",
        "catalogues",
        "total",
        "late",
        "digest",
    ),
    left_out=_WHO | {"region_name", "terms", "frozen_by", "created_by", "cells", "counts", "left_out"},
)

SPD = AuditRule(
    shown=(
        "region",
        "year",
        "catalogue",
        "digest",
        "rows.*.level",
        "rows.*.value",
        "rows.*.unit",
        "rows.*.evidence.*.number",
        "rows.*.evidence.*.dated",
    ),
    left_out=_WHO | {"history", "score"},
)

OFFICIAL = AuditRule(shown=("region", "year", "overall", "innovations"), left_out=_WHO | {"history"})

AWARD = AuditRule(
    shown=("region", "kind", "year", "title", "giver", "agency", "innovation", "number", "dated", "removed"),
    left_out=_WHO,
)

RESCORE = AuditRule(
    shown=("wish", "digest", "status", "begun", "ended"),
    left_out=_WHO | {"round", "total", "cursor", "chunk", "runner", "lease_until", "report"},
    region="wish.region",
)
