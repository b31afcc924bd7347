"""Public ideas: anybody may hand in a title and a text, without personal data. The curator hands them to a fostering
agency, which may take them up as a draft, or closes them with a reason. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from services.registry.fields import Remark
from shared.contracts.fields import Id, Name
from shared.faults import Conflict, Flaw, Invalid
from shared.storage.models import replaced
from shared.storage.stored import Stored


class IdeaStatus(StrEnum):
    """NEW → HANDED_OVER → TAKEN_UP; or CLOSED. When its draft has come to nothing, it can be handed over or closed once
    more."""

    NEW = "new"
    HANDED_OVER = "handed-over"
    TAKEN_UP = "taken-up"
    CLOSED = "closed"


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
    """As it is stored. agency: that fosters it, empty: none yet; reason: of the closing; innovation: the draft that
    came of it; fruitless: how many drafts were given up before; decided_at, by: of the last decision."""

    id: str
    region: str
    title: str
    text: str
    received_at: datetime
    status: IdeaStatus = IdeaStatus.NEW
    agency: str = ""
    reason: str | None = None
    innovation: str | None = None
    fruitless: int = 0
    decided_at: datetime | None = None
    by: str = ""

    def require(self, *statuses: IdeaStatus) -> None:
        """Raise Conflict unless the status is one of these."""
        if self.status not in statuses:
            raise Conflict(f"Gagasan ini {STATUS_WORDS[self.status]}; tindakan ini tidak dapat dilakukan.")


_PERSONAL = (
    (re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"), "alamat surel"),
    (re.compile(r"(?<!\d)\d{16}(?!\d)"), "nomor induk kependudukan"),
    (re.compile(r"(?<!\d)(?:\+?62|0)[\s().-]*[2-9](?:[\s().-]*\d){7,12}(?!\d)"), "nomor telepon"),
)


def receive(id: str, region: str, new: NewIdea, *, fingerprint: str, at: datetime) -> Idea:
    """A new idea. Raises Invalid for a text that holds what looks like personal data."""
    flaws = [
        Flaw(field, "personal-data", f"jangan memuat data pribadi; tulisan ini tampaknya memuat {what}")
        for field, text in (("title", new.title), ("text", new.text))
        for pattern, what in _PERSONAL
        if pattern.search(text)
    ]
    if flaws:
        raise Invalid(flaws)
    return Idea(id=id, region=region, title=new.title, text=new.text, received_at=at, created_by_body=fingerprint)


def reopened(idea: Idea, given_up: str | None) -> Idea:
    """The idea as it was before it was taken up, if this innovation, which was given up, is what came of it."""
    if given_up is None or idea.status is not IdeaStatus.TAKEN_UP or idea.innovation != given_up:
        return idea
    return replaced(idea, status=IdeaStatus.HANDED_OVER, agency="", innovation=None, fruitless=idea.fruitless + 1)


def hand_over(idea: Idea, agency: str, by: str, at: datetime) -> Idea | None:
    """To a fostering agency, or to another one. None when it has it already. Raises Conflict."""
    idea.require(IdeaStatus.NEW, IdeaStatus.HANDED_OVER)
    if idea.agency == agency:
        return None
    return replaced(idea, status=IdeaStatus.HANDED_OVER, agency=agency, by=by, decided_at=at)


def close(idea: Idea, reason: str, by: str, at: datetime) -> Idea:
    """Close with a reason. Raises Conflict."""
    idea.require(IdeaStatus.NEW, IdeaStatus.HANDED_OVER)
    return replaced(idea, status=IdeaStatus.CLOSED, reason=reason, by=by, decided_at=at)


def take_up(idea: Idea, innovation: str, by: str, at: datetime) -> Idea | None:
    """Its agency has made a draft of it. None when that is known. Raises Conflict."""
    if idea.innovation == innovation:
        return None
    idea.require(IdeaStatus.HANDED_OVER)
    return replaced(idea, status=IdeaStatus.TAKEN_UP, innovation=innovation, by=by, decided_at=at)
