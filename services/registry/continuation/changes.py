"""Changes of an innovation's continuation. Each owes the event of the innovation's present status if what the event
says differs. Pure."""

from __future__ import annotations

from datetime import date, datetime

from services.registry.continuation import follow_up
from services.registry.continuation.actor import ActorList
from services.registry.continuation.continuation import Continuation, UseState
from services.registry.continuation.follow_up import (
    MOST_FILES_OF_AN_ANSWER,
    MOST_FOLLOW_UPS,
    Answer,
    FollowUp,
    UseEntry,
)
from services.registry.continuation.origin import InnovationOrigin, TrainingDecision
from services.registry.continuation.rights import RightsList, recorded
from services.registry.continuation.rules import FollowUpRules, RulesTerms
from services.registry.continuation.stage import StageMove, moved
from services.registry.continuation.sustainability import Sustainability, staffed_until
from services.registry.evidence.attachment import Attachment
from services.registry.files.redaction import require_not_redacted
from services.registry.innovation.innovation import Change, Innovation, event_of
from shared.contracts.continuation import OriginKind, Use
from shared.contracts.contract import Origin
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict
from shared.storage.models import replaced

_ALIVE = (
    InnovationStatus.DRAFT,
    InnovationStatus.SUBMITTED,
    InnovationStatus.RETURNED,
    InnovationStatus.VERIFIED,
)


def move(
    innovation: Innovation, wanted: StageMove, *, rules: RulesTerms, by: str, now: datetime, origin: Origin
) -> Change:
    """Move to a stage. now: in the region's time zone. Raises Conflict for a withdrawn innovation, Invalid for an
    unknown stage or a day that cannot be."""
    innovation.require(*_ALIVE)
    moves = moved(innovation.continuation.moves, wanted, rules, by, now)
    return _changed(innovation, replaced(innovation.continuation, moves=moves), origin)


def set_origin(
    innovation: Innovation,
    wanted: InnovationOrigin,
    *,
    today: date,
    rules: FollowUpRules,
    by: str,
    origin: Origin,
) -> Change:
    """Say where it comes from. A training project that is not continued is stopped; when that decision is taken back,
    it is as if it had not been. Raises Conflict, Invalid."""
    innovation.require(*_ALIVE)
    wanted.require_decided(today)
    if wanted.kind is OriginKind.COMMUNITY and wanted.fostering_agency is None:
        wanted = replaced(wanted, fostering_agency=innovation.agency)
    before = innovation.continuation
    after = replaced(before, origin=wanted)
    if wanted.decision is TrainingDecision.STOP:
        if wanted != before.origin:
            after = replaced(_in_use(after, Use.STOPPED, wanted.reason, by, origin), question=None)
    elif _stopped_by_its_decision(before):
        after = replaced(after, use=None)
        if innovation.status is InnovationStatus.VERIFIED:
            after = _in_use(after, Use.LIVE, None, by, origin)
            after = _asked(after, follow_up.months_later(today, rules.every_months), rules)
    return _changed(innovation, after, origin)


def plan_follow_up(innovation: Innovation, asked_on: date, today: date, rules: FollowUpRules, origin: Origin) -> Change:
    """Plan the next question for that day, or move it. One that has been asked already is asked anew, under the next
    number. Raises Conflict unless the innovation is verified, and for one that has ended."""
    innovation.require(InnovationStatus.VERIFIED)
    before = innovation.continuation
    if before.use is not None and before.use.use is Use.STOPPED:
        raise Conflict("Inovasi ini sudah berhenti; nyatakan lebih dahulu bahwa inovasi ini dipakai lagi.")
    present = before.question
    if present is not None and present.asked_on == asked_on:
        return None
    if present is not None and present.asked_on > today:
        after = replaced(before, question=follow_up.question(present.number, asked_on, rules, present.files))
    else:
        after = _asked(before, asked_on, rules, present.files if present else ())
    if before.use is None:
        after = replaced(after, use=UseState(use=Use.LIVE, since=innovation.verified_at or origin.time))
    return _changed(innovation, after, origin)


def attach_proof(innovation: Innovation, file: Attachment, origin: Origin) -> Change:
    """Add a file to the answer that is being prepared. The same bytes twice are one file. Raises Conflict without an
    open question, when it has as many files as it may, and for a file that was redacted."""
    present = require_question(innovation)
    require_not_redacted(innovation.redactions, file.digest)
    if any(each.digest == file.digest for each in present.files):
        return None
    if len(present.files) >= MOST_FILES_OF_AN_ANSWER:
        raise Conflict(f"Jawaban ini sudah memuat {MOST_FILES_OF_AN_ANSWER} berkas, yang terbanyak.")
    wanted = replaced(present, files=(*present.files, file))
    return _changed(innovation, replaced(innovation.continuation, question=wanted), origin)


def answer(
    innovation: Innovation, given: Answer, *, today: date, rules: FollowUpRules, by: str, origin: Origin
) -> Change:
    """Answer the open question, also before its day; the next one is asked after the region's months. Of an innovation
    that has ended nothing is asked any more. Raises Conflict without an open question."""
    present = require_question(innovation)
    settled = FollowUp(
        number=present.number,
        asked_on=present.asked_on,
        answer=given,
        answered_at=origin.time,
        by=by,
        files=present.files,
    )
    after = _in_use(_settled(innovation.continuation, settled), given.use, given.reason, by, origin)
    if given.use is not Use.STOPPED:
        after = _asked(after, follow_up.months_later(today, rules.every_months), rules)
    return _changed(innovation, after, origin)


