"""The errors that this system raises on purpose, as one small tree.

A fault carries a *slug* (stable, machine-readable; the end of a problem document's ``type``) and a sentence for people.
`shared/web/problems.py` maps faults to HTTP; `shared/messaging/verdict.py` maps them to what happens to a message.
"""

from __future__ import annotations

from dataclasses import dataclass


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


class Invalid(Fault):
    """The input breaks rules; `flaws` lists all of them at once (HTTP 422)."""

    slug = "invalid"

    def __init__(self, flaws: list[Flaw], detail: str = "") -> None:
        super().__init__(detail or "; ".join(f"{flaw.field}: {flaw.message}" for flaw in flaws))
        self.flaws = flaws


class NotFound(Fault):
    """It does not exist, or the caller may not know that it does (HTTP 404)."""

    slug = "not-found"


class Conflict(Fault):
    """The current state does not allow this (HTTP 409)."""

    slug = "conflict"


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
    """A subscription's queue does not exist. Run `satu topology apply`, then `satu resync registry`."""

    slug = "queue-missing"


# --- The deployment ---


class Misconfigured(Fault):
    """The process cannot start with these settings; `flaws` lists all of them at once."""

    slug = "misconfigured"

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__("\n".join(f"{flaw.field}: {flaw.message}" for flaw in flaws))
        self.flaws = flaws
