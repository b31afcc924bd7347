"""What a curator must look at in one innovation's continuation on one day. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from services.registry.continuation.rules import RulesTerms
from services.registry.continuation.stage import stuck_since
from services.registry.continuation.sustainability import WEAKNESSES, Sustainability, weaknesses
from services.registry.innovation.innovation import Innovation
from shared import indonesian
from shared.contracts.continuation import OriginKind, Use
from shared.contracts.vocabulary import InnovationStatus

RIGHT_ENDS_WITHIN = timedelta(days=180)


class Concern(StrEnum):
    """STUCK: at its stage for longer than the region's patience; UNANSWERED: asked whether it is still in use;
    DORMANT: it rests, or nobody answered; STOPPED: it has ended; RIGHT_ENDS: within 180 days, or it has ended;
    WEAK: it may not survive a rotation of staff; UNDECIDED: a training project without a decision."""

    STUCK = "stuck"
    UNANSWERED = "unanswered"
    DORMANT = "dormant"
    STOPPED = "stopped"
    RIGHT_ENDS = "right-ends"
    WEAK = "weak"
    UNDECIDED = "undecided"


class Remarked(BaseModel):
    """A concern. since: the local day on which it began, if it is known; words: in Bahasa Indonesia."""

    model_config = ConfigDict(frozen=True)

    concern: Concern
    since: date | None
    words: str


def concerns(innovation: Innovation, rules: RulesTerms, now: datetime) -> tuple[Remarked, ...]:
    """All of them; of a withdrawn innovation none, and of one that has ended only that it has, and its rights. now: in
    the region's time zone."""
    today = now.date()
    if innovation.status is InnovationStatus.WITHDRAWN:
        return ()
    if innovation.continuation.ended:
        return (*_use(innovation, now), *_rights(innovation, today))
    return (
        *_stuck(innovation, rules, now),
        *_use(innovation, now),
        *_rights(innovation, today),
        *_weak(innovation, rules, today),
        *_undecided(innovation),
    )


def _stuck(innovation: Innovation, rules: RulesTerms, now: datetime) -> tuple[Remarked, ...]:
    if not innovation.continuation.moves:
        return ()
    at = innovation.continuation.moves[-1]
    since = stuck_since(at.pipeline, at.stage, at.at, rules, now)
    if since is None:
        return ()
    stage = rules.stage(at.pipeline, at.stage)
    name = stage.name if stage else at.stage
    days = (now.date() - _day(at.at, now)).days
    return (Remarked(concern=Concern.STUCK, since=_day(since, now), words=f"sudah {days} hari pada tahapan {name}"),)


def _use(innovation: Innovation, now: datetime) -> tuple[Remarked, ...]:
    continuation = innovation.continuation
    found: list[Remarked] = []
    question = continuation.question
    if innovation.status is InnovationStatus.VERIFIED and question is not None and question.asked_on <= now.date():
        words = f"pertanyaan tindak lanjut ke-{question.number} belum dijawab; batas {indonesian.day(question.until)}"
        found.append(Remarked(concern=Concern.UNANSWERED, since=question.asked_on, words=words))
    if continuation.use is not None and continuation.use.use is not Use.LIVE:
        concern = Concern.DORMANT if continuation.use.use is Use.DORMANT else Concern.STOPPED
        said = "tidur" if concern is Concern.DORMANT else "berhenti"
        words = f"{said}: {continuation.use.reason}" if continuation.use.reason else said
        found.append(Remarked(concern=concern, since=_day(continuation.use.since, now), words=words))
    return tuple(found)


def _rights(innovation: Innovation, today: date) -> tuple[Remarked, ...]:
    found: list[Remarked] = []
    for right in innovation.continuation.rights:
        ends = right.ends_on
        if ends is not None and ends - today <= RIGHT_ENDS_WITHIN:
            verb = "berakhir" if ends >= today else "sudah berakhir"
            words = f"pelindungan {right.kind.value} nomor {right.number} {verb} pada {indonesian.day(ends)}"
            found.append(Remarked(concern=Concern.RIGHT_ENDS, since=ends - RIGHT_ENDS_WITHIN, words=words))
    return tuple(found)


def _weak(innovation: Innovation, rules: RulesTerms, today: date) -> tuple[Remarked, ...]:
    named = innovation.continuation.sustainability
    if named is None and rules.sustainability_required and innovation.status is InnovationStatus.VERIFIED:
        named = Sustainability()
    if named is None or not (found := weaknesses(named, today)):
        return ()
    words = "; ".join(WEAKNESSES[each] for each in found)
    return (Remarked(concern=Concern.WEAK, since=None, words=words),)


def _undecided(innovation: Innovation) -> tuple[Remarked, ...]:
    origin = innovation.continuation.origin
    if origin is None or origin.kind is not OriginKind.TRAINING or origin.decision is not None:
        return ()
    words = "proyek pelatihan ini belum diputuskan: dilanjutkan atau dihentikan"
    return (Remarked(concern=Concern.UNDECIDED, since=None, words=words),)


def _day(moment: datetime, now: datetime) -> date:
    """The local day of a moment, in the time zone of `now`."""
    return moment.astimezone(now.tzinfo).date()
