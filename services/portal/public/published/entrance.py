"""How the days of entry of a competition stand, in words. Pure."""

from __future__ import annotations

from datetime import date

from services.portal.answered.competition import Entrance
from services.portal.pages.formats import day
from services.portal.pages.language import _


def entrance_words(entrance: Entrance, today: date) -> tuple[str, str]:
    """A sentence and the kind of its tag. today: the region's local day."""
    first, last = entrance.first, entrance.last
    if first is not None and today < first:
        return _("Pendaftaran dibuka {day}").format(day=day(first)), "info"
    if last is None:
        return _("Pendaftaran terbuka"), "success"
    if today <= last:
        return _("Pendaftaran terbuka sampai dengan {day}").format(day=day(last)), "success"
    return _("Pendaftaran ditutup {day}").format(day=day(last)), "neutral"
