"""A decree that exempts an agency for a year. State: ``{agency, region, year, decree, reason, by, stands}``; by: the
curator's account id. A lifted exemption stays, with stands 0, so that what rests on it sees the newer."""

from __future__ import annotations

from typing import Any

State = dict[str, Any]


def granted(*, agency: str, region: str, year: int, decree: str, reason: str, by: str) -> State:
    """The exemption as it stands."""
    return {
        "agency": agency,
        "region": region,
        "year": year,
        "decree": decree,
        "reason": reason,
        "by": by,
        "stands": 1,
    }


def lifted(state: State | None, by: str) -> State | None:
    """The exemption taken back; None when none stands."""
    return state | {"stands": 0, "by": by} if state and state["stands"] else None


def same(state: State | None, other: State) -> bool:
    """Whether a repeat asks for what stands already."""
    keys = ("decree", "reason", "stands")
    return state is not None and all(state[key] == other[key] for key in keys)
