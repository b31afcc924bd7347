"""Agencies whose deadline has passed, as lines of a table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.portal.model.views.duty import BoardRow
from services.portal.pages.formats import number
from services.portal.pages.language import _
from shared.contracts.vocabulary import InnovationStatus


@dataclass(frozen=True)
class LateRow:
    """A line, in words. state: what the agency has done so far."""

    name: str
    state: str


def late_rows(rows: Iterable[BoardRow]) -> list[LateRow]:
    """One line for each."""
    return [LateRow(each.agency_name or each.agency, _state(each.innovations)) for each in rows]


def _state(innovations: Mapping[InnovationStatus, int]) -> str:
    """What of the year there is, the furthest first."""
    parts = (
        (InnovationStatus.VERIFIED, _("{count} terverifikasi")),
        (InnovationStatus.SUBMITTED, _("{count} menunggu verifikasi")),
        (InnovationStatus.RETURNED, _("{count} dikembalikan")),
        (InnovationStatus.DRAFT, _("{count} rancangan")),
    )
    begun = [words.format(count=number(count)) for status, words in parts if (count := innovations.get(status, 0))]
    return ", ".join(begun) or _("belum mulai")
