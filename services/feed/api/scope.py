"""Which part of the feed a caller may read, and which part of that a request asks for."""

from __future__ import annotations

from services.feed.latest.page import Selection
from shared.auth.policy import Principal, Role
from shared.contracts.event_types import OPEN_SUBJECTS
from shared.faults import Flaw, Forbidden, Invalid

READERS = (Role.SUBSCRIBER, Role.CURATOR, Role.EXECUTIVE, Role.OPERATOR)
"""Who reads the feed: a subscriber by its token, curator and executive their region, the operator all of it."""

_PROVINCE_DIGITS = 2


def selection_of(who: Principal, subjects: str | None, region: str | None) -> Selection:
    """The caller's part of the feed, narrowed by the request. subjects: kinds separated by commas, None: all that the
    caller may read; region: a code, None likewise. Raises Invalid for a kind that does not exist, Forbidden for what is
    beyond the caller's part."""
    kinds = _kinds(who, subjects)
    own, province = _places(who)
    if region is None:
        return Selection(kinds, own, province)
    beyond = (own is not None and region != own) or (province is not None and region[:_PROVINCE_DIGITS] != province)
    if beyond:
        raise Forbidden(f"Token ini tidak membuka peristiwa daerah {region}.")
    return Selection(kinds, region, None)


def _kinds(who: Principal, asked: str | None) -> frozenset[str] | None:
    """None: every kind."""
    granted = who.subjects if who.role is Role.SUBSCRIBER else None
    if asked is None:
        return granted
    kinds = [each.strip() for each in asked.split(",")]
    if unknown := [each for each in kinds if each not in OPEN_SUBJECTS]:
        known = ", ".join(sorted(OPEN_SUBJECTS))
        raise Invalid([Flaw("subjects", "unknown", f"{each!r} tidak dikenal; yang ada: {known}") for each in unknown])
    if granted is not None and (beyond := sorted(set(kinds) - granted)):
        raise Forbidden(f"Token ini tidak membuka peristiwa {', '.join(beyond)}.")
    return frozenset(kinds)


def _places(who: Principal) -> tuple[str | None, str | None]:
    """The region and the province to which the caller is bound."""
    if who.role is Role.OPERATOR:
        return None, None
    if who.role is Role.SUBSCRIBER:
        return who.region, who.province
    if who.region is None:
        raise Forbidden("Token ini tidak menyebut daerah.")
    return who.region, None
