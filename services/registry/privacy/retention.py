"""Erases what need not be kept any longer: the names of team members who left, and of mentors of closed agencies;
closed ideas. Once a local day is enough, so a run that follows one of the same day does nothing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog

from services.registry.agencies.agency import Agency
from services.registry.continuation.mentor import Mentor
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import IDEA, INNOVATION, MENTOR
from services.registry.settings import RegistrySettings
from shared.clock import Clock
from shared.contracts.idea import IdeaStatus
from shared.ports.store import Store
from shared.storage.erasures.names import HIDDEN
from shared.storage.models import replaced
from shared.storage.repository import Repository
from shared.storage.steps import without_event

EVERY = 3600.0  # seconds between two runs
_TEAM = "continuation.sustainability.team"

log = structlog.get_logger("privacy")


class RegistryRetention:
    """The loop's work."""

    def __init__(
        self,
        store: Store,
        innovations: Repository[Innovation],
        agencies: Repository[Agency],
        clock: Clock,
        settings: RegistrySettings,
    ) -> None:
        self._store = store
        self._innovations = innovations
        self._agencies = agencies
        self._mentors = Repository(store, MENTOR, Mentor, "Mentor ini tidak ada.")
        self._ideas = Repository(store, IDEA, Idea, "Gagasan ini tidak ditemukan.")
        self._clock = clock
        self._settings = settings
        self._day: date | None = None

    async def run(self) -> None:
        """The loop's run. Raises StoreAway."""
        now = self._clock.now()
        if self._day == now.date():
            return
        await self.sweep(now)
        self._day = now.date()

    async def sweep(self, now: datetime) -> tuple[int, int, int]:
        """Erase what is due at that business time; of how many innovations, mentors and ideas. Raises StoreAway."""
        days, ideas = self._settings.name_retention_days, self._settings.idea_retention_days
        last = (now - timedelta(days=days)).date()
        done = (
            await self._teams(last) if days else 0,
            await self._retired_mentors(last) if days else 0,
            await self._closed_ideas(now - timedelta(days=ideas)) if ideas else 0,
        )
        if any(done):
            log.info("registry.retention", innovations=done[0], mentors=done[1], ideas=done[2])
        return done

    async def _teams(self, last: date) -> int:
        rows = self._store.scan(INNOVATION.name, {}, (_TEAM,))
        due = [row.id async for row in rows if any(_is_due(each, last) for each in row[_TEAM] or ())]
        count = 0
        for id in due:
            count += (
                await self._innovations.amend(id, None, without_event(lambda it: _without_former(it, last)))
            ).changed
        return count

    async def _retired_mentors(self, last: date) -> int:
        ids = [row.id async for row in self._store.scan(MENTOR.name, {}, ("name",)) if row["name"] is not None]
        count = 0
        for id in ids:
            agency = await self._agencies.find(id)
            retired = agency.value.retired_on if agency else None
            if retired is not None and retired < last:
                count += (await self._mentors.amend(id, None, without_event(_unnamed))).changed
        return count

    async def _closed_ideas(self, last: datetime) -> int:
        rows = self._store.scan(IDEA.name, {}, ("status", "decided_at"))
        closed = [row async for row in rows if row["status"] == IdeaStatus.CLOSED.value and row["decided_at"]]
        due = [row.id for row in closed if datetime.fromisoformat(row["decided_at"]) < last]
        for id in due:
            await self._store.erase(IDEA.name, id)
        return len(due)


def _is_due(member: dict[str, str | None], last: date) -> bool:
    leaves = member.get("leaves_on")
    return bool(leaves) and date.fromisoformat(leaves or "") < last and member.get("name") != HIDDEN


def _without_former(innovation: Innovation, last: date) -> Innovation | None:
    named = innovation.continuation.sustainability
    if named is None:
        return None
    team = tuple(
        replaced(each, name=HIDDEN) if each.leaves_on is not None and each.leaves_on < last else each
        for each in named.team
    )
    if team == named.team:
        return None
    continuation = replaced(innovation.continuation, sustainability=replaced(named, team=team))
    return replaced(innovation, continuation=continuation)


def _unnamed(mentor: Mentor) -> Mentor | None:
    return None if mentor.name is None else replaced(mentor, name=None)
