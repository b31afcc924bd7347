"""The exceptions of the system.

A fault has a *slug* (stable, machine-readable; the end of a problem document's ``type``) and a sentence for people.
`shared/web/problems.py` maps faults to HTTP; `shared/messaging/verdict.py` maps them to what happens to a message.
"""

from __future__ import annotations

from dataclasses import dataclass


class Fault(Exception):
    """The base class: never raised itself."""

    slug = "fault"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.__class__.__doc__ or self.slug)
        self.detail = detail or (self.__class__.__doc__ or self.slug).strip()


# --- Requests ---


@dataclass(frozen=True, slots=True)
class Flaw:
    """One error in an input.

    field: a dotted path into the input (``profile.design``, ``evidence.33.value``); code: a stable slug;
    message: one sentence for people, in Bahasa Indonesia where agencies see it.
    """

    field: str
    code: str
    message: str


class Invalid(Fault):
    """An input breaks rules; `flaws` lists all errors at once (HTTP 422)."""

    slug = "invalid"

    def __init__(self, flaws: list[Flaw], detail: str = "") -> None:
        super().__init__(detail or "; ".join(f"{flaw.field}: {flaw.message}" for flaw in flaws))
        self.flaws = flaws


class NotFound(Fault):
    """It does not exist, or the caller may not know that it does (HTTP 404)."""

    slug = "not-found"


class Conflict(Fault):
    """The present state of the resource does not allow this (HTTP 409)."""

    slug = "conflict"


class Stale(Fault):
    """The caller's `If-Match` is not the newest version (HTTP 412)."""

    slug = "stale"


class PreconditionRequired(Fault):
    """An update came without `If-Match` (HTTP 428)."""

    slug = "precondition-required"


class KeyReused(Fault):
    """The same `Idempotency-Key` was sent with another body (HTTP 422)."""

    slug = "idempotency-key-reused"


class Unauthenticated(Fault):
    """No token, or an invalid one (HTTP 401)."""

    slug = "unauthenticated"


class Forbidden(Fault):
    """The token's role or scope does not allow this (HTTP 403)."""

    slug = "forbidden"


class TooLarge(Fault):
    """The request's body is too large (HTTP 413)."""

    slug = "too-large"


class WrongMediaType(Fault):
    """The media type of the request's body is not accepted (HTTP 415)."""

    slug = "wrong-media-type"


# --- The environment ---


class Away(Fault):
    """Something outside the process is not available for now (HTTP 503 with `Retry-After`)."""

    slug = "away"
    retry_after = 5  # seconds


class StoreAway(Away):
    """The store does not answer, or did not confirm a write."""

    slug = "store-away"


class BusAway(Away):
    """The bus does not answer, or did not confirm a publish."""

    slug = "bus-away"


class FilesAway(Away):
    """The storage of evidence files does not answer, or is full."""

    slug = "files-away"


class Busy(Away):
    """Too much is in progress: 50 events in a document's outbox, or consumers that lag by more than a minute."""

    slug = "busy"


# --- Messages ---


class Unreadable(Fault):
    """The message is no event of this system: bad bytes, unknown type, wrong payload. Parked at once."""

    slug = "unreadable"


class NewerSchema(Fault):
    """A known type in a newer schema than this process knows. The subscription pauses; it is never parked."""

    slug = "newer-schema"


class Unroutable(Fault):
    """The broker has no queue for the message. The topology is missing: `satu topology apply`."""

    slug = "unroutable"


class QueueMissing(Fault):
    """A subscription's queue does not exist. Run `satu topology apply`, then `satu resync registry`."""

    slug = "queue-missing"


# --- The deployment ---


class Misconfigured(Fault):
    """The process cannot start with these settings; `flaws` lists all errors at once."""

    slug = "misconfigured"

    def __init__(self, flaws: list[Flaw]) -> None:
        super().__init__("\n".join(f"{flaw.field}: {flaw.message}" for flaw in flaws))
        self.flaws = flaws
