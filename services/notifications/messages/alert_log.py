"""The alert log of one person: every alert that was put into a message, and into which one. Pure state transitions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Self

from services.notifications.messages.message import MessageContent
from services.notifications.state import DocumentState, replaced
from shared.contracts.message import Alert, Reason
from shared.contracts.vocabulary import ReasonKind

NEVER_SENT = 0  # in place of a message's number


class LoggedAlert(Alert):
    """An alert and the number of its message. NEVER_SENT: discarded by the operator after a restore; taken_in: the year
    in which it was put into the message, 0: by a release that did not keep it; undelivered: the message was sent, and
    nobody knows whether it arrived; it is not sent there again, and the person counts as not told."""

    message: int
    taken_in: int = 0
    undelivered: bool = False

    @classmethod
    def of(cls, alert: Alert, message: int, taken_in: int) -> Self:
        """`alert` as part of that message."""
        return cls(
            id=alert.id,
            address_revision=alert.address_revision,
            reason=alert.reason,
            message=message,
            taken_in=taken_in,
        )

    def plain(self) -> Alert:
        """The alert without what the log adds."""
        return Alert(id=self.id, address_revision=self.address_revision, reason=self.reason)

    def kept_in(self, year: int) -> bool:
        """Whether the log still holds it in that year: up to the year after the later of the alert's year and the year
        in which it was put into a message. One about a contact is always kept: its reason does not end by itself."""
        if self.reason.kind is ReasonKind.CONTACT:
            return True
        own = _year_of(self.reason)
        return year <= max(own, self.taken_in or own + 1) + 1


class AlertLog(DocumentState):
    """last: the number of the latest message; unwritten: that number while the document `message/<person>/<n>` does not
    exist yet, else 0; taken_at: machine milliseconds at which the latest message was taken; due_since: at which it was
    due, after quiet hours and caps; as_of: the local day that its alerts are due on; taken_on, taken_today: a local
    day, and how many messages were taken on it. Transitions return None for no change."""

    person: str
    region: str
    last: int = 0
    unwritten: int = 0
    taken_at: int = 0
    due_since: int = 0
    as_of: date | None = None
    taken_on: date | None = None
    taken_today: int = 0
    alerts: tuple[LoggedAlert, ...] = ()

    def missing(self, due: Sequence[Alert]) -> list[Alert]:
        """Those of `due` that are not in the log."""
        logged = {each.id for each in self.alerts}
        return [alert for alert in due if alert.id not in logged]

    def taken(self, day: date) -> int:
        """How many messages were taken on that local day."""
        return self.taken_today if self.taken_on == day else 0

    def take(
        self, due: Sequence[Alert], *, as_of: date, taken_at: int, due_since: int = 0, cap: int | None = None
    ) -> Self | None:
        """The log with all missing alerts in one new message; None when there is none, while an earlier message is
        unwritten, or when `cap` messages were taken on this day. Alerts that nobody can need any more leave the log."""
        new = self.missing(due)
        if not new or self.unwritten or (cap is not None and self.taken(as_of) >= cap):
            return None
        number = self.last + 1
        return replaced(
            self,
            last=number,
            unwritten=number,
            taken_at=taken_at,
            due_since=due_since or taken_at,
            as_of=as_of,
            taken_on=as_of,
            taken_today=self.taken(as_of) + 1,
            alerts=(*self._kept(as_of), *(LoggedAlert.of(alert, number, as_of.year) for alert in new)),
        )

    def alerts_of(self, number: int) -> tuple[Alert, ...]:
        """The alerts of message `number`."""
        return tuple(each.plain() for each in self.alerts if each.message == number)

    def written(self, number: int) -> Self | None:
        """The log once message `number` exists."""
        return replaced(self, unwritten=0) if self.unwritten == number else None

    def release(self, number: int, alerts: Collection[str]) -> Self | None:
        """The log without those alerts (ids) of message `number`, so that they can become due again."""
        kept = tuple(each for each in self.alerts if each.message != number or each.id not in alerts)
        return replaced(self, alerts=kept) if len(kept) < len(self.alerts) else None

    def emptied_of(self, numbers: Collection[int]) -> Self | None:
        """The log without the alerts of those messages, which never left this system."""
        kept = tuple(each for each in self.alerts if each.message not in numbers)
        return replaced(self, alerts=kept) if len(kept) < len(self.alerts) else None

    def undelivered(self, number: int) -> Self | None:
        """The log once it is known that nobody knows whether message `number` arrived."""
        marked = tuple(
            replaced(each, undelivered=True) if each.message == number and not each.undelivered else each
            for each in self.alerts
        )
        return replaced(self, alerts=marked) if marked != self.alerts else None

    def delivered(self, number: int) -> Self | None:
        """The log once message `number` is reported as delivered after all."""
        marked = tuple(
            replaced(each, undelivered=False) if each.message == number and each.undelivered else each
            for each in self.alerts
        )
        return replaced(self, alerts=marked) if marked != self.alerts else None

    def of_reason(self, reason: Reason) -> list[LoggedAlert]:
        """The alerts of a reason, at any revision of the person's addresses."""
        return [each for each in self.alerts if each.reason == reason]

    def discard(self, due: Sequence[Alert], year: int) -> Self | None:
        """The log with the missing ones of `due` marked as never to be sent. year: in which that is decided."""
        new = self.missing(due)
        if not new:
            return None
        return replaced(self, alerts=(*self.alerts, *(LoggedAlert.of(alert, NEVER_SENT, year) for alert in new)))

    def reconcile(self, message: MessageContent, year: int = 0) -> Self | None:
        """The log with the alerts and the number of `message`, which was taken in `year`; None when it has them. A
        backup copies logs before messages, so it may hold a message that its log does not know yet."""
        new = [alert for alert in self.missing(message.alerts) if alert.id not in message.leaving]
        if self.last >= message.number and not new:
            return None
        return replaced(
            self,
            last=max(self.last, message.number),
            alerts=(*self.alerts, *(LoggedAlert.of(alert, message.number, year) for alert in new)),
        )

    def _kept(self, today: date) -> Iterable[LoggedAlert]:
        return (each for each in self.alerts if each.kept_in(today.year))


def _year_of(reason: Reason) -> int:
    return int(reason.week[:4]) if reason.week else reason.year or 0
