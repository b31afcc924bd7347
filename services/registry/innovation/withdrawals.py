"""What became of the requests to withdraw an innovation, computed from its history, as events say it. Pure.

Derived, not stored, so that requests that an earlier release stored have their numbers too.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.registry.innovation.history import Action, HistoryEntry
from shared.contracts.innovation import WithdrawalState, WithdrawalStep

_ENDS = {
    Action.WITHDRAWAL_TAKEN_BACK: WithdrawalStep.TAKEN_BACK,
    Action.WITHDRAWAL_DECLINED: WithdrawalStep.DECLINED,
    Action.RETURNED: WithdrawalStep.TAKEN_BACK,  # a returned innovation its agency withdraws by itself
}


def withdrawal_of(history: Sequence[HistoryEntry], *, by_curator: bool) -> WithdrawalState | None:
    """The last request, or the curator's decision. by_curator: whether the withdrawal that the history ends with was
    the curator's; what its agency withdrew by itself nobody needs to be told. Another reason is the same request."""
    state: WithdrawalState | None = None
    for entry in history:
        asked = state is not None and state.step is WithdrawalStep.ASKED
        number = state.number if state else 0
        if entry.action is Action.WITHDRAWAL_ASKED and not asked:
            state = WithdrawalState(number=number + 1, step=WithdrawalStep.ASKED, since=entry.at)
        elif entry.action in _ENDS and asked:
            state = WithdrawalState(number=number, step=_ENDS[entry.action], since=entry.at)
        elif entry.action is Action.WITHDRAWN and by_curator:
            decided = number if asked else number + 1
            state = WithdrawalState(number=decided, step=WithdrawalStep.DECIDED, since=entry.at)
    return state
