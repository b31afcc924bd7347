"""What a channel's answers have made of it, as it is stored for all replicas. Pure state transitions.

Five things can keep a channel from being used: its provider refuses the account (`stopped`), does not answer (the
breaker), asks for a pause (throttled), refuses a template, or allows only so many hand-overs a second (the pace).
"""

from __future__ import annotations

from typing import Self

from services.notifications.state import Bit, DocumentState, replaced

AWAY_OPENS = 2  # hand-overs in a row without an answer, then the channel counts as away
AWAY_FIRST, AWAY_MOST = 5_000, 300_000  # milliseconds until the first probe, and at most between two
PROBE_EVERY = 30 * 60_000  # milliseconds between two probes of a stopped channel
PERSONS_STOP = 3  # persons in a row that the provider refuses for its policy (5.7.x), then the channel stops


class RefusedTemplate(DocumentState):
    """template: `name@version`; since: machine milliseconds."""

    template: str
    code: str
    since: int


class ChannelState(DocumentState):
    """Times are machine milliseconds. Transitions return None for no change.

    stopped, code, since, probe_at: the provider refuses the account: its code, since when, and the next probe;
    away_count: hand-overs in a row without an answer; away_since: of the first one; away_until: the next probe, 0 while
    the channel is not away; paused_until, paused_since: the provider asks for a pause; window, used: the beginning of
    the present window of the pace, and the hand-overs in it; templates: that the provider refuses; refused: the persons
    that it refused in a row by a policy.
    """

    stopped: Bit = False
    code: str = ""
    since: int = 0
    probe_at: int = 0
    away_count: int = 0
    away_since: int = 0
    away_until: int = 0
    paused_until: int = 0
    paused_since: int = 0
    window: int = 0
    used: int = 0
    templates: tuple[RefusedTemplate, ...] = ()
    refused: tuple[str, ...] = ()

    @property
    def away(self) -> bool:
        """Whether the provider has not answered for AWAY_OPENS hand-overs in a row."""
        return self.away_until > 0

    def blocked_since(self, now: int) -> int | None:
        """Since when it cannot be used; None while it can."""
        since = [self.since] if self.stopped else []
        since += [self.away_since] if self.away else []
        since += [self.paused_since] if self.paused_until > now else []
        return min(since, default=None)

    def opens_at(self, now: int) -> int:
        """When it can be tried again: `now` while it can be used."""
        times = [self.probe_at] if self.stopped else []
        times += [self.away_until] if self.away else []
        times += [self.paused_until] if self.paused_until > now else []
        return max([now, *times])

    def refuses(self, template: str) -> bool:
        """Whether the provider refuses this template (`name@version`)."""
        return any(each.template == template for each in self.templates)

    def accepted(self) -> Self | None:
        """After an answer that shows that provider and account are well."""
        if not (self.stopped or self.refused) and self.answered() is None:
            return None
        return replaced(self, stopped=False, away_count=0, away_since=0, away_until=0, refused=())

    def answered(self) -> Self | None:
        """After any answer: the provider is not away."""
        if not (self.away_count or self.away_since or self.away_until):
            return None
        return replaced(self, away_count=0, away_since=0, away_until=0)

    def not_answered(self, now: int) -> Self:
        """After a hand-over that found nobody. From AWAY_OPENS in a row on, only probes are made, each after twice the
        time of the one before."""
        count = self.away_count + 1
        if count < AWAY_OPENS:
            return replaced(self, away_count=count, away_since=self.away_since or now)
        return replaced(self, away_count=count, away_since=self.away_since or now, away_until=now + away_pause(count))

    def paused(self, until: int, now: int) -> Self | None:
        """After an answer that asks for a pause."""
        if until <= max(now, self.paused_until):
            return None
        since = self.paused_since if self.paused_until > now else now
        return replaced(self, paused_until=until, paused_since=since)

    def halted(self, code: str, now: int) -> Self | None:
        """After the provider refused the account; None when the channel is stopped already."""
        if self.stopped:
            return None
        return replaced(self, stopped=True, code=code, since=now, probe_at=now + PROBE_EVERY)

    def refused_person(self, person: str, code: str, now: int) -> Self | None:
        """After a refusal by a policy (5.7.x) about one person. PERSONS_STOP different ones in a row are a fault of the
        sender: the channel stops."""
        if person in self.refused:
            return None
        refused = (*self.refused, person)
        noted = replaced(self, refused=refused)
        return noted if len(refused) < PERSONS_STOP else replaced(noted, refused=()).halted(code, now)

    def refused_template(self, template: str, code: str, now: int) -> Self | None:
        """After the provider refused a template (`name@version`)."""
        if self.refuses(template):
            return None
        return replaced(self, templates=(*self.templates, RefusedTemplate(template=template, code=code, since=now)))

    def allowed_template(self, template: str) -> Self | None:
        """After the provider allowed a template (again)."""
        if not self.refuses(template):
            return None
        return replaced(self, templates=tuple(each for each in self.templates if each.template != template))

    def probe(self, now: int) -> Self | None:
        """The state after this process has claimed the next probe; None unless one is due."""
        if self.stopped:
            return replaced(self, probe_at=now + PROBE_EVERY) if self.probe_at <= now else None
        if self.away and self.away_until <= now:
            return replaced(self, away_until=now + away_pause(self.away_count))
        return None

    def taken(self, wanted: int, per_second: float, now: int) -> tuple[Self, int]:
        """The state after this process has taken up to `wanted` hand-overs of the present window, and how many it
        got."""
        length = max(1000, round(1000 / per_second))
        most = max(1, int(per_second))
        fresh = self if self.window <= now < self.window + length else replaced(self, window=now, used=0)
        got = min(wanted, most - fresh.used)
        return replaced(fresh, used=fresh.used + got), got

    def resumed(self) -> Self | None:
        """After a restart: whatever kept it from being used was corrected, or is to be tried at once."""
        fresh = replaced(
            self, stopped=False, away_count=0, away_since=0, away_until=0, templates=(), refused=(), paused_until=0
        )
        return None if fresh == self else fresh


def away_pause(count: int) -> int:
    """Milliseconds until the next probe after that many hand-overs without an answer."""
    return int(min(AWAY_MOST, AWAY_FIRST * 2 ** min(count - AWAY_OPENS, 10)))
