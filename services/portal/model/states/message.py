"""A message about one agency as it is kept. Pure."""

from __future__ import annotations

from datetime import datetime

from services.portal.model.states.step import HEARD, is_news
from services.portal.model.states.times import microseconds
from services.portal.model.views.message import SentMessage
from shared.contracts.message import AlertState, Reason
from shared.ports.store import State


def message_id(person: str, number: int, agency: str) -> str:
    """The id of what a message says about an agency."""
    return f"{person}/{number}/{agency}"


def agencies_in(message: AlertState) -> list[str]:
    """The agencies that a message is about."""
    return sorted({each.reason.agency for each in message.alerts if each.reason.agency is not None})


def with_message(state: State | None, message: AlertState, agency: str, sequence: int, *, sent: bool) -> State | None:
    """The newer of what is kept and what an event says, with the reasons that are about this agency."""
    if not is_news(state, sequence):
        return None
    dumped = message.model_dump(mode="json", exclude={"alerts"})
    reasons = [each.reason for each in message.alerts if each.reason.agency == agency]
    return {
        "region": message.region,
        "agency": agency,
        "settled": microseconds(dumped["settled_at"]),
        HEARD: sequence,
        "sent": sent,
        "reasons": [each.model_dump(mode="json", exclude={"person"}) for each in reasons],
        "message": dumped,
    }


def message_of(state: State) -> SentMessage:
    """As pages see it."""
    message = state["message"]
    return SentMessage(
        person=message["person"],
        number=message["number"],
        region=state["region"],
        agency=state["agency"],
        reasons=tuple(Reason.model_validate(each, extra="ignore") for each in state["reasons"]),
        channel=message["channel"],
        attempts=message["attempts"],
        possibly_repeated=message["possibly_repeated"],
        sent=state["sent"],
        settled_at=datetime.fromisoformat(message["settled_at"]),
        code=message["code"],
        sequence=state[HEARD],
    )
