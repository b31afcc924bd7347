"""The event types that the bus does not take at present, while it takes others: what they wait for, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from shared.clock import machine_seconds
from shared.faults import Refused, Unconfirmed, Unroutable
from shared.observability.readiness import Readiness

RefusalState = Literal["unroutable", "refused", "unconfirmed"]

_SHOWN_FOR = 3  # leases: when it was refused longer ago, another relay has published it since
_NO_MAJORITY = "a queue that takes it has too few of its nodes: start the missing nodes of the broker"


@dataclass(frozen=True)
class Refusal:
    """Why a type was not taken. cure: what an operator must do; whole_type: it holds for every event of the type."""

    state: RefusalState
    why: str
    cure: str
    whole_type: bool = False


def refusal_of(fault: Unroutable | Refused | Unconfirmed, type: str) -> Refusal:
    """What a fault of a publish says about an event of this type."""
    match fault:
        case Unroutable():
            return Refusal("unroutable", f"no queue takes {type}", "satu topology apply")
        case Refused(cure=cure, whole_type=whole_type):
            return Refusal("refused", f"the broker refuses {type}: {fault.detail}", cure, whole_type)
        case Unconfirmed():
            return Refusal("unconfirmed", f"the broker does not confirm {type}", _NO_MAJORITY, whole_type=True)


class Refusals:
    """The refused types of one relay. A refused event rests with the lease of its document; while a whole type is
    refused, one event of it is tried in each length of a lease, so that the others do not wait for its time limit."""

    def __init__(self, lease: float) -> None:
        """lease: seconds."""
        self._lease = lease
        self._refused: dict[str, tuple[Refusal, float]] = {}  # type -> why, and machine seconds of the latest refusal
        self._next_try: dict[str, float] = {}  # a type that is refused as a whole -> machine seconds

    def may_try(self, type: str) -> bool:
        """Whether an event of this type is to be published now. True for one event only when a refused type is due."""
        due = self._next_try.get(type)
        if due is None:
            return True
        if machine_seconds() < due:
            return False
        self._next_try[type] = machine_seconds() + self._lease
        return True

    def note(self, type: str, fault: Unroutable | Refused | Unconfirmed) -> Refusal | None:
        """An event of this type was refused. The refusal, if the type was taken before."""
        refusal = refusal_of(fault, type)
        first = type not in self._refused
        self._refused[type] = (refusal, machine_seconds())
        if refusal.whole_type:
            self._next_try[type] = machine_seconds() + self._lease
        return refusal if first else None

    def taken(self, type: str) -> None:
        """An event of this type was confirmed."""
        self._refused.pop(type, None)
        self._next_try.pop(type, None)

    @property
    def readiness(self) -> Readiness | None:
        """What is refused at present, with the cure of each; None when nothing is."""
        since = machine_seconds() - _SHOWN_FOR * self._lease
        shown = [refusal for _, (refusal, at) in sorted(self._refused.items()) if at > since]
        if not shown:
            return None
        cures = list(dict.fromkeys(refusal.cure for refusal in shown))
        why = "; ".join(refusal.why for refusal in shown)
        return Readiness(ready=False, state=shown[0].state, why=f"{why}; the cure: {'; '.join(cures)}")
