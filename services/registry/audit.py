"""What of the registry's documents the audit log shows. Texts, names of people and of files are only named there."""

from __future__ import annotations

from shared.ports.audit_rule import AuditRule
from shared.ports.store import ID

_WHO = frozenset({"by", "created_by_body"})
_FILE = ("digest", "size", "media_type", "added_at")


def _below(place: str, *fields: str) -> tuple[str, ...]:
    return tuple(f"{place}.{each}" for each in fields)


_REDACTIONS = _below("redactions.*", "digest", "by", "at")

REGION = AuditRule(
    shown=("code", "name", "zone", "catalogue", "policies", "deadlines"),
    left_out=_WHO,
    region="code",
)

AGENCY = AuditRule(
    shown=("id", "region", "name", "kind", "obliged_from", "retired_on", "successor", "succession", "parent"),
    left_out=_WHO | {"key"},
)

_PROFILE = _below(
    "profile",
    "name",
    "stage",
    "initiator",
    "classification",
    "coordinates",
    "nature",
    "form",
    "asta_cita",
    "cluster",
    "programme",
    "main_affair",
    "related_affairs",
    "trial_on",
    "applied_on",
    "developed",
    "developed_on",
    "intellectual_property",
    "award",
)
_CONTINUATION = (
    *_below("continuation.moves.*", "pipeline", "stage", "at", "by", "recorded_at"),
    *_below(
        "continuation.origin",
        "kind",
        "fostering_agency",
        "idea",
        "training",
        "decision",
        "decided_on",
        "replicated",
    ),
    *_below("continuation.use", "use", "since", "by"),
    *_below("continuation.question", "number", "asked_on", "until"),
    *_below("continuation.question.files.*", *_FILE),
    "continuation.questions_counted",
    *_below("continuation.follow_ups.*", "number", "asked_on", "answered_at", "by", "lapsed_on"),
    *_below("continuation.follow_ups.*.answer", "use", "figures.*.value"),
    *_below("continuation.follow_ups.*.files.*", *_FILE),
    "continuation.actors.*.kind",
    *_below("continuation.sustainability", "decree", "sop"),
    *_below("continuation.rights.*", "kind", "number", "dated", "published_on", "expires_on", "nth"),
    "continuation.rights_counted",
    "continuation.staffing_counted",
)

INNOVATION = AuditRule(
    shown=(
        "id",
        "region",
        "agency",
        "year",
        "assignments",
        "status",
        *_PROFILE,
        *_below("documents.*", *_FILE),
        *_below("evidence.*", "level", "value", "unit", "basis", "number", "dated"),
        *_below("evidence.*.files.*", *_FILE, "number", "dated"),
        "verified_levels",
        *_below("withdrawal", "by", "at"),
        "withdrawn_by_curator",
        "first_submitted_at",
        "submitted_at",
        "verified_at",
        "imported",
        *_CONTINUATION,
        *_REDACTIONS,
    ),
    left_out=_WHO | {"handed_in", "history"},
)

COMMITMENT = AuditRule(
    shown=(
        "region",
        "agency",
        "year",
        "number",
        "dated",
        *_below("promises.*", "name", "innovation"),
        "revoked",
        *_below("file", *_FILE),
        *_REDACTIONS,
    ),
    left_out=_WHO | {"changed_at"},
)

CONTINUATION_RULES = AuditRule(
    shown=("pipelines", "follow_up", "ideas_per_day", "sustainability_required"), left_out=_WHO, region=ID
)

IDEA = AuditRule(
    shown=("id", "region", "received_at", "status", "agency", "innovation", "fruitless", "handed_over", "decided_at"),
    left_out=_WHO,
)

MENTOR = AuditRule(shown=("region",), left_out=_WHO | {"since"})

IMPORT = AuditRule(
    shown=("region", "sheet", "digest", "size", "dry_run", "agencies_from", "status", "at", *_REDACTIONS),
    left_out=_WHO
    | {
        "plan",
        "rows",
        "steps",
        "place",
        "created",
        "updated",
        "unchanged",
        "errors",
        "notes",
        "skipped",
        "finished_at",
    },
)
