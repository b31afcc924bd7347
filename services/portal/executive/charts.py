"""The charts of the executive's page."""

from __future__ import annotations

from dataclasses import dataclass

from services.portal.charts.chart import Chart
from services.portal.executive.overview import Overview
from services.portal.executive.pipelines import Pipeline
from services.portal.figures.compliance import compliance_chart
from services.portal.figures.index import index_chart, predicates_for
from services.portal.figures.maturity import groups_of_region, maturity_chart
from services.portal.figures.places import ranking_chart
from services.portal.figures.stages import pipeline_chart, progress_chart, stage_chart
from services.portal.pages.language import _


@dataclass(frozen=True)
class OverviewCharts:
    """index: None without an index; maturity: None while the catalogue is not to be had, or nothing is scored; ranking:
    None while nothing is ranked; pipelines: of the ways of development that innovations are on."""

    index: Chart | None
    compliance: Chart
    progress: Chart
    stages: Chart
    maturity: Chart | None
    ranking: Chart | None
    pipelines: tuple[Chart, ...] = ()


def charts_of(it: Overview) -> OverviewCharts:
    """All of them."""
    ranking = None
    if it.places:
        ranking = ranking_chart(it.places, _("Sepuluh inovasi terbaik {year}").format(year=it.year))
    return OverviewCharts(
        index=index_chart(it.index, predicates_for(it.index, it.catalogue)) if it.index else None,
        compliance=compliance_chart(it.summaries),
        progress=progress_chart(it.summary),
        stages=stage_chart(it.summary),
        maturity=_maturity(it),
        ranking=ranking,
        pipelines=tuple(chart for each in it.pipelines if (chart := _pipeline(it, each)) is not None),
    )


def _pipeline(it: Overview, way: Pipeline) -> Chart | None:
    counts = it.summary.pipeline
    return pipeline_chart(way.name, [(each.name, counts.get(each.slug, 0)) for each in way.stages])


def _maturity(it: Overview) -> Chart | None:
    if it.catalogue is None or not any(each.catalogue == it.catalogue.name for each in it.summary.scored):
        return None
    return maturity_chart(
        groups_of_region(it.catalogue, it.summary),
        _("Kematangan menurut kelompok indikator"),
        with_claims=True,
        note=it.catalogue.notice,
    )
