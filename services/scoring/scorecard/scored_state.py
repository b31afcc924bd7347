"""States of scorecards that were made from cached rows: their JSON text is put together from the texts of the rows,
which are most of it, instead of being written anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence

from services.scoring.scorecard.scored_rows import CachedRow, json_text
from shared.contracts.event import Draft
from shared.ports.store import Codec, Decision, State, ValueDecide

_ROWS_EMPTY = '"rows":[]'


class ScoredState(State):
    """The state of a scored scorecard. cached: the rows of its card, in their order."""

    __slots__ = ("cached",)

    def __init__(self, state: State, cached: Sequence[CachedRow]) -> None:
        super().__init__(state)
        self.cached = cached


def text_of(state: State) -> str:
    """The JSON text of a scorecard's state, whether it was made from cached rows or not."""
    if not isinstance(state, ScoredState):
        return json_text(state)
    head = json_text({name: value for name, value in state.items() if name != "scorecard"})
    # Before the rows the card has names and numbers of ours only, so the first place that looks so is the place.
    before, _, after = json_text({**state["scorecard"], "rows": []}).partition(_ROWS_EMPTY)
    rows = ",".join([each.text for each in state.cached])
    return f'{head[:-1]},"scorecard":{before}"rows":[{rows}]{after}}}'


def _some(state: State, wanted: Collection[str], unlike: State | None) -> State:
    found = {name: state[name] for name in wanted if name in state}
    if unlike is None:
        return found
    return {name: value for name, value in found.items() if name not in unlike or value != unlike[name]}


SCORECARD_CODEC: Codec[State] = Codec(
    of_state=lambda state: state, to_state=dict, of_text=json.loads, to_text=text_of, some=_some
)


Known = tuple[int, State | None]
"""What is believed to be stored: a sequence and the state; 0 and None: nothing."""


def change_of(decide: Callable[[State | None], Decision], known: Known | None = None) -> ValueDecide[State]:
    """A decision about a scorecard's state for the store, which must not modify it."""

    def decided(state: State | None) -> tuple[State, Draft | None] | None:
        return decide(state)

    return ValueDecide(SCORECARD_CODEC, decided, known)
