"""What becomes of an event that arrives: a pure function of it and of what is kept of its subject."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.event import SEQUENCE_DIGITS
from shared.ports.store import State


class Overtaken(Exception):
    """What is kept has a higher place than the event was given: another writer is at work."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event to keep. body: its bytes as text; may_repeat: somebody may have tried to place it before, and perhaps
    still does."""

    subject: str
    type: str
    region: str
    body: str
    sequence: int
    may_repeat: bool

    @property
    def event_id(self) -> str:
        """The event's id."""
        return f"{self.subject}/{self.sequence:0{SEQUENCE_DIGITS}d}"

    def at(self, place: int) -> State:
        """The state of its document at this place."""
        return {
            "body": self.body,
            "type": self.type,
            "region": self.region,
            "province": self.region[:2],
            "kind": self.subject.partition("/")[0],
            "place": place,
            "sequence": self.sequence,
        }


def placed(kept: State | None, arrived: Arrived, place: int, *, begin: int, doubtful: int) -> State | None:
    """The state with the event at its new place; None: what is kept stays. begin: what is kept at a place up to it
    belongs to a former generation, and is as good as absent; doubtful: what is kept at a place below it may have been
    placed after a reader had passed, and nobody may have been told, so it is placed anew like a repeat.

    Raises Overtaken when it would be placed below what is kept: a place never goes down."""
    if kept is not None and kept["place"] > begin:
        if arrived.sequence < kept["sequence"]:
            return None
        if arrived.sequence == kept["sequence"] and not (arrived.may_repeat or kept["place"] < doubtful):
            return None
    if kept is not None and kept["place"] >= place:
        raise Overtaken(arrived.subject)
    return arrived.at(place)


def newest(arrived: list[Arrived]) -> dict[str, Arrived]:
    """Of each subject the newest of these events, in the order of arrival; of equal ones one that may repeat."""
    found: dict[str, Arrived] = {}
    for each in arrived:
        other = found.get(each.subject)
        if other is None or (each.sequence, each.may_repeat) > (other.sequence, other.may_repeat):
            found[each.subject] = each
    return found
