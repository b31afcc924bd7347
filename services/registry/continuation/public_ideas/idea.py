"""Public ideas: anybody may hand in a title and a text, without personal data. The curator hands them to a fostering
agency, which may take them up as a draft, or closes them with a reason. Pure."""

from __future__ import annotations

import re
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.registry.fields import Remark
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft
from shared.contracts.fields import Id, Name
from shared.contracts.idea import IDEA_CHANGED, IdeaChanged, IdeaStatus
from shared.faults import Conflict, Flaw, Invalid
from shared.storage.models import replaced
from shared.storage.stored import Stored

STATUS_WORDS: dict[IdeaStatus, str] = {
    IdeaStatus.NEW: "baru diterima",
    IdeaStatus.HANDED_OVER: "sudah diserahkan kepada perangkat daerah pembina",
    IdeaStatus.TAKEN_UP: "sudah ditindaklanjuti menjadi rancangan inovasi",
    IdeaStatus.CLOSED: "sudah ditutup",
}


class NewIdea(BaseModel):
    """What somebody hands in."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Name
    text: Remark


class HandOver(BaseModel):
    """To whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agency: Id


class Closing(BaseModel):
    """Why; whoever handed the idea in can read it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Remark


class Idea(Stored):
    """As it is stored. agency: that fosters it, empty: none yet; handed_over: how often it was handed to one; reason:
    of the closing; innovation: the draft that came of it; fruitless: how many drafts were given up before; decided_at,
    by: of the last decision."""

    id: str
    region: str
    title: str
    text: str
    received_at: datetime
    status: IdeaStatus = IdeaStatus.NEW
    agency: str = ""
    handed_over: int = 0
    reason: str | None = None
    innovation: str | None = None
    fruitless: int = 0
    decided_at: datetime | None = None
    by: str = ""

    def require(self, *statuses: IdeaStatus) -> None:
        """Raise Conflict unless the status is one of these."""
        if self.status not in statuses:
            raise Conflict(f"Gagasan ini {STATUS_WORDS[self.status]}; tindakan ini tidak dapat dilakukan.")


_PROVINCE = "(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])"
_BORN = "(?:[04][1-9]|[1256][0-9]|[37][01])[ .-]?(?:0[1-9]|1[0-2])"  # the day (of women + 40) and month of birth
_NIK = rf"{_PROVINCE}(?:[ .-]?\d){{4}}[ .-]?{_BORN}(?:[ .-]?\d){{6}}"
"""A NIK that is written in groups. Years in a row are none."""

_PERSONAL = (
    (re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"), "alamat surel"),
    (re.compile(rf"(?<!\d)(?:\d{{16}}|{_NIK})(?!\d)"), "nomor induk kependudukan"),
    (re.compile(r"(?<!\d)(?:\+?62|0)[\s().-]*[2-9](?:[\s().-]*\d){7,12}(?!\d)"), "nomor telepon"),
)


def event_of(idea: Idea, origin: Origin) -> Draft:
    """What others hear of it: how far it is."""
    changed = IdeaChanged(
        id=idea.id,
        region=idea.region,
        status=idea.status,
        received_at=idea.received_at,
        since=idea.decided_at or idea.received_at,
        agency=idea.agency or None,
        handed_over=idea.handed_over,
        innovation=idea.innovation,
    )
    return draft(IDEA_CHANGED, changed, idea.region, origin)


def receive(id: str, region: str, new: NewIdea, *, fingerprint: str, origin: Origin) -> tuple[Idea, Draft]:
    """A new idea. Raises Invalid for a text that holds what looks like personal data."""
    flaws = [
        Flaw(field, "personal-data", f"jangan memuat data pribadi; tulisan ini tampaknya memuat {what}")
        for field, text in (("title", new.title), ("text", new.text))
        for pattern, what in _PERSONAL
        if pattern.search(text)
    ]
    if flaws:
        raise Invalid(flaws)
    idea = Idea(
        id=id, region=region, title=new.title, text=new.text, received_at=origin.time, created_by_body=fingerprint
    )
    return idea, event_of(idea, origin)


def reopened(idea: Idea, given_up: str | None) -> Idea:
    """The idea as it was before it was taken up, if this innovation, which was given up, is what came of it."""
    if given_up is None or idea.status is not IdeaStatus.TAKEN_UP or idea.innovation != given_up:
        return idea
    return replaced(idea, status=IdeaStatus.HANDED_OVER, agency="", innovation=None, fruitless=idea.fruitless + 1)


def hand_over(idea: Idea, agency: str, by: str, origin: Origin) -> tuple[Idea, Draft] | None:
    """To a fostering agency, or to another one. None when it has it already. Raises Conflict."""
    idea.require(IdeaStatus.NEW, IdeaStatus.HANDED_OVER)
    if idea.agency == agency:
        return None
    count = max(idea.handed_over, idea.status is IdeaStatus.HANDED_OVER) + 1
    return _decided(idea, origin, status=IdeaStatus.HANDED_OVER, agency=agency, handed_over=count, by=by)


def close(idea: Idea, reason: str, by: str, origin: Origin) -> tuple[Idea, Draft]:
    """Close with a reason. Raises Conflict."""
    idea.require(IdeaStatus.NEW, IdeaStatus.HANDED_OVER)
    return _decided(idea, origin, status=IdeaStatus.CLOSED, reason=reason, by=by)


def take_up(idea: Idea, innovation: str, by: str, origin: Origin) -> tuple[Idea, Draft] | None:
    """Its agency has made a draft of it. None when that is known. Raises Conflict."""
    if idea.innovation == innovation:
        return None
    idea.require(IdeaStatus.HANDED_OVER)
    return _decided(idea, origin, status=IdeaStatus.TAKEN_UP, innovation=innovation, by=by)


def _decided(idea: Idea, origin: Origin, **changes: object) -> tuple[Idea, Draft]:
    after = replaced(idea, decided_at=origin.time, **changes)
    return after, event_of(after, origin)
