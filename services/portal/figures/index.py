"""The regional index as a gauge, with the distance to the next predicate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.portal.charts.chart import Chart, LegendEntry, Twin
from services.portal.charts.gauge import Gauge, GaugeEdge, gauge
from services.portal.figures.catalogue import CatalogueFacts, Predicate
from services.portal.model.views.summary import IndexView
from services.portal.pages.formats import number
from services.portal.pages.language import _

PLACES = 2


@dataclass(frozen=True)
class NextPredicate:
    """What lies ahead. name: None while the predicates are not known; points: of the index, to go."""

    name: str | None
    points: Decimal


def next_predicate(index: IndexView, predicates: Sequence[Predicate]) -> NextPredicate | None:
    """The next predicate; None at the best."""
    if index.to_next_predicate is None:
        return None
    above = next((each for each in predicates if each.least > index.verified.index), None)
    return NextPredicate(above.name if above else None, index.to_next_predicate)


def predicates_for(index: IndexView, catalogue: CatalogueFacts | None) -> Sequence[Predicate]:
    """The predicates of the index's round, from the lowest up; none while the catalogue of that year is not known."""
    return catalogue.predicates if catalogue is not None and catalogue.year == index.year else ()


def index_chart(index: IndexView, predicates: Sequence[Predicate]) -> Chart:
    """The gauge. predicates: from the lowest up, none while they are not known."""
    shown = number(index.verified.index, PLACES)
    claimed = number(index.claimed.index, PLACES)
    edges = [GaugeEdge(float(each.least), number(each.least, PLACES)) for each in predicates if each.least > 1]
    drawn = Gauge(float(index.verified.index), shown, index.predicate, edges, claimed=float(index.claimed.index))
    summary = _("Indeks Inovasi Daerah {year}: {index} dari 100, predikat {predicate}; perkiraan dari klaim {claimed}.")
    return Chart(
        title=_("Indeks Inovasi Daerah {year}").format(year=index.year),
        svg=gauge(
            drawn,
            summary.format(year=index.year, index=shown, predicate=index.predicate, claimed=claimed),
        ),
        twin=Twin(
            (_("Bagian"), _("Terverifikasi"), _("Klaim")),
            tuple(_rows(index)),
            frozenset({1, 2}),
        ),
        legend=(
            LegendEntry("chart-verified", _("Terverifikasi")),
            LegendEntry("chart-claimed", _("Perkiraan dari klaim: {claimed}").format(claimed=claimed)),
        ),
    )


def _rows(index: IndexView) -> list[tuple[str, str, str]]:
    pairs = (
        (_("Indeks"), index.verified.index, index.claimed.index),
        (_("Nilai SPD"), index.verified.spd, index.claimed.spd),
        (_("Nilai SID"), index.verified.sid, index.claimed.sid),
        (_("Jumlah inovasi daerah, poin"), index.verified.count_points, index.claimed.count_points),
    )
    rows = [(words, number(verified, PLACES), number(claimed, PLACES)) for words, verified, claimed in pairs]
    rows.append((_("Inovasi yang dihitung"), number(index.verified.innovations), number(index.claimed.innovations)))
    rows.append(
        (_("Urusan pelayanan dasar"), number(index.verified.basic_service), number(index.claimed.basic_service))
    )
    return rows
