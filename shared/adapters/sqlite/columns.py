"""The columns of a kind's table that its indexes are made of: one for each path that they name.

An index over an expression of the text is written anew by every change of a document; one over columns only when a
column is named by the statement. So a change names those columns only whose values it changes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.ports.store import State

_ABSENT = object()


def column(path: str) -> str:
    """The quoted name of a path's column."""
    return f'"$.{path}"'


@dataclass(frozen=True)
class Values:
    """The values of columns by path. whole: whether the state has a field at every path that has a column, so that a
    typed value made of it has nothing there that the columns do not have."""

    of: Mapping[str, Any]
    whole: bool


def values_of(wanted: Sequence[str], state: State) -> Values:
    """The values at these paths of a plain state, as SQLite stores them."""
    found = {path: _at(state, path) for path in wanted}
    return Values(
        {path: None if value is _ABSENT else _sql(value) for path, value in found.items()},
        whole=_ABSENT not in found.values(),
    )


def _at(state: State, path: str) -> Any:  # noqa: ANN401 - any JSON value
    value: Any = state
    for key in path.split("."):
        if value is None:
            return None
        if type(value) is not dict or key not in value:
            return _ABSENT
        value = value[key]
    return value


def _sql(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """As `json_extract` gives it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if isinstance(value, dict | list) else value
