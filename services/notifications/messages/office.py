"""The curator's office of a region, as messages name it: its name, telephone and the address that answers reach."""

from __future__ import annotations

from services.notifications.kinds import OFFICE
from services.notifications.messages.texts.details import Office
from services.notifications.state import DocumentState
from shared.clock import machine_ms
from shared.ports.store import Store
from shared.storage.repository import Repository

KEPT = 10_000  # milliseconds for which a loaded office is used again


class OfficeDocument(DocumentState):
    """telephone: as it is to be read; reply_to: valid and normalised, or empty; by: the id of the account that changed
    it last."""

    region: str
    name: str
    telephone: str = ""
    reply_to: str = ""
    by: str = ""


def office_repository(store: Store) -> Repository[OfficeDocument]:
    """Id: the region's code."""
    return Repository(store, OFFICE, OfficeDocument, "Kantor kurator daerah ini belum diisi.")


class Offices:
    """The offices as messages need them. public_url: without a slash at the end, may be empty; reply_to: the address
    that is used for a region that has none, may be empty."""

    def __init__(self, store: Store, *, public_url: str, reply_to: str) -> None:
        self._offices = office_repository(store)
        self._public_url = public_url
        self._reply_to = reply_to
        self._kept: dict[str, tuple[int, Office]] = {}

    async def of(self, region: str) -> Office:
        """The region's office; one without a name and a telephone when it is not known. A change shows within KEPT."""
        kept = self._kept.get(region)
        if kept is not None and kept[0] > machine_ms():
            return kept[1]
        found = await self._offices.find(region)
        office = self._office(found.value if found else OfficeDocument(region=region, name=""))
        self._kept[region] = machine_ms() + KEPT, office
        return office

    def _office(self, known: OfficeDocument) -> Office:
        return Office(
            name=known.name,
            telephone=known.telephone,
            reply_to=known.reply_to or self._reply_to,
            public_url=self._public_url,
        )
