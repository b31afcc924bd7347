"""An innovation in the public catalogue. Pure.

A copy of the innovation's state with what lists are sorted by and filtered by; all of that is None while it is not
verified, so that no list finds it. place: sorts as the ranking does, None until it is scored.
"""

from __future__ import annotations

import re

from services.portal.model.states.innovation import CARDED, is_public, scorecard_in
from services.portal.model.states.step import HEARD
from services.portal.model.states.times import exact, microseconds
from shared.contracts.names import folded
from shared.ports.store import State

_LISTED = ("region", "agency", "year", "since", "sort_name", "main_affair", "form", "nature", "stage", "place")
_WORD = re.compile(r"\w+")
_WIDTH, _SCALE = 8, 10_000  # of points with four places
_LATEST = 10**17  # microseconds since the epoch, beyond all that will be


def with_listing(kept: State | None, innovation: State) -> State | None:
    """The newer of what is kept and the innovation's state."""
    if kept is not None and kept[HEARD] >= innovation[HEARD] and kept[CARDED] >= innovation[CARDED]:
        return None  # both only grow, so that the versions of an innovation's document have one order
    it = innovation["innovation"]
    listed: State = dict.fromkeys(_LISTED)
    if is_public(innovation):
        listed = {
            "region": innovation["region"],
            "agency": innovation["agency"],
            "year": innovation["year"],
            "since": microseconds(it["verified_at"]),
            "sort_name": folded(it["name"]),
            "main_affair": it["main_affair"],
            "form": it["form"],
            "nature": it["nature"],
            "stage": it["stage"],
            "place": place_of(innovation),
        }
    whole = {name: innovation[name] for name in (HEARD, "innovation", CARDED, "card")}
    return {**listed, **whole}


def place_of(innovation: State) -> str | None:
    """What sorts as the ranking does, the first place last: verified points, claimed points, how early it was first
    submitted. Equal texts share a rank."""
    card = scorecard_in(innovation)
    if card is None:
        return None
    points = (int(exact(card[name]) * _SCALE) for name in ("verified", "claimed"))
    early = _LATEST - microseconds(innovation["innovation"]["first_submitted_at"])
    return "/".join((*(f"{each:0{_WIDTH}d}" for each in points), f"{early:018d}"))


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, or of what is looked for: folded, each once."""
    return tuple(dict.fromkeys(_WORD.findall(folded(name))))
