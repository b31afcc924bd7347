"""What a row of the sheet `innovations` says about the innovation's origin: projects of training come in with the
decision whether they go on. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ValidationError

from services.registry.continuation.origin import InnovationOrigin
from services.registry.imports.innovation_entry import WrongEntry
from shared.contracts.continuation import OriginKind
from shared.faults import Invalid
from shared.web.validation import invalid_of

_TRAINING = {
    "training": "training",
    "training_decision": "decision",
    "training_decided_on": "decided_on",
    "training_reason": "reason",
}
_REPLICATED = {"replicated_region": "region_name", "replicated_name": "name"}
"""Column → field."""


def origin_after(before: InnovationOrigin | None, given: dict[str, Any], today: date) -> InnovationOrigin | None:
    """The origin with what is given; what the table does not say stays. today: of the region. Raises WrongEntry, also
    for a decision that differs from the recorded one."""
    if not given:
        return before
    kind = _kind(before, given)
    if before is not None and before.kind is not kind and (before.idea or before.decision):
        raise WrongEntry("origin", "decided", "berbeda dari yang tercatat; tidak diubah lewat impor")
    state: dict[str, Any] = before.model_dump(mode="json") if before and before.kind is kind else {"kind": kind}
    state |= {field: given[key] for key, field in _TRAINING.items() if key in given}
    replicated = {field: given[key] for key, field in _REPLICATED.items() if key in given}
    if replicated:
        state["replicated"] = _replicated(state.get("replicated") or {}, replicated)
    try:
        after = InnovationOrigin.model_validate(state)
        after.require_decided(today)
    except ValidationError as error:
        flaw = invalid_of(error.errors(include_url=False)[:1]).flaws[0]
        raise WrongEntry(_column(flaw.field), flaw.code, flaw.message) from None
    except Invalid as invalid:
        raise WrongEntry("training_decided_on", invalid.flaws[0].code, invalid.flaws[0].message) from None
    if before is not None and before.decision not in {None, after.decision}:
        raise WrongEntry("training_decision", "decided", "berbeda dari yang tercatat; tidak diubah lewat impor")
    return after


def origin_columns(origin: InnovationOrigin | None) -> dict[str, Any]:
    """What the columns of an export say."""
    if origin is None:
        return {}
    values: dict[str, Any] = {"origin": origin.kind.value}
    values |= {key: getattr(origin, field) for key, field in _TRAINING.items()}
    if origin.replicated is not None:
        values |= {key: getattr(origin.replicated, field) for key, field in _REPLICATED.items()}
    return values


def _kind(before: InnovationOrigin | None, given: dict[str, Any]) -> OriginKind:
    if "origin" in given:
        return OriginKind(given["origin"])
    if given.keys() & _TRAINING.keys():
        return OriginKind.TRAINING
    return OriginKind.REPLICATION if before is None else before.kind


def _replicated(before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """The other region's innovation. One of another name is another one: what was known of the former is gone."""
    same = all(before.get(field) == value for field, value in given.items())
    return before if same else {**{field: before.get(field) for field in _REPLICATED.values()}, **given}


def _column(field: str) -> str:
    """The column of a flaw."""
    for columns in (_TRAINING, _REPLICATED):
        for key, name in columns.items():
            if field.rpartition(".")[2] == name:
                return key
    return "origin"
