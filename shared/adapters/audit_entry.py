"""Makes the audit entry of a change: what both stores write besides the new state.

An entry is canonical JSON (UTF-8, keys sorted, no spaces): ``{at, account, role, address, through, correlationid,
document, sequence, region, what, event, changes: [{field, before, after} | {field, hidden: true}]}``. at: machine time,
UTC; what: `created` or `changed`; event: the type of the event that the change owes, if any. A text that is longer than
`LONGEST` is stood for by its length and SHA-256.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from shared.adapters.stored_form import value_at
from shared.clock import machine_ms
from shared.contracts.event import SEQUENCE_DIGITS
from shared.observability import tracing
from shared.observability.actor import Actor
from shared.observability.actor import current as current_actor
from shared.ports.audit import canonical, owed_id
from shared.ports.audit_rule import ANY, AuditRule
from shared.ports.store import AUDIT, ID, Codec, Kind, OwedEvent, State

V = TypeVar("V")
Difference = dict[str, Any]

LONGEST = 300
"""Characters of a text that an entry holds."""

MOST = 200
"""Differences in one entry; the last one then says how many more there are."""

_NOTHING: State = {}
_EMPTY: tuple[Any, ...] = (None, "", [], {})  # the same for a reader


@dataclass(frozen=True)
class Author:
    """Who makes a change of an audited kind, noted where it is asked for: the write may be made in another task."""

    rule: AuditRule
    actor: Actor
    correlationid: str | None


@dataclass(frozen=True)
class Noted:
    """What an entry says about a change, before its sequence is known."""

    author: Author
    region: str
    created: bool
    differences: Sequence[Difference]


def author_of(kind: Kind) -> Author | None:
    """Who acts in this task; None when changes of the kind are not audited."""
    return None if kind.audit is None else Author(kind.audit, current_actor(), tracing.current_correlation())


def noted_of_states(author: Author | None, id: str, before: State | None, after: State) -> Noted | None:
    """What is noted about a change of the document `id`; None when no entry is owed."""
    if author is None:
        return None
    rule = author.rule
    return _noted(author, _region(rule, id, after), before, differences(rule, before or _NOTHING, after))


def noted_of_values(author: Author | None, id: str, codec: Codec[V], before: V | None, after: V) -> Noted | None:
    """As `noted_of_states`, for typed values: of a value that has changed, only the changed fields are looked at."""
    if author is None:
        return None
    rule, some, fields = author.rule, codec.some, codec.fields
    if some is None or fields is None:
        return noted_of_states(author, id, None if before is None else codec.to_state(before), codec.to_state(after))
    changed = some(after, fields - rule.left_out, before)
    former = _NOTHING if before is None else some(before, changed.keys(), None)
    region = _region(rule, id, {} if rule.region == ID else some(after, (rule.region.partition(".")[0],), None))
    return _noted(author, region, before, differences(rule, former, changed))


def _region(rule: AuditRule, id: str, after: State) -> str:
    return id if rule.region == ID else str(value_at(after, rule.region) or "")


def _noted(author: Author, region: str, before: object, found: Sequence[Difference]) -> Noted | None:
    return Noted(author, region, before is None, found) if found or before is None else None


def audit_event(kind: Kind, id: str, sequence: int, noted: Noted, event: OwedEvent | None) -> OwedEvent:
    """The entry as the document owes it."""
    digits, at = f"{sequence:0{SEQUENCE_DIGITS}d}", _text(machine_ms())
    actor = noted.author.actor
    entry = {
        "at": at,
        "account": actor.account,
        "role": actor.role,
        "address": actor.address,
        "through": actor.through,
        "correlationid": noted.author.correlationid,
        "document": f"{kind.name}/{id}",
        "sequence": digits,
        "region": noted.region,
        "what": "created" if noted.created else "changed",
        "event": event and event.type,
        "changes": noted.differences,
    }
    return OwedEvent(owed_id(at[:10], kind.name, id, digits), AUDIT, canonical(entry).encode(), noted.region)


def _text(ms: int) -> str:
    """`2026-12-03T04:05:06.789Z`."""
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def differences(rule: AuditRule, before: State, after: State) -> list[Difference]:
    """Where two states differ, in the order of the new one. States with some of their fields will do."""
    found: list[Difference] = []
    for key in _keys(before, after):
        if key not in rule.left_out:
            _compare(rule.tree.get(key), key, before.get(key), after.get(key), found)
    if len(found) > MOST:
        return [*found[: MOST - 1], {"field": ANY, "hidden": True, "more": len(found) - MOST + 1}]
    return found


def _compare(place: Any, path: str, before: Any, after: Any, found: list[Difference]) -> None:  # noqa: ANN401 - JSON
    """place: of the rule's tree: True: all values are shown, None: none is."""
    if before == after or (before in _EMPTY and after in _EMPTY):
        return
    if place is True and not (type(before) is type(after) and isinstance(after, dict | list)):
        found.append({"field": path, "before": _shown(before), "after": _shown(after)})
    elif place is None or not (_is_open(before) and _is_open(after)):
        found.append({"field": path, "hidden": True})
    else:
        former, new = _items(before), _items(after)
        for key in _keys(former, new):
            inner = place is True or place.get(key, place.get(ANY))
            _compare(inner, f"{path}.{key}", former.get(key), new.get(key), found)


def _is_open(value: Any) -> bool:  # noqa: ANN401 - JSON
    return value is None or isinstance(value, dict | list)


def _items(value: Any) -> State:  # noqa: ANN401 - JSON
    """An object's or a list's items by key or index; those of nothing."""
    if isinstance(value, list):
        return {str(place): item for place, item in enumerate(value)}
    return value or {}


def _keys(before: State, after: State) -> Iterable[str]:
    return after if before.keys() <= after.keys() else dict.fromkeys((*after, *before))


def _shown(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str) and len(value) > LONGEST:
        return {"characters": len(value), "sha256": hashlib.sha256(value.encode()).hexdigest()}
    if isinstance(value, list | dict):
        return _short(value)
    return value


def _short(value: list[Any] | State) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_shown(each) for each in value]
    return {key: _shown(each) for key, each in value.items()}
