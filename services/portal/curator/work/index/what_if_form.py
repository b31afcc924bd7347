"""The what-if form: a target, and what is imagined on the way. It is sent by GET: nothing is stored or changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from services.portal.curator.work.entered import count_of, decimal_of

FIGURES = ("claimed", "verified")
MOST_ADDED = 50
LEVELS = frozenset({"0", "1", "2", "3"})


@dataclass(frozen=True)
class WhatIfForm:
    """figure: `claimed` (forecast) or `verified`; target: a predicate, empty: the next one; added: new innovations, of
    `affair` with `maturity` points each; spd: SPD row → level."""

    figure: str = "claimed"
    target: str = ""
    added: int = 0
    affair: str = ""
    maturity: str = ""
    spd: Mapping[str, int] = field(default_factory=dict)
    wrong: tuple[str, ...] = ()

    @classmethod
    def sent(cls, fields: Mapping[str, str]) -> WhatIfForm:
        """Read the query; wrong: the names of the fields that cannot be read."""
        wrong: list[str] = []
        given = fields.get("tambah", "").strip()
        added = count_of(given, MOST_ADDED) or 0
        if given and count_of(given, MOST_ADDED) is None:
            wrong.append("tambah")
        maturity = fields.get("kematangan", "").strip()
        if maturity and decimal_of(maturity) is None:
            wrong.append("kematangan")
        if added and not maturity:
            wrong.append("kematangan")
        if added and not fields.get("urusan"):
            wrong.append("urusan")
        prefix = "spd-"
        spd = {
            name.removeprefix(prefix): int(level)
            for name, level in fields.items()
            if name.startswith(prefix) and level in LEVELS
        }
        figure = fields.get("hitungan", FIGURES[0])
        return cls(
            figure=figure if figure in FIGURES else FIGURES[0],
            target=fields.get("tujuan", ""),
            added=added,
            affair=fields.get("urusan", ""),
            maturity=maturity,
            spd=spd,
            wrong=tuple(dict.fromkeys(wrong)),
        )

    @property
    def imagines(self) -> bool:
        """Whether anything is changed before the path is sought."""
        return bool(self.added or self.spd)

    def question(self, region: str, year: int, target: str | None) -> dict[str, Any]:
        """The body for scoring. target: a predicate's name, None: no path is sought."""
        asked: dict[str, Any] = {"region": region, "year": year, "figure": self.figure, "spd": dict(self.spd)}
        if self.added:
            points = float(decimal_of(self.maturity) or Decimal(0))
            asked["added"] = [{"affair": self.affair, "maturity": points}] * self.added
        if target:
            asked["target"] = {"predicate": target}
        return asked
