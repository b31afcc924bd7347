"""The tokens of other systems."""

from __future__ import annotations

from shared.auth.keys import Grant
from shared.auth.policy import Role
from shared.contracts.event_types import OPEN_SUBJECTS

ALL = tuple(sorted(OPEN_SUBJECTS))


def subscriber(account: str, *subjects: str, region: str | None = None, province: str | None = None) -> Grant:
    """Another system's grant. subjects: none for all."""
    return Grant(account, Role.SUBSCRIBER, region, subjects=subjects or ALL, province=province)
