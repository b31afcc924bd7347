"""What `satu privacy` does; each method returns the lines to print, or the text to write."""

from __future__ import annotations

import json
from collections.abc import Mapping

from shared.clock import Clock
from shared.faults import Flaw, Invalid, NotFound
from shared.operations.breach import Breach, notice
from shared.operations.privacy import Privacy, ServiceData, document
from shared.runtime.personal_data import Correctable, Subject

BY = "satu"  # in place of an account: the command runs with the rights of the machine


class PrivacyCommand:
    """Over the services of this image."""

    def __init__(self, privacy: Privacy) -> None:
        self._privacy = privacy

    async def export(self, subject: Subject) -> tuple[str, list[str]]:
        """All that is held, as JSON, and a line for each service."""
        found = await self._privacy.find(subject)
        text = json.dumps(document(found, subject, Clock.machine()), ensure_ascii=False, indent=2)
        return text, [f"{each.service}: {len(each.held)} documents" for each in found]

    async def correct(self, subject: Subject, values: Mapping[Correctable, str]) -> list[str]:
        """Raises NotFound when nothing differs, Invalid, Conflict."""
        done = await self._privacy.correct(subject, values, BY)
        if not any(done.values()):
            raise NotFound("nothing to correct was found in the services of this image")
        return [f"{service}: {count} documents corrected" for service, count in done.items()]

    async def erase(self, subject: Subject, confirmed: int | None) -> list[str]:
        """Erase, if that many documents are confirmed; else list them."""
        found = await self._privacy.find(subject)
        count = sum(each.erasable for each in found)
        if count == 0:
            return ["nothing to erase was found in the services of this image"]
        if confirmed != count:
            return [*_listed(found), f"to erase: satu privacy erase … --confirm {count}"]
        done = await self._privacy.erase(subject, BY)
        return [f"{name}: {changed} documents erased or changed" for name, changed in done.items()]

    async def breach_report(self, breach: Breach) -> str:
        """Raises Invalid for a kind of data that nobody holds."""
        known = {kind.slug for part in self._privacy.parts.values() for kind in part.kinds}
        if unknown := sorted(set(breach.kinds) - known):
            raise Invalid([Flaw("--data", "unknown", f"{', '.join(unknown)}; known: {', '.join(sorted(known))}")])
        return notice(breach, await self._privacy.affected(breach.region))

    def retention(self) -> list[str]:
        """A line for each kind of data."""
        return [
            f"{name} {kind.slug}: {kind.what} ({kind.whose}): {kind.retention}"
            for name, part in self._privacy.parts.items()
            for kind in part.kinds
        ]


def _listed(found: list[ServiceData]) -> list[str]:
    """What would be erased, and what stays; ids and places only."""
    lines: list[str] = []
    for each in found:
        for held in each.held:
            places = "" if held.kind == "contact" or held.kept else f": {', '.join(sorted(held.data))}"
            stays = f" stays ({held.kept})" if held.kept else ""
            lines.append(f"{each.service}: {held.kind}/{held.id}{places}{stays}")
    return lines
