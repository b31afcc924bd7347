"""What a region's curator sees of continuation as a whole: rules, counts, and the innovations that need somebody."""

from __future__ import annotations

from services.registry.continuation.attention import Concern, concerns
from services.registry.continuation.continuing import Continuing
from services.registry.continuation.rules import ContinuationRules, RulesTerms, set_rules
from services.registry.continuation.summary import ContinuationSummary, summarise
from services.registry.continuation.views import Attention
from services.registry.kinds import INNOVATION
from shared.contracts.vocabulary import InnovationStatus
from shared.faults import Conflict, Stale
from shared.ports.store import Store
from shared.storage.repository import Repository
from shared.storage.steps import without_event


class Overview:
    """Reads one store."""

    def __init__(self, store: Store, continuing: Continuing, rules: Repository[ContinuationRules]) -> None:
        self._store = store
        self._continuing = continuing
        self._rules = rules

    async def rules(self, code: str) -> tuple[ContinuationRules, int]:
        """The rules and their version, 0 for the built-in ones. Raises NotFound for an unknown region."""
        await self._continuing.region(code)
        found = await self._rules.find(code)
        return (found.value, found.sequence) if found else (ContinuationRules(), 0)

    async def set_rules(self, code: str, terms: RulesTerms, by: str, expected: int) -> tuple[ContinuationRules, int]:
        """Replace the rules of the version that the caller has read. Raises NotFound, Stale, and Conflict when an
        innovation is at a stage that would be gone."""
        await self._continuing.region(code)
        await self._require_stages_in_use(code, terms)

        def replace(before: ContinuationRules | None) -> ContinuationRules | None:
            if expected == 0 and before is not None:
                raise Stale("Aturan ini sudah ditetapkan; muat ulang, lalu ulangi.")
            after = set_rules(before, terms, by)
            return after if after is not None or before is not None else ContinuationRules(by=by)

        after = await self._rules.change(code, without_event(replace), expected=expected or None)
        return after.value, after.sequence

    async def summary(self, code: str, year: int | None) -> ContinuationSummary:
        """Where the region's innovations are. Raises NotFound."""
        rules, _ = await self.rules(code)
        return await summarise(self._store, code, rules, self._continuing.now(), year)

    async def attention(
        self, code: str, concern: Concern | None, *, limit: int, after: str | None
    ) -> tuple[list[Attention], str | None]:
        """Of the next `limit` innovations those that need somebody, and the cursor of the next page. Raises NotFound,
        Invalid."""
        at = await self._continuing.circumstances("", code)
        page = await self._continuing.access.innovations.list({"region": code}, limit=limit, after=after)
        found: list[Attention] = []
        for each in (versioned.value for versioned in page.items):
            remarked = concerns(each, at.rules, at.now)
            wanted = tuple(one for one in remarked if concern in (None, one.concern))
            if wanted:
                found.append(
                    Attention(
                        innovation=each.id,
                        agency=each.agency,
                        year=each.year,
                        name=each.profile.name,
                        status=each.status,
                        concerns=wanted,
                    )
                )
        return found, page.after

    async def _require_stages_in_use(self, code: str, terms: RulesTerms) -> None:
        gone: dict[str, int] = {}
        async for row in self._store.scan(INNOVATION.name, {"region": code}, ("status", "continuation.moves")):
            if row["continuation.moves"] and row["status"] != InnovationStatus.WITHDRAWN.value:
                at = row["continuation.moves"][-1]
                if terms.stage(at["pipeline"], at["stage"]) is None:
                    place = f"{at['pipeline']}/{at['stage']}"
                    gone[place] = gone.get(place, 0) + 1
        if gone:
            said = ", ".join(f"{place} ({count} inovasi)" for place, count in sorted(gone.items()))
            raise Conflict(f"Tahapan ini masih dipakai dan tidak dapat dihapus: {said}.")
