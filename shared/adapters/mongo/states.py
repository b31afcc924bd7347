"""Converts states to and from what MongoDB accepts.

Keys of a state may be any text: what MongoDB reads as a path or an operator (``.``, ``$``) is escaped as in URLs, by
`escaped`. Keys are seldom such, so `storable` and `state_of` do it all in one pass if none is.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Any

from bson.int64 import Int64

from shared.adapters.mongo.driver import Row
from shared.adapters.stored_form import plain
from shared.ports.store import State

_ESCAPES = (("%", "%25"), (".", "%2E"), ("$", "%24"), ("\x00", "%00"))
_SPECIAL = frozenset("%.$\x00")
_LEAST, _MOST = -(2**63), 2**63 - 1
_LEAVES = frozenset((str, int, bool, float, type(None)))
_MOST_KEYS = 10_000  # that are remembered: keys may be any text


class _Unusual(Exception):
    """The longer way knows what to do."""


class _Keys:
    """The keys that were seen and are usual, so that those of a whole object are checked at once."""

    def __init__(self) -> None:
        self.usual: set[str] = set()

    def learn(self, keys: Iterable[Any]) -> None:
        """Raise _Unusual if one of the keys needs an escape, or is no plain text."""
        for key in keys:
            if type(key) is not str or not key.isascii() or not _SPECIAL.isdisjoint(key):
                raise _Unusual
        if len(self.usual) < _MOST_KEYS:
            self.usual.update(keys)


_KEYS = _Keys()


def storable(state: State) -> tuple[State, Row]:
    """A copy of a state, checked as `plain` checks one, and the same as MongoDB takes it: usually one object."""
    try:
        copy = _copied(state)
    except (_Unusual, UnicodeEncodeError):
        copy = plain(state)
        return copy, escaped(copy)
    return copy, copy


def state_of(stored: Row) -> State:
    """A copy of a state that MongoDB has given."""
    try:
        return _loaded(stored)
    except _Unusual:
        loaded: State = unescaped(stored)
        return loaded


def _copied(state: State) -> State:
    if not _KEYS.usual.issuperset(state):
        _KEYS.learn(state)
    return {key: item if type(item) is str and item.isascii() else _copy(item) for key, item in state.items()}


def _copy(item: Any) -> Any:  # noqa: ANN401 - any JSON value
    kind = type(item)
    if kind is int:
        if _LEAST <= item <= _MOST:
            return item
    elif kind is str:
        item.encode()
        return item
    elif kind is dict:
        return _copied(item)
    elif kind is list:
        return [each if type(each) is str and each.isascii() else _copy(each) for each in item]
    elif item is None or kind is bool or (kind is float and isfinite(item)):
        return item
    elif kind is Int64:
        return int(item)
    raise _Unusual


def _loaded(stored: Row) -> State:
    if not _KEYS.usual.issuperset(stored):
        _KEYS.learn(stored)
    return {key: item if type(item) in _LEAVES else _load(item) for key, item in stored.items()}


def _load(item: Any) -> Any:  # noqa: ANN401 - any JSON value
    kind = type(item)
    if kind is dict:
        return _loaded(item)
    if kind is list:
        return [each if type(each) in _LEAVES else _load(each) for each in item]
    return int(item)  # Int64


def escaped(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A plain JSON value with keys that MongoDB accepts."""
    if isinstance(value, dict):
        return {escaped_key(key): escaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [escaped(item) for item in value]
    return value


def unescaped(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The reverse of `escaped`."""
    if isinstance(value, dict):
        return {_unescape(key): unescaped(item) for key, item in value.items()}
    if isinstance(value, list):
        return [unescaped(item) for item in value]
    return value


def escaped_key(key: str) -> str:
    """A key that MongoDB reads neither as a path nor as an operator."""
    if _SPECIAL.isdisjoint(key):
        return key
    for sign, code in _ESCAPES:
        key = key.replace(sign, code)
    return key


def _unescape(key: str) -> str:
    if "%" not in key:
        return key
    for sign, code in reversed(_ESCAPES):
        key = key.replace(code, sign)
    return key
