"""What another catalogue changes for one innovation, from a slim projection of its scorecard, without explanations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.library import Catalogues
from services.scoring.catalogue.renumbering import Renumbering, alike, renumbered, renumbering
from services.scoring.rescore.report import Change, RowChange
from services.scoring.scorecard.totals import Totalling
from shared.ports.store import ScanRow


@dataclass(frozen=True)
class _Old:
    """A catalogue of present cards. totals, new: by it and by the new one, only of rows that score differently where
    the numbers are the same; by: its rows in the new one, None where the numbers are the same."""

    totals: Totalling
    new: Totalling
    by: Renumbering | None
    weights: Mapping[str, tuple[str, Decimal]]


class Counting:
    """Compares cards with one new catalogue. catalogues: all by which cards may have been scored."""

    def __init__(self, new: Catalogue, catalogues: Catalogues) -> None:
        self._new = new
        self._weights = _weights(new)
        self._catalogues = catalogues
        self._old: dict[str, _Old] = {}

    def alike(self, name: str | None) -> bool:
        """Whether that catalogue numbers its rows as the new one does."""
        old = self._known(name)
        return old is None or old.by is None

    def change(self, row: ScanRow) -> Change | None:
        """What changes; None for nothing, and for a card without a catalogue. row: see `runner.FIELDS`. A card holds
        what its own catalogue gives for its evidence, so only the rows that score differently are counted."""
        old = self._known(row["catalogue"])
        if old is None:
            return None
        evidence = row["innovation.evidence"]
        was = old.totals.of(evidence)
        now = old.new.of(evidence if old.by is None else renumbered(evidence, old.by))
        rows = list(self._rows(old, was.claimed, now.claimed))
        before = (_exact(row["scorecard.claimed"]), _exact(row["scorecard.verified"]))
        gain, verified_gain = now.claimed_points - was.claimed_points, now.verified_points - was.verified_points
        if not (rows or gain or verified_gain):
            return None
        return Change(
            innovation=row.id,
            region=row["region"],
            agency=row["agency"],
            name=row["innovation.name"],
            before=before[0],
            after=before[0] + gain,
            verified_before=before[1],
            verified_after=before[1] + verified_gain,
            rows=rows,
        )

    def _known(self, name: str | None) -> _Old | None:
        if name is None or name not in self._catalogues:
            return None
        if name not in self._old:
            old = self._catalogues[name]
            by = None if alike(old, self._new) else renumbering(old, self._new)
            rows = None if by is not None else _differing(old, self._new)
            self._old[name] = _Old(Totalling(old, rows), Totalling(self._new, rows), by, _weights(old))
        return self._old[name]

    def _rows(self, old: _Old, before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[RowChange]:
        """The rows that now bring other points."""
        brought = {old.weights[row][0]: (row, old.weights[row][1] * level) for row, level in before.items()}
        for row, level in after.items():
            key, weight = self._weights[row]
            _, was = brought.pop(key, ("", Decimal(0)))
            if was != weight * level:
                yield RowChange(row=row, before=was, after=weight * level)
        for row, was in brought.values():
            yield RowChange(row=(old.by or {}).get(row, row), before=was, after=Decimal(0))


def _differing(old: Catalogue, new: Catalogue) -> set[str]:
    """The numbers of the rows that do not score the same by both."""
    scores = [
        {row.number: (row.key, row.weight, row.scale, row.bases) for row in each.innovation} for each in (old, new)
    ]
    return {number for number in scores[0] | scores[1] if scores[0].get(number) != scores[1].get(number)}


def _weights(catalogue: Catalogue) -> dict[str, tuple[str, Decimal]]:
    return {row.number: (row.key, row.weight) for row in catalogue.innovation}


def _exact(value: float | None) -> Decimal:
    return Decimal(str(value or 0))
