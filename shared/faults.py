"""The errors that this system raises on purpose, as one small tree.

A fault carries a *slug* (stable, machine-readable; the end of a problem document's ``type``) and a sentence for people.
`shared/web/problems.py` maps faults to HTTP; `shared/messaging/verdict.py` maps them to what happens to a message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self


class Fault(Exception):
    """The base class: never raised itself. Without `detail` the sentence is the docstring of its class."""

    slug = "fault"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.__class__.__doc__ or self.slug)
        self.detail = detail or (self.__class__.__doc__ or self.slug).strip()


# --- Requests that cannot be fulfilled ---


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with an input.

    field: a dotted path into the input (``profile.design``, ``evidence.33.value``); code: a stable slug;
    message: one sentence for people, in Bahasa Indonesia where agencies see it.
    """

    field: str
    code: str
    message: str


MOST_FLAWS = 100
"""Flaws of one input that are listed; of the others only their number is told. An answer must not grow with the input
that it refuses."""

_MOST_TOLD = 3  # flaws in the sentence of an exception


class Flaws(list[Flaw]):
    """Flaws as they are found: the first MOST_FLAWS are kept, the others are counted in `more`."""

    def __init__(self) -> None:
        super().__init__()
        self.more = 0

    @property
    def found(self) -> int:
        """How many were found, kept or not."""
        return len(self) + self.more

    def append(self, flaw: Flaw) -> None:
        """Keep or count a flaw."""
        if len(self) < MOST_FLAWS:
            super().append(flaw)
        else:
            self.more += 1

    def extend(self, flaws: Iterable[Flaw]) -> None:
        """Keep or count each of them."""
        for flaw in flaws:
            self.append(flaw)

    def __iadd__(self, flaws: Iterable[Flaw]) -> Self:  # type: ignore[override,misc]
        self.extend(flaws)
        return self


class Invalid(Fault):
    """The input breaks rules (HTTP 422). flaws: the first MOST_FLAWS of them; more: how many others there are."""

    slug = "invalid"

    def __init__(self, flaws: Sequence[Flaw], detail: str = "", *, more: int = 0) -> None:
        """more: flaws that were found and are not in `flaws`; those that `Flaws` has counted are added."""
        self.flaws = list(flaws[:MOST_FLAWS])
        self.more = more + len(flaws) - len(self.flaws) + (flaws.more if isinstance(flaws, Flaws) else 0)
        self.explained = bool(detail)
        super().__init__(detail or self._told())

    def _told(self) -> str:
        told = [f"{flaw.field[:80]}: {flaw.message[:200]}" for flaw in self.flaws[:_MOST_TOLD]]
        left = len(self.flaws) + self.more - len(told)
        return "; ".join([*told, f"and {left} more"] if left else told)


class NotFound(Fault):
    """It does not exist, or the caller may not know that it does (HTTP 404)."""

    slug = "not-found"


class Gone(Fault):
    """It existed and does not any more (HTTP 410)."""

    slug = "gone"


class Conflict(Fault):
    """The current state does not allow this (HTTP 409)."""

    slug = "conflict"


class ConfirmationNeeded(Conflict):
    """The caller must confirm the consequence of the request by naming its numbers (HTTP 409). Subclasses have slugs of
    their own. confirm: field of the request → the number that it must have."""

    slug = "confirmation-needed"

    def __init__(self, detail: str, confirm: Mapping[str, int]) -> None:
        super().__init__(detail)
        self.confirm = dict(confirm)


class AlreadyExists(Conflict):
    """Another document has what must be unique (HTTP 409). other: `id` and `name` of that document."""

    slug = "already-exists"

    def __init__(self, detail: str, other: Mapping[str, str]) -> None:
        super().__init__(detail)
        self.other = dict(other)


class Stale(Fault):
    """The caller's `If-Match` names a version that is not the newest (HTTP 412)."""

    slug = "stale"


class PreconditionRequired(Fault):
    """An update without `If-Match` (HTTP 428)."""

    slug = "precondition-required"


class KeyReused(Fault):
    """The `Idempotency-Key` was used before, with another body (HTTP 422)."""

    slug = "idempotency-key-reused"


class Unauthenticated(Fault):
    """The token is missing or not valid (HTTP 401)."""

    slug = "unauthenticated"


class Forbidden(Fault):
    """The token's role or scope does not allow this (HTTP 403)."""

    slug = "forbidden"


class TooLarge(Fault):
    """The request's body is larger than allowed here (HTTP 413)."""

    slug = "too-large"


class QuotaSpent(Fault):
    """As much as is allowed in this time has been used (HTTP 429 with `Retry-After`)."""

    slug = "quota-spent"

    def __init__(self, detail: str = "", *, retry_after: int = 3600) -> None:
        """retry_after: seconds until more is allowed."""
        super().__init__(detail)
        self.retry_after = retry_after


class WrongMediaType(Fault):
    """The request's body has a media type that is not accepted here (HTTP 415)."""

    slug = "wrong-media-type"


# --- Stores, buses and files that do not answer ---


class Away(Fault):
    """Something outside the process does not answer at present (HTTP 503 with `Retry-After`)."""

    slug = "away"
    retry_after = 5  # seconds


class StoreAway(Away):
    """The store does not answer, or did not confirm a write."""

    slug = "store-away"


class BusAway(Away):
    """The bus does not answer, or did not confirm a publish."""

    slug = "bus-away"


class Unconfirmed(BusAway):
    """The broker did not confirm a publish in time, over a connection that is up as far as known."""

    slug = "unconfirmed"


class FilesAway(Away):
    """The storage of evidence files does not answer, or is full."""

    slug = "files-away"


class StorageLow(Away):
    """Too little space is left for another file (HTTP 507 with `Retry-After`)."""

    slug = "storage-low"
    retry_after = 600  # seconds; somebody must free or add space


class Busy(Away):
    """Too many events are unprocessed: a document owes 50, or consumers lag by more than a minute."""

    slug = "busy"


# --- Messages ---


class Unreadable(Fault):
    """The message is not a valid event: bad bytes, unknown type, payload against its contract. Parked at once."""

    slug = "unreadable"


class NewerSchema(Fault):
    """A schema newer than this process knows. A subscription that receives such an event pauses; it is never parked."""

    slug = "newer-schema"


class Unroutable(Fault):
    """The broker has no queue for the message. The topology is missing: `satu topology apply`."""

    slug = "unroutable"


class Refused(Fault):
    """The broker refuses this event for good: a right is missing, or the message is too large. cure: what an operator
    must do; whole_type: it refuses every event of this type."""

    slug = "refused"

    def __init__(self, detail: str, cure: str, *, whole_type: bool) -> None:
        super().__init__(detail)
        self.cure = cure
        self.whole_type = whole_type


class QueueMissing(Fault):
    """A subscription's queue does not exist. Run `satu topology apply`; what to send again: `Subscription.cure`."""

    slug = "queue-missing"


# --- The deployment ---


class Misconfigured(Fault):
    """The process cannot start with these settings; `flaws` lists all of them at once."""

    slug = "misconfigured"

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__("\n".join(f"{flaw.field}: {flaw.message}" for flaw in flaws))
        self.flaws = flaws
