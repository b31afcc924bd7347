"""The parts of the stored form that both stores share: plain JSON values, sequences, events and upcasts."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from shared.clock import machine_ms
from shared.contracts.event import SEQUENCE_DIGITS, Draft, Event
from shared.faults import NewerSchema
from shared.ports.store import Kind, OwedEvent, State

_MOST_INTEGER = 2**63 - 1  # the largest that both engines store exactly
_DIGITS = bytes.maketrans(b"123456789", b"000000000")
_LONG_NUMBER = b"0" * 19  # in digits made zeros; it may be within a text as well: then looking closer finds nothing


def plain(value: Any, path: str = "state") -> Any:  # noqa: ANN401 - any JSON value
    """A copy of `value`, checked so that both engines return it unchanged.

    Raises ValueError for anything but plain JSON: types other than dict, list, str, int, float, bool and None, keys
    that are not text, integers beyond 64 bits, not-a-number, infinity, lone surrogates.
    """
    try:
        return _copy(value)
    except (_NotPlain, UnicodeEncodeError):
        return _checked(value, path)


def plain_text(text: str) -> str:
    """The JSON text of a state that a typed value has made, checked as `plain` checks one. Such a text has no other
    fault than an integer beyond 64 bits."""
    if _LONG_NUMBER in text.encode().translate(_DIGITS):
        plain(json.loads(text))
    return text


class _NotPlain(Exception):
    """Something is rare or not plain JSON: `_checked` looks at it, and says what is wrong and where."""


def _copy(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """As `plain`, for the exact types that states are made of; without saying where a fault is."""
    kind = type(value)
    if kind is str:
        if not value.isascii():
            value.encode()
        return value
    if kind is dict:
        if not all(type(key) is str and key.isascii() for key in value):
            raise _NotPlain
        return {key: _copy(item) for key, item in value.items()}
    if kind is list:
        return [_copy(item) for item in value]
    if value is None or kind is bool or (kind is int and -_MOST_INTEGER - 1 <= value <= _MOST_INTEGER):
        return value
    raise _NotPlain


def _checked(value: Any, path: str) -> Any:  # noqa: ANN401 - any JSON value
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return _text(value, path)
    if isinstance(value, dict):
        return {_key(key, path): _checked(item, f"{path}.{key}") for key, item in value.items()}
    if isinstance(value, list):
        return [_checked(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, int) and -_MOST_INTEGER - 1 <= value <= _MOST_INTEGER:
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    raise ValueError(f"{path}: {type(value).__name__} is not a plain JSON value that every store can keep")


def _key(key: Any, path: str) -> str:  # noqa: ANN401 - anything may be used as a key
    if not isinstance(key, str):
        raise ValueError(f"{path}: key {key!r} is not text")  # noqa: TRY004 - one error class for a bad state
    return _text(key, path)


def _text(text: str, path: str) -> str:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise ValueError(f"{path}: text that is not Unicode") from error
    return str(text)


def next_sequence(last: int) -> int:
    """The sequence of the next change: above the last one and at least the machine's clock (milliseconds), so that a
    restored service continues above the sequences that its consumers have seen."""
    return max(last + 1, machine_ms())


def owed_event(kind: str, id: str, sequence: int, draft: Draft) -> OwedEvent:
    """Stamp the event of a change and serialise it; the same bytes are stored and published."""
    event = draft.stamp(kind, id, sequence)
    return OwedEvent(event.id, event.type, event.encode(), event.region)


def stamped_anew(kind: str, id: str, sequence: int, last: OwedEvent) -> OwedEvent:
    """The last event under a new sequence, with a new id."""
    digits = f"{sequence:0{SEQUENCE_DIGITS}d}"
    event = Event.decode(last.body).model_copy(update={"id": f"{kind}/{id}/{digits}", "sequence": digits})
    return OwedEvent(event.id, event.type, event.encode(), event.region)


def stored_event(id: str, type: str, body: bytes, region: str | None) -> OwedEvent:
    """An event as it was stored. region: None when a former release has stored it."""
    return OwedEvent(id, type, body, region_of(body) if region is None else region)


def region_of(body: bytes) -> str:
    """The region in the bytes of an event; empty when there is none."""
    try:
        event = json.loads(body)
    except ValueError:
        return ""
    region = event.get("region") if isinstance(event, dict) else None
    return region if isinstance(region, str) else ""


def lifted(kind: Kind, id: str, schema: int, state: State) -> State:
    """The state in the kind's current schema. Raises NewerSchema when a newer release has written it."""
    if schema > kind.schema:
        raise NewerSchema(f"{kind.name}/{id} is stored in schema {schema}; this process knows {kind.schema}")
    for number in range(schema, kind.schema):
        state = kind.upcasts[number](state)
    return state


def value_at(state: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - any JSON value
    """The value at a dotted path; None when there is none."""
    value: Any = state
    for key in path.split("."):
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return value
