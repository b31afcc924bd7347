"""The form of an agency. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from services.portal.curator.work.entered import year_of
from services.portal.model.views.region import AgencyView
from shared.contracts.vocabulary import AgencyKind

NAMES = {"name": "nama", "kind": "jenis", "obliged_from": "wajib-sejak", "parent": "induk"}
"""Path of a flaw → field."""


class Wrong(StrEnum):
    """What is wrong in a field; the page has the words."""

    EMPTY = "empty"
    YEAR = "year"


@dataclass(frozen=True)
class AgencyForm:
    """name: as typed; kind: an AgencyKind or empty; obliged_from: a year as typed, empty: every year; parent: an id or
    empty."""

    name: str = ""
    kind: str = ""
    obliged_from: str = ""
    parent: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Self:
        """Read the fields."""
        given = {name: fields.get(field, "").strip() for name, field in NAMES.items()}
        given["kind"] = given["kind"] if given["kind"] in list(AgencyKind) else ""
        return cls(**given)

    @classmethod
    def stored(cls, agency: AgencyView) -> Self:
        """As the agency is."""
        return cls(agency.name, agency.kind.value, str(agency.obliged_from or ""), agency.parent or "")

    @property
    def wrong(self) -> dict[str, Wrong]:
        """Field → what is wrong."""
        found = {NAMES[name]: Wrong.EMPTY for name in ("name", "kind") if not getattr(self, name)}
        if self.obliged_from and not year_of(self.obliged_from, 0):
            found[NAMES["obliged_from"]] = Wrong.YEAR
        return found

    def body(self) -> dict[str, Any]:
        """What the registry is sent."""
        return {
            "name": self.name,
            "kind": self.kind,
            "obliged_from": int(self.obliged_from) if self.obliged_from else None,
            "parent": self.parent or None,
        }
