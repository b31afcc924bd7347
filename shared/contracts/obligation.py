"""The events about an obligation. Each carries its whole public state."""

from __future__ import annotations

from datetime import date, datetime

from shared.contracts.contract import Contract, Payload
from shared.contracts.fields import LocalHour
from shared.contracts.vocabulary import ObligationStatus


class ObligationState(Payload):
    """One agency's duty for one year. counted: the ids of the innovations that decide, sorted: of those that count the
    ones that were first submitted first, at most `minimum`; waiting: why it is open although the deadline has passed or
    an innovation was submitted (`verification`; `registry`: it is not yet known what was submitted in time); on_time:
    of a fulfilled one, by the time of the first submission; ground: why the agency owes nothing (`decree`, `retired`,
    `not_obliged`, `cancelled`), also beside a fulfilled one; hour: of the deadline, None: the whole day."""

    agency: str
    region: str
    year: int
    status: ObligationStatus
    minimum: int
    deadline: date
    deadline_revision: int
    counted: tuple[str, ...] = ()
    waiting: str | None = None
    on_time: bool | None = None
    fulfilled_at: datetime | None = None
    ground: str | None = None
    hour: LocalHour | None = None


class ObligationOpened(ObligationState):
    """A duty that is not fulfilled yet, new or opened again."""


OBLIGATION_OPENED = Contract(
    type="obligation.opened",
    subject="obligation",
    source="notifications",
    payload=ObligationOpened,
    means="A duty is not fulfilled yet; it is new or opened again.",
)


class ObligationFulfilled(ObligationState):
    """Enough innovations count, in time or late."""


OBLIGATION_FULFILLED = Contract(
    type="obligation.fulfilled",
    subject="obligation",
    source="notifications",
    payload=ObligationFulfilled,
    means="Enough innovations count, in time or late.",
)


class ObligationOverdue(ObligationState):
    """The deadline has passed and the duty is not fulfilled."""


OBLIGATION_OVERDUE = Contract(
    type="obligation.overdue",
    subject="obligation",
    source="notifications",
    payload=ObligationOverdue,
    means="The deadline has passed and the duty is not fulfilled.",
)


class ObligationExempted(ObligationState):
    """The agency is exempt by decree, by retirement, or because the policy no longer obliges it."""


OBLIGATION_EXEMPTED = Contract(
    type="obligation.exempted",
    subject="obligation",
    source="notifications",
    payload=ObligationExempted,
    means="The agency is exempt by decree, by retirement, or because the policy no longer obliges it.",
)
