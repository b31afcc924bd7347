"""The alert log of one person: every alert that was put into a message, and into which one. Pure state transitions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Self

from services.notifications.messages.message import MessageContent
from services.notifications.state import DocumentState, replaced
from shared.contracts.message import Alert

NEVER_SENT = 0  # in place of a message's number


class LoggedAlert(Alert):
    """An alert and the number of its message. NEVER_SENT: discarded by the operator after a restore."""

    message: int

    @classmethod
    def of(cls, alert: Alert, message: int) -> Self:
        """`alert` as part of that message."""
        return cls(**alert.model_dump(), message=message)

    def plain(self) -> Alert:
        """The alert without the number."""
        return Alert(**self.model_dump(exclude={"message"}))


class AlertLog(DocumentState):
    """last: the number of the latest message; unwritten: that number while the document `message/<person>/<n>` does not
    exist yet, else 0; taken_at: machine milliseconds at which the latest message was taken; as_of: the local day that
    its alerts are due on. Transitions return None for no change."""

    person: str
    region: str
    last: int = 0
    unwritten: int = 0
    taken_at: int = 0
    as_of: date | None = None
    alerts: tuple[LoggedAlert, ...] = ()

    def missing(self, due: Sequence[Alert]) -> list[Alert]:
        """Those of `due` that are not in the log."""
        logged = {each.id for each in self.alerts}
        return [alert for alert in due if alert.id not in logged]

    def take(self, due: Sequence[Alert], *, as_of: date, taken_at: int) -> Self | None:
        """The log with all missing alerts in one new message; None when there is none, or while an earlier message is
        unwritten."""
        new = self.missing(due)
        if not new or self.unwritten:
            return None
        number = self.last + 1
        return replaced(
            self,
            last=number,
            unwritten=number,
            taken_at=taken_at,
            as_of=as_of,
            alerts=(*self.alerts, *(LoggedAlert.of(alert, number) for alert in new)),
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

    def discard(self, due: Sequence[Alert]) -> Self | None:
        """The log with the missing ones of `due` marked as never to be sent."""
        new = self.missing(due)
        if not new:
            return None
        return replaced(self, alerts=(*self.alerts, *(LoggedAlert.of(alert, NEVER_SENT) for alert in new)))

    def reconcile(self, message: MessageContent) -> Self | None:
        """The log with the alerts and the number of `message`; None when it has them. A backup copies logs before
        messages, so it may hold a message that its log does not know yet."""
        new = [alert for alert in self.missing(message.alerts) if alert.id not in message.leaving]
        if self.last >= message.number and not new:
            return None
        return replaced(
            self,
            last=max(self.last, message.number),
            alerts=(*self.alerts, *(LoggedAlert.of(alert, message.number) for alert in new)),
        )
