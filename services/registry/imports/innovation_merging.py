"""What an entry makes of an innovation. Pure.

A draft, and one that was returned, is edited as its agency would. Decisions of a former time come in as they are, and
mark the innovation as imported; as long as nobody has done anything else with it, another import corrects them. What
was submitted or decided here is never changed by a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from services.registry.continuation.changes import set_origin
from services.registry.continuation.rules import FollowUpRules
from services.registry.imports.innovation_entry import InnovationEntry, WrongEntry
from services.registry.imports.innovation_origin import origin_after
from services.registry.innovation import drafting
from services.registry.innovation import year as duty_year
from services.registry.innovation.history import Action, HistoryEntry
from services.registry.innovation.innovation import (
    STATUS_WORDS,
    Change,
    Innovation,
    Placement,
    SubmittedContent,
    event_of,
)
from services.registry.innovation.profile import Profile, invisible
from services.registry.regions.region import Region
from shared import indonesian
from shared.contracts.contract import Origin
from shared.contracts.vocabulary import InnovationStatus
from shared.storage.models import replaced

_DRAFT = InnovationStatus.DRAFT
_ACTIONS = {
    InnovationStatus.RETURNED: Action.RETURNED,
    InnovationStatus.VERIFIED: Action.VERIFIED,
    InnovationStatus.WITHDRAWN: Action.WITHDRAWN,
}
_NEEDED = ("name", "stage", "initiator", "classification", "nature", "form", "main_affair")
"""What an event about a submitted innovation has."""


@dataclass(frozen=True)
class Source:
    """Where an entry comes from. by: the account; origin: of the change."""

    region: Region
    by: str
    origin: Origin

    @property
    def today(self) -> date:
        """The day in the region."""
        return self.region.today(self.origin.time)


def merged(id: str, before: Innovation | None, entry: InnovationEntry, source: Source) -> Change:
    """The innovation after the entry. None when nothing differs. Raises WrongEntry."""
    return _with_origin(_content(id, before, entry, source), before, entry, source)


def _content(id: str, before: Innovation | None, entry: InnovationEntry, source: Source) -> Change:
    """Its profile, evidence and decisions."""
    profile = entry.profile_after(before.profile if before else Profile())
    if flaws := invisible(profile):
        raise WrongEntry(flaws[0].field.partition(".")[2], flaws[0].code, flaws[0].message)
    if before is None:
        status = entry.status or _DRAFT
        new = Innovation(
            id=id,
            region=source.region.code,
            agency=entry.agency,
            year=entry.year,
            assignments=(Placement(agency=entry.agency, year=entry.year),),
            created_by_body="",
        )
        if status is _DRAFT:
            return _begun(new, profile, entry, source)
        return _decided(new, status, profile, entry, source)
    if before.imported and before.history and before.history[-1].action is Action.IMPORTED:
        if entry.status is _DRAFT:
            raise WrongEntry("status", "decided", f"inovasi ini {STATUS_WORDS[before.status]}; bukan lagi rancangan")
        return _decided(before, entry.status or before.status, profile, entry, source)
    return _edited(before, profile, entry, source)


def _with_origin(change: Change, before: Innovation | None, entry: InnovationEntry, source: Source) -> Change:
    """The change with where it comes from. A training project that is not continued is stopped."""
    base = change[0] if change else before
    if base is None:
        return change
    known = base.continuation.origin
    wanted = origin_after(known, entry.origin, source.today)
    if wanted is None or wanted == known:
        return change
    if base.status is InnovationStatus.WITHDRAWN:
        after = replaced(base, continuation=replaced(base.continuation, origin=wanted))
        return after, event_of(after, source.origin)
    more = set_origin(base, wanted, today=source.today, rules=FollowUpRules(), by=source.by, origin=source.origin)
    if more is None:
        return change
    return more[0], event_of(more[0], source.origin) if more[1] or (change and change[1]) else None


def _begun(new: Innovation, profile: Profile, entry: InnovationEntry, source: Source) -> Change:
    """A draft."""
    if flaws := duty_year.implausible(source.region, entry.year, source.origin.time):
        raise WrongEntry("year", flaws[0].code, f"untuk rancangan, {flaws[0].message}; atau isi status dan tanggalnya")
    _require_no_decision(entry)
    drafted, _ = drafting.begin(
        new.id, new.region, new.assignments[0], profile, fingerprint="", by=source.by, origin=source.origin
    )
    drafted = replaced(drafted, evidence=entry.evidence_after({}))
    return drafted, event_of(drafted, source.origin)


def _decided(
    before: Innovation,
    status: InnovationStatus,
    profile: Profile,
    entry: InnovationEntry,
    source: Source,
) -> Change:
    """An innovation with the decisions of a former time."""
    first, decided = _days(before, status, entry, source)
    for key in _NEEDED:
        if getattr(profile, key) is None:
            raise WrongEntry(key, "missing", "wajib diisi untuk inovasi yang sudah diajukan")
    evidence = entry.evidence_after(before.evidence)
    levels = {**before.verified_levels, **entry.verified}
    if missing := next((row for row in levels if row not in evidence), None):
        raise WrongEntry(f"verified.{missing}", "no-evidence", "indikator ini tidak memuat level atau nilai")
    verified = status is InnovationStatus.VERIFIED
    returned = status is InnovationStatus.RETURNED
    after = replaced(
        before.placed(entry.agency, entry.year),
        status=status,
        profile=profile,
        evidence=evidence,
        handed_in=SubmittedContent(profile=profile, evidence=evidence) if returned else None,
        verified_levels=levels,
        first_submitted_at=first,
        submitted_at=first,
        verified_at=decided if verified else None,
        imported=True,
    )
    if after == before:
        return None
    after = replaced(after, history=_history(before, after, decided, entry.reason, source))
    return after, event_of(after, source.origin)


def _history(
    before: Innovation, after: Innovation, decided: datetime | None, reason: str | None, source: Source
) -> tuple[HistoryEntry, ...]:
    """The history with the decisions that are new, and who has brought them in."""
    entries = list(before.history)
    if before.first_submitted_at != after.first_submitted_at and after.first_submitted_at is not None:
        entries.append(HistoryEntry(at=after.first_submitted_at, by=source.by, action=Action.SUBMITTED))
    moved = before.history and (before.agency, before.year) != (after.agency, after.year)
    if moved:
        entries.append(HistoryEntry(at=source.origin.time, by=source.by, action=Action.REASSIGNED))
    action = _ACTIONS.get(after.status)
    if (
        action is not None
        and decided is not None
        and (before.status, before.verified_at) != (after.status, after.verified_at)
    ):
        entries.append(HistoryEntry(at=decided, by=source.by, action=action, reason=reason))
    entries.append(HistoryEntry(at=source.origin.time, by=source.by, action=Action.IMPORTED))
    return tuple(entries)


def _days(
    before: Innovation, status: InnovationStatus, entry: InnovationEntry, source: Source
) -> tuple[datetime, datetime | None]:
    """The moments of first submission and decision. A day stands for its first moment; one that is known already keeps
    its moment."""
    region, today = source.region, source.today
    first = _moment(entry.first_submitted_on, before.first_submitted_at, region)
    if first is None:
        raise WrongEntry("first_submitted_on", "missing", "wajib diisi untuk inovasi yang sudah diajukan")
    day = region.local(first).date()
    if day > today:
        raise WrongEntry("first_submitted_on", "future", f"tidak boleh sesudah hari ini, {indonesian.day(today)}")
    if day.year < entry.year:
        raise WrongEntry("first_submitted_on", "too-early", f"sebelum tahun kewajiban {entry.year} dimulai")
    if status not in _ACTIONS:
        if entry.decided_on is not None:
            raise WrongEntry("decided_on", "no-decision", "kosongkan: statusnya belum berupa keputusan")
        return first, None
    known = next((each.at for each in reversed(before.history) if each.action is _ACTIONS[status]), None)
    decided = _moment(entry.decided_on, before.verified_at or known, region)
    if decided is None:
        raise WrongEntry("decided_on", "missing", "wajib diisi: hari keputusan itu")
    if not day <= region.local(decided).date() <= today:
        raise WrongEntry("decided_on", "out-of-order", "harus di antara hari pengajuan pertama dan hari ini")
    return first, decided


def _moment(day: date | None, known: datetime | None, region: Region) -> datetime | None:
    if day is None or (known is not None and region.local(known).date() == day):
        return known
    return datetime.combine(day, time.min, ZoneInfo(region.zone.value)).astimezone(UTC)


def _edited(before: Innovation, profile: Profile, entry: InnovationEntry, source: Source) -> Change:
    """An innovation of this system: its draft is edited; its decisions are left alone."""
    _require_same(before, entry, source.region)
    evidence = entry.evidence_after(before.evidence)
    if profile == before.profile and evidence == before.evidence:
        return None
    if before.status not in (_DRAFT, InnovationStatus.RETURNED):
        why = f"inovasi ini {STATUS_WORDS[before.status]}; isinya tidak diubah lewat impor"
        raise WrongEntry("name", "submitted", why)
    after = replaced(before, profile=profile, evidence=evidence)
    return after.noted(Action.EDITED, source.by, source.origin), None


def _require_same(before: Innovation, entry: InnovationEntry, region: Region) -> None:
    if (entry.agency, entry.year) != (before.agency, before.year):
        raise WrongEntry("agency", "moved", "perangkat daerah dan tahun hanya dipindahkan oleh kurator, dengan alasan")
    if entry.status not in (None, before.status):
        why = f"inovasi ini {STATUS_WORDS[before.status]}; statusnya tidak diubah lewat impor"
        raise WrongEntry("status", "decided", why)
    for key, day, known in (
        ("first_submitted_on", entry.first_submitted_on, before.first_submitted_at),
        ("decided_on", entry.decided_on, _decided_at(before)),
    ):
        if day is not None and (known is None or region.local(known).date() != day):
            raise WrongEntry(key, "decided", "berbeda dari yang tercatat; tidak diubah lewat impor")
    for row, level in entry.verified.items():
        if before.verified_levels.get(row) != level:
            raise WrongEntry(f"verified.{row}", "decided", "berbeda dari yang tercatat; tidak diubah lewat impor")


def _decided_at(innovation: Innovation) -> datetime | None:
    action = _ACTIONS.get(innovation.status)
    return next((each.at for each in reversed(innovation.history) if each.action is action), None)


def _require_no_decision(entry: InnovationEntry) -> None:
    for key in ("first_submitted_on", "decided_on"):
        if getattr(entry, key) is not None:
            raise WrongEntry("status", "missing", "isi statusnya: ada tanggal pengajuan atau keputusan")
    if entry.verified:
        raise WrongEntry(f"verified.{next(iter(entry.verified))}", "no-decision", "kosongkan: masih rancangan")
