"""The maturity by group of indicators: what is verified and claimed of the most that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.portal.charts.bars import Bar, bars
from services.portal.charts.chart import Chart, LegendEntry, Twin
from services.portal.figures.catalogue import CatalogueFacts
from services.portal.model.views.innovation import Card
from services.portal.model.views.summary import RegionSummary
from services.portal.pages.formats import number
from services.portal.pages.language import _

_TENTH = Decimal("0.1")


@dataclass(frozen=True)
class RowPoints:
    """The points of one indicator, or their sum over innovations."""

    row: str
    claimed: Decimal
    verified: Decimal


@dataclass(frozen=True)
class GroupPoints:
    """A group of indicators. claimed, verified: points; of_claimed, of_verified: the most of them."""

    group: str
    claimed: Decimal
    verified: Decimal
    of_claimed: Decimal
    of_verified: Decimal


def groups_of(
    facts: CatalogueFacts, rows: Iterable[RowPoints], *, claimed: int = 1, verified: int = 1
) -> tuple[GroupPoints, ...]:
    """The points by group. claimed, verified: how many innovations are in the sums."""
    points: Mapping[str, RowPoints] = {each.row: each for each in rows}
    none = RowPoints("", Decimal(0), Decimal(0))
    return tuple(
        GroupPoints(
            group=group,
            claimed=sum((points.get(each.number, none).claimed for each in indicators), Decimal(0)),
            verified=sum((points.get(each.number, none).verified for each in indicators), Decimal(0)),
            of_claimed=claimed * sum((each.most for each in indicators), Decimal(0)),
            of_verified=verified * sum((each.most for each in indicators), Decimal(0)),
        )
        for group, indicators in facts.groups.items()
    )


def groups_of_region(facts: CatalogueFacts, summary: RegionSummary) -> tuple[GroupPoints, ...]:
    """Of all innovations of a region's year that were scored by this catalogue."""
    scored = next((each for each in summary.scored if each.catalogue == facts.name), None)
    rows = (
        RowPoints(each.row, each.claimed, each.verified) for each in summary.maturity if each.catalogue == facts.name
    )
    return groups_of(facts, rows, claimed=scored.claimed if scored else 0, verified=scored.verified if scored else 0)


def groups_of_card(facts: CatalogueFacts, card: Card) -> tuple[GroupPoints, ...]:
    """Of one innovation."""
    return groups_of(facts, (RowPoints(each.row, each.points, each.verified_points) for each in card.rows))


def maturity_chart(groups: Iterable[GroupPoints], title: str, *, with_claims: bool, note: str = "") -> Chart:
    """Bars by group, in percent. with_claims: False for the public, which sees what is verified."""
    groups = tuple(groups)
    drawn = [
        Bar(
            each.group,
            _percent(each.verified, each.of_verified),
            _share(each.verified, each.of_verified),
            _share(each.claimed, each.of_claimed) if with_claims else None,
        )
        for each in groups
    ]
    summary = "; ".join(f"{each.label} {each.value}" for each in drawn)
    legend = (LegendEntry("chart-verified", _("Terverifikasi")), LegendEntry("chart-claimed", _("Klaim")))
    return Chart(
        title=title,
        svg=bars(drawn, f"{title}: {summary}."),
        twin=_twin(groups, with_claims=with_claims),
        legend=legend if with_claims else (),
        note=note,
    )


def _twin(groups: tuple[GroupPoints, ...], *, with_claims: bool) -> Twin:
    heads = (_("Kelompok indikator"), _("Terverifikasi"), *((_("Klaim"),) if with_claims else ()))
    rows = tuple(
        (
            each.group,
            _of(each.verified, each.of_verified),
            *((_of(each.claimed, each.of_claimed),) if with_claims else ()),
        )
        for each in groups
    )
    return Twin(heads, rows, frozenset({1, 2}))


def _of(points: Decimal, most: Decimal) -> str:
    return _("{points} dari {most} ({percent})").format(
        points=number(points), most=number(most), percent=_percent(points, most)
    )


def _share(points: Decimal, most: Decimal) -> float:
    return float(points / most) if most else 0.0


def _percent(points: Decimal, most: Decimal) -> str:
    return f"{number((100 * points / most).quantize(_TENTH))} %" if most else "–"
