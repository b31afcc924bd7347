"""The signed Perjanjian Inovasi of an agency's head for a year, the promised innovations, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.registry.evidence.attachment import Attachment
from services.registry.fields import Day, Reference, Remark
from services.registry.files.redaction import (
    NewRedaction,
    Redaction,
    redaction_of,
    require_not_redacted,
    without_name,
)
from shared.contracts.commitment import COMMITMENT_SIGNED, CommitmentSigned, Promised, PromiseOutcome
from shared.contracts.contract import Origin, draft
from shared.contracts.event import Draft
from shared.contracts.fields import Id, Name, Year
from shared.contracts.names import folded
from shared.faults import Flaw, Invalid, NotFound
from shared.storage.models import replaced
from shared.storage.stored import Stored

MOST_PROMISES = 50


class Promise(BaseModel):
    """A promised innovation. name: as in the paper; innovation: the id of the one that came of it; dropped: why it was
    given up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    innovation: Id | None = None
    dropped: Remark | None = None

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        if self.innovation is not None and self.dropped is not None:
            raise ValueError("janji yang sudah menjadi inovasi tidak dapat sekaligus dibatalkan")
        return self

    @property
    def outcome(self) -> PromiseOutcome:
        """What became of it."""
        if self.dropped is not None:
            return PromiseOutcome.DROPPED
        return PromiseOutcome.OPEN if self.innovation is None else PromiseOutcome.TAKEN_UP


class CommitmentTerms(BaseModel):
    """What a curator enters. number, dated: of the paper; promises: in its order; revoked: recorded by mistake, or no
    longer in force."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Reference
    dated: Day
    promises: tuple[Promise, ...] = Field(default=(), max_length=MOST_PROMISES)
    revoked: bool = False


class NewCommitment(CommitmentTerms):
    """The body of a creation."""

    agency: Id
    year: Year


class Commitment(Stored):
    """As it is stored, under `<agency>/<year>`. by: the account that changed it last; changed_at: business time; file:
    the signed paper; redactions: of its papers, for good."""

    region: str
    agency: str
    year: int
    number: str
    dated: date
    promises: tuple[Promise, ...] = ()
    revoked: bool = False
    file: Attachment | None = None
    by: str = ""
    changed_at: datetime
    redactions: tuple[Redaction, ...] = ()

    @property
    def innovations(self) -> tuple[str, ...]:
        """The ids of the innovations that came of it."""
        return tuple(each.innovation for each in self.promises if each.innovation is not None)


Change = tuple[Commitment, Draft | None] | None


def commitment_id(agency: str, year: int) -> str:
    """The document's id."""
    return f"{agency}/{year}"


def sign(
    region: str, new: NewCommitment, *, fingerprint: str, today: date, by: str, origin: Origin
) -> tuple[Commitment, Draft]:
    """A new commitment, with its event. region: the agency's. Raises Invalid for a day to come."""
    _require_signed(new.dated, today)
    made = Commitment(region=region, **dict(new), by=by, changed_at=origin.time, created_by_body=fingerprint)
    return made, _event(made, origin)


def revise(before: Commitment, terms: CommitmentTerms, *, today: date, by: str, origin: Origin) -> Change:
    """Other terms; the file stays. None when nothing differs. Raises Invalid for a day to come."""
    _require_signed(terms.dated, today)
    after = replaced(before, **dict(terms))
    if after == before:
        return None
    changed = replaced(after, by=by, changed_at=origin.time)
    told = _event(changed, origin)
    return changed, told if told.data != _event(before, origin).data else None


def take_up_named(before: Commitment, named: Mapping[str, str], *, by: str, origin: Origin) -> Change:
    """Name for each open promise the innovation that has its name. named: folded name → id. None when nothing is found,
    and for a revoked commitment."""
    promises = tuple(_taken_up(each, named) for each in before.promises)
    if before.revoked or promises == before.promises:
        return None
    changed = replaced(before, promises=promises, by=by, changed_at=origin.time)
    return changed, _event(changed, origin)


def put_file(before: Commitment, file: Attachment, *, by: str, origin: Origin) -> Change:
    """Set the signed paper; it replaces an earlier one. Raises Conflict for one that was redacted."""
    require_not_redacted(before.redactions, file.digest)
    if before.file is not None and before.file.digest == file.digest:
        return None
    return replaced(before, file=file, by=by, changed_at=origin.time), None


def _taken_up(promise: Promise, named: Mapping[str, str]) -> Promise:
    found = named.get(folded(promise.name)) if promise.outcome is PromiseOutcome.OPEN else None
    return promise if found is None else replaced(promise, innovation=found)


def redact(before: Commitment, wanted: NewRedaction, *, by: str, origin: Origin) -> Change:
    """Redact the paper. None when it is redacted already. Raises NotFound when the commitment has another one, or
    none."""
    if redaction_of(before.redactions, wanted.digest) is not None:
        return None
    if before.file is None or before.file.digest != wanted.digest:
        raise NotFound("Perjanjian ini tidak memuat berkas ini.")
    redaction = Redaction(digest=wanted.digest, reason=wanted.reason, by=by, at=origin.time)
    redactions = (*before.redactions, redaction)
    file = without_name(before.file)
    return replaced(before, file=file, redactions=redactions, by=by, changed_at=origin.time), None


def _require_signed(dated: date, today: date) -> None:
    if dated > today:
        raise Invalid([Flaw("dated", "future", "tanggal perjanjian tidak boleh di masa depan")])


def _event(commitment: Commitment, origin: Origin) -> Draft:
    promised = tuple(
        Promised(name=each.name, outcome=each.outcome, innovation=each.innovation) for each in commitment.promises
    )
    state = CommitmentSigned(
        region=commitment.region,
        agency=commitment.agency,
        year=commitment.year,
        number=commitment.number,
        dated=commitment.dated,
        promised=promised,
        revoked=commitment.revoked,
    )
    return draft(COMMITMENT_SIGNED, state, commitment.region, origin)
