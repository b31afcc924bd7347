"""A webhook endpoint: where to send, what, and the secrets that sign it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from services.feed.endpoints.target import host_of
from shared.contracts.contract import Origin, draft
from shared.contracts.endpoint import ENDPOINT_CHANGED, DisablingCause, EndpointChanged, EndpointStatus
from shared.contracts.event import Draft
from shared.storage.models import replaced
from shared.storage.stored import Stored

BOTH_SIGN_FOR = timedelta(hours=24)
SHOWN_FOR = timedelta(hours=1)
MOST_SECRETS = 3
"""Of one endpoint: of more frequent changes, only the newest sign."""

_MILLISECOND = timedelta(milliseconds=1)


class Serving(StrEnum):
    """What is done for an endpoint: events are handed over, or not, or it exists no more."""

    ACTIVE = "active"
    DISABLED = "disabled"
    REMOVED = "removed"


class Secret(BaseModel):
    """until: machine milliseconds at which it stops signing; None: the newest one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str = Field(repr=False)
    until: int | None = None


class Endpoint(Stored):
    """subjects: kinds of subjects, empty: all; secrets: the newest first; since: business time of the last change of
    `serving`, changed_at: the same in machine milliseconds; times: how often it was disabled; cause: of a disabled one;
    by: the account that made it, empty once that is erased; created_at: machine milliseconds."""

    url: str = Field(repr=False)
    subjects: tuple[str, ...] = ()
    region: str
    secrets: tuple[Secret, ...] = Field(repr=False)
    serving: Serving = Serving.ACTIVE
    since: datetime
    changed_at: int
    times: int = 0
    cause: DisablingCause | None = None
    by: str
    created_at: int

    @property
    def host(self) -> str:
        """What logs and lists show of the URL."""
        return host_of(self.url)

    @property
    def is_active(self) -> bool:
        """Whether events are handed over."""
        return self.serving is Serving.ACTIVE

    def signing(self, now: int) -> list[str]:
        """The keys that sign at that machine millisecond, the newest first."""
        return [each.key for each in self.secrets if each.until is None or now < each.until]

    def rotated(self, key: str, now: int) -> Endpoint:
        """With a new secret; the former one signs for a day more."""
        until = now + BOTH_SIGN_FOR // _MILLISECOND
        kept = [
            each if each.until is not None else Secret(key=each.key, until=until)
            for each in self.secrets
            if each.until is None or now < each.until
        ]
        return replaced(self, secrets=(Secret(key=key), *kept)[:MOST_SECRETS])

    def first_secret(self, now: int) -> str | None:
        """The secret that the answer to its creation, or to a repeat of that request, shows; None later."""
        fresh = now - self.created_at < SHOWN_FOR // _MILLISECOND and len(self.secrets) == 1
        return self.secrets[0].key if fresh else None

    def disabled(self, cause: DisablingCause, at: datetime, now: int) -> Endpoint | None:
        """None: it is not active."""
        if not self.is_active:
            return None
        return replaced(self, serving=Serving.DISABLED, since=at, changed_at=now, times=self.times + 1, cause=cause)

    def enabled(self, at: datetime, now: int) -> Endpoint | None:
        """None: it is not disabled."""
        if self.serving is not Serving.DISABLED:
            return None
        return replaced(self, serving=Serving.ACTIVE, since=at, changed_at=now, cause=None)

    def removed(self, at: datetime, now: int) -> Endpoint | None:
        """Without URL and secrets, for ever. None: it is so already."""
        if self.serving is Serving.REMOVED:
            return None
        after = self.disabled(DisablingCause.ACCOUNT, at, now) or self
        return replaced(after, serving=Serving.REMOVED, url="", secrets=())

    def anonymised(self) -> Endpoint | None:
        """Without the account that made it. None: it is so already."""
        return replaced(self, by="") if self.by else None

    def event(self, id: str, origin: Origin) -> Draft:
        """`endpoint.changed` with this state."""
        payload = EndpointChanged(
            endpoint=id,
            region=self.region,
            status=EndpointStatus.ACTIVE if self.is_active else EndpointStatus.DISABLED,
            since=self.since,
            times=self.times,
            cause=self.cause,
        )
        return draft(ENDPOINT_CHANGED, payload, self.region, origin)
