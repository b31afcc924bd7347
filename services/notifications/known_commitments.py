"""Copies of the registry's commitments, the newest of each."""

from __future__ import annotations

from services.notifications.kinds import KNOWN_COMMITMENT
from shared.contracts.commitment import CommitmentSigned
from shared.ports.store import Store
from shared.storage.copies import Copies, CopyKind

COMMITMENTS = CopyKind(
    KNOWN_COMMITMENT, CommitmentSigned, value="commitment", sequence="heard", index_fields=("region", "year")
)


class KnownCommitments:
    """Stores and loads the copies. Id: `<agency>/<year>`."""

    def __init__(self, store: Store) -> None:
        self._copies = Copies(store, COMMITMENTS)

    async def keep(self, commitment: CommitmentSigned, sequence: int) -> None:
        """Store the commitment if it is newer."""
        await self._copies.keep(f"{commitment.agency}/{commitment.year}", commitment, sequence)

    async def of_year(self, region: str, year: int) -> dict[str, CommitmentSigned]:
        """Agency → its commitment for the year, without revoked ones."""
        found = [each.value async for each in self._copies.scan({"region": region, "year": year})]
        return {each.agency: each for each in found if not each.revoked}
