"""The next step of a row: one level up, or the proof of what was filled in, with the points that it brings."""

from __future__ import annotations

from services.scoring.catalogue import scales
from services.scoring.catalogue.indicators import Indicator
from services.scoring.catalogue.scales import Scale
from services.scoring.scorecard import explain
from shared.contracts.contract import Exact, Payload
from shared.contracts.vocabulary import Nature

TOP = 3


class NextStep(Payload):
    """level: the one to reach; brings: additional points; needs: in Bahasa Indonesia."""

    level: int
    brings: Exact
    needs: str


def next_step(row: Indicator, level: int, would_be: int, nature: Nature, basis: str | None) -> NextStep | None:
    """The step from `level`, the one that counts; would_be: the level that the entry would have with proof. None at the
    top."""
    if would_be > level:
        needs = f"Unggah data pendukung untuk level {would_be}{explain.quoted(row, would_be, nature, basis)}."
        return NextStep(level=would_be, brings=(would_be - level) * row.weight, needs=needs)
    if level >= TOP:
        return None
    wanted = level + 1
    needs = f"Level {wanted}{_asked(row, wanted, nature, basis)}."
    return NextStep(level=wanted, brings=row.weight, needs=needs)


def _asked(row: Indicator, level: int, nature: Nature, basis: str | None) -> str:
    if row.bases is not None and basis is None:
        ways = "; ".join(f"{key} ({way.measured}) {_band(way.scale, level)}" for key, way in row.bases.items())
        return f", pilih satu basis: {ways}"
    scale = row.scale_for(basis)
    nilai = f"; nilai {_band(scale, level)}" if scale is not None else ""
    return f"{explain.quoted(row, level, nature, basis)}{nilai}"


def _band(scale: Scale, level: int) -> str:
    band = next(each for each in scale.bands if each.level == level)
    return scales.interval(band, scale.unit)