def lapse(innovation: Innovation, today: date, rules: FollowUpRules, origin: Origin) -> Change:
    """By the calendar: a question that nobody has answered in time lapses, the innovation is dormant, and it is asked
    again after the region's months. None while there is time, and for an innovation that is not verified."""
    present = innovation.continuation.question
    if innovation.status is not InnovationStatus.VERIFIED or present is None or today <= present.until:
        return None
    settled = FollowUp(number=present.number, asked_on=present.asked_on, lapsed_on=today, files=present.files)
    asked_on = follow_up.months_later(max(present.asked_on, today), rules.every_months)
    after = _settled(innovation.continuation, settled)
    after = _in_use(after, Use.DORMANT, "pertanyaan tindak lanjut tidak dijawab", "", origin)
    return _changed(innovation, _asked(after, asked_on, rules), origin)


def begin_following(
    innovation: Innovation, asked_on: date, today: date, rules: FollowUpRules, origin: Origin
) -> Change:
    """By the calendar: plan the first question of a verified innovation that was never followed up."""
    known = innovation.continuation
    if innovation.status is not InnovationStatus.VERIFIED or known.question is not None or known.use is not None:
        return None
    return plan_follow_up(innovation, asked_on, today, rules, origin)


def set_use(
    innovation: Innovation, wanted: UseEntry, *, today: date, rules: FollowUpRules, by: str, origin: Origin
) -> Change:
    """Say whether it is in use without a question: what the curator has found. Raises Conflict unless verified."""
    innovation.require(InnovationStatus.VERIFIED)
    before = innovation.continuation
    after = _in_use(before, wanted.use, wanted.reason, by, origin)
    if wanted.use is Use.STOPPED:
        after = replaced(after, question=None)
    elif before.question is None:
        after = _asked(after, follow_up.months_later(today, rules.every_months), rules)
    return _changed(innovation, after, origin)


def set_actors(innovation: Innovation, wanted: ActorList, origin: Origin) -> Change:
    """Replace the list of actors. Raises Conflict for a withdrawn innovation."""
    innovation.require(*_ALIVE)
    return _changed(innovation, replaced(innovation.continuation, actors=wanted.actors), origin)


def set_sustainability(innovation: Innovation, wanted: Sustainability, origin: Origin) -> Change:
    """Replace what keeps it alive. Another day after which nobody of the team is left is counted, so that it is told.
    Raises Conflict for a withdrawn innovation."""
    innovation.require(*_ALIVE)
    before = innovation.continuation
    until = staffed_until(wanted)
    new = until is not None and until != staffed_until(before.sustainability)
    counted = before.staffing_counted + new
    return _changed(innovation, replaced(before, sustainability=wanted, staffing_counted=counted), origin)


def set_rights(innovation: Innovation, wanted: RightsList, origin: Origin) -> Change:
    """Replace the list of rights. Raises Conflict for a withdrawn innovation."""
    innovation.require(*_ALIVE)
    before = innovation.continuation
    rights, counted = recorded(before.rights, wanted.rights, before.rights_counted)
    return _changed(innovation, replaced(before, rights=rights, rights_counted=counted), origin)


def require_question(innovation: Innovation) -> follow_up.Question:
    """The open question. Raises Conflict without one."""
    innovation.require(InnovationStatus.VERIFIED)
    if innovation.continuation.question is None:
        raise Conflict("Tidak ada pertanyaan tindak lanjut yang terbuka untuk inovasi ini.")
    return innovation.continuation.question


def _stopped_by_its_decision(known: Continuation) -> bool:
    """Whether it was stopped by the decision about its training project, and nothing else was said since."""
    if known.origin is None or known.use is None or known.origin.decision is not TrainingDecision.STOP:
        return False
    return known.use.use is Use.STOPPED and known.use.reason == known.origin.reason


def _in_use(before: Continuation, use: Use, reason: str | None, by: str, origin: Origin) -> Continuation:
    if before.use is not None and before.use.use is use and before.use.reason == reason:
        return before
    return replaced(before, use=UseState(use=use, since=origin.time, by=by, reason=reason))


def _settled(before: Continuation, settled: FollowUp) -> Continuation:
    return replaced(before, question=None, follow_ups=(*before.follow_ups, settled)[-MOST_FOLLOW_UPS:])


def _asked(
    before: Continuation, asked_on: date, rules: FollowUpRules, files: tuple[Attachment, ...] = ()
) -> Continuation:
    number = before.questions_counted + 1
    asked = follow_up.question(number, asked_on, rules, files)
    return replaced(before, question=asked, questions_counted=number)


def _changed(innovation: Innovation, after: Continuation, origin: Origin) -> Change:
    if after == innovation.continuation:
        return None
    changed = replaced(innovation, continuation=after)
    tells = after.public() != innovation.continuation.public()
    return changed, event_of(changed, origin) if tells else None
