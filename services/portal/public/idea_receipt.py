"""How far an idea is, as everybody may know who has its number."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.portal.pages.language import _
from shared.contracts.idea import IdeaStatus


class IdeaReceipt(BaseModel):
    """reason: of the closing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    region: str
    status: IdeaStatus
    received_at: datetime
    reason: str | None = None

    @property
    def words(self) -> str:
        """What has become of it."""
        return {
            IdeaStatus.NEW: _("Diterima, menunggu ditelaah kurator"),
            IdeaStatus.HANDED_OVER: _("Diserahkan kepada perangkat daerah pembina"),
            IdeaStatus.TAKEN_UP: _("Ditindaklanjuti menjadi rancangan inovasi"),
            IdeaStatus.CLOSED: _("Ditutup"),
        }[self.status]

    @property
    def step(self) -> int:
        """Of the three steps of an idea that is taken up, the present one, counted from 1; 0 of a closed one."""
        order = (IdeaStatus.CLOSED, IdeaStatus.NEW, IdeaStatus.HANDED_OVER, IdeaStatus.TAKEN_UP)
        return order.index(self.status)
