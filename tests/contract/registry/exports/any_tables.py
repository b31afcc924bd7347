"""Tables of an office with any values that their columns take, drawn by a seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shared.tables.columns import AGENCIES, INNOVATIONS
from shared.tables.writing import Row
from tests.support.registry_samples import valid_profile

TAILS = ("=1+1", "Ánté", "satu; dua", "+62", "日本", "'kutip", "-", "@rumah", "a|b", "(lama)", "5", "1.234,5")
"""Ends of names that a spreadsheet, a separator or a comparison could take for something else."""

_PLAIN_TAILS = tuple(tail for tail in TAILS if not set(tail) & set(";|"))  # for promises, which are separated by them
_YEARS = (2024, 2025)
_DESIGNS = ("=Rumus\nbaris kedua", "- butir satu\n- butir dua", "kata, kata; kata", "\ttab\n\nbaris")


class AnyOffice:
    """Rows of each sheet that fit together."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.names = [f"Dinas {number} {dice.choice(TAILS)}" for number in range(9)]

    def agencies(self) -> list[Row]:
        """Agencies, some of which are part of others, closed, or followed by others."""
        kinds = [each.value for each in AGENCIES.by_key["kind"].choices]
        rows: list[dict[str, Any]] = []
        for number, name in enumerate(self.names):
            row: dict[str, Any] = {"name": name, "kind": self._dice.choice(kinds)}
            row["obliged_from"] = self._dice.choice(("all", 2024, 2026))
            if number > 5:
                row["parent"] = self.names[self._dice.randrange(3)]
            if number in (4, 5):
                row["retired_on"] = date(2026, 1, 1) + timedelta(days=self._dice.randrange(100))
                row["successor"] = self.names[number - 1 - self._dice.randrange(3)] if number == 4 else None
            rows.append(row)
        self._dice.shuffle(rows)
        return rows

    def innovations(self, count: int = 12) -> list[Row]:
        """Innovations of past years with decisions, and drafts of this one."""
        return [self._innovation(number) for number in range(count)]

    def _innovation(self, number: int) -> Row:
        dice = self._dice
        status = dice.choice(("submitted", "verified", "returned", "withdrawn", "draft"))
        row: dict[str, Any] = {
            **{key: value for key, value in valid_profile().items() if key in INNOVATIONS.by_key},
            "agency": dice.choice(self.names[:4]),
            "year": 2026 if status == "draft" else dice.choice(_YEARS),
            "name": f"Inovasi {number} {dice.choice(TAILS)}",
            "status": status,
            "asta_cita": tuple(sorted(dice.sample([str(each) for each in range(1, 9)], 3))),
            "design": dice.choice(
                ("=Rumus\nbaris kedua", "- butir satu\n- butir dua", "kata, kata; kata", "\ttab\n\nbaris")
            ),
        }
        row["related_affairs"] = tuple(row["related_affairs"])
        if dice.random() < 0.5:
            row |= {"property_number": dice.choice(("HKI-1", "=2+2")), "property_dated": date(2023, 4, 5)}
            row |= {"award_number": dice.choice(("007", "+62")), "award_dated": date(2023, 6, 7)}
            row |= {"latitude": Decimal("-0.0263"), "longitude": Decimal("109.342503900")}
        if status != "draft":
            row["first_submitted_on"] = date(row["year"], dice.randint(1, 9), dice.randint(1, 28))
        if status in ("verified", "returned", "withdrawn"):
            row["decided_on"] = date(row["year"] + 1, 1, dice.randint(1, 28))
            row["developed"], row["developed_on"] = True, date(row["year"], 1, 1)
            row["reason"] = dice.choice(("=alasan", "sudah\ndiputus", None))
        for key in ("trial_on", "applied_on", "developed", "programme", "cluster"):
            if dice.random() < 0.4:
                row.pop(key, None)
        row |= self._origin()
        row |= self._levels(verified=status not in ("draft", "submitted"))
        return row

    def _origin(self) -> dict[str, Any]:
        dice = self._dice
        training: dict[str, Any] = {"origin": "training", "training": dice.choice(("pkp", "pka", "cpns"))}
        decided = {"training_decision": "continue", "training_decided_on": date(2026, 1, dice.randint(1, 28))}
        stopped = {**decided, "training_decision": "stop", "training_reason": "=selesai\ndiklat"}
        elsewhere = {"replicated_region": "Kota Pontianak", "replicated_name": f"Peci {dice.choice(TAILS)}"}
        return dice.choice(
            (
                {},
                {"origin": "own"},
                {"origin": "community"},
                {"origin": "replication", **elsewhere},
                training,
                training | decided,
                training | stopped,
            )
        )

    def _levels(self, *, verified: bool) -> dict[str, Any]:
        dice, row = self._dice, dict[str, Any]()
        for place in range(16, 36):
            if dice.random() < 0.7:
                row[f"level.{place}"] = dice.randint(1, 3)
                if dice.random() < 0.2:
                    row |= {f"value.{place}": Decimal(dice.randint(0, 99_999)) / 100, f"unit.{place}": "orang"}
                if verified and dice.random() < 0.5:
                    row[f"verified.{place}"] = dice.randint(0, 3)
        return row | {"value.33": dice.randint(1, 99999), "unit.33": "orang", "basis.33": "a"}

    def commitments(self) -> list[Row]:
        """A commitment of some agencies in some years."""
        chosen = [(name, year) for name in self.names[:4] for year in (2025, 2026) if self._dice.random() < 0.6]
        return [self._commitment(name, year) for name, year in chosen or [(self.names[0], 2026)]]

    def _commitment(self, agency: str, year: int) -> Row:
        promised = [f"Janji {number} {self._dice.choice(_PLAIN_TAILS)}" for number in range(self._dice.randint(1, 4))]
        return {
            "agency": agency,
            "year": year,
            "number": self._dice.choice(("1/PI", "=1/2", "007", "12.345")),
            "signed_on": date(year, 1, self._dice.randint(1, 28)),
            "promised": tuple(promised),
        }
