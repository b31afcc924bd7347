"""The funnel of a region's innovations: begun, submitted, verified; and of those, the stage of the form."""

from __future__ import annotations

from collections.abc import Sequence

from services.portal.charts.chart import Chart, Twin
from services.portal.charts.funnel import FunnelStage, funnel
from services.portal.model.views.summary import RegionSummary
from services.portal.pages.formats import number
from services.portal.pages.language import _
from shared.contracts.vocabulary import InnovationStatus, Stage

_BEGUN = (InnovationStatus.DRAFT, InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.VERIFIED)
_HANDED_IN = (InnovationStatus.SUBMITTED, InnovationStatus.RETURNED, InnovationStatus.VERIFIED)


def progress_chart(summary: RegionSummary) -> Chart:
    """How many innovations of the year were begun, how many of them handed in, how many verified."""
    count = summary.innovations
    steps = (
        (_("Dirancang"), sum(count.get(each, 0) for each in _BEGUN)),
        (_("Diajukan"), sum(count.get(each, 0) for each in _HANDED_IN)),
        (_("Terverifikasi"), count.get(InnovationStatus.VERIFIED, 0)),
    )
    return _chart(_("Dari rancangan sampai terverifikasi"), steps)


def stage_chart(summary: RegionSummary) -> Chart:
    """How many of the submitted and verified innovations are at each stage of the form, or beyond it."""
    reached = _reached([summary.stages.get(each, 0) for each in Stage])
    words = (_("Inisiatif"), _("Uji coba"), _("Penerapan"))
    present = [summary.stages.get(each, 0) for each in Stage]
    return _chart(
        _("Tahapan inovasi"),
        tuple(zip(words, reached, strict=True)),
        tuple(present),
        _("Setiap baris menghitung inovasi yang sudah mencapai tahap itu."),
    )


def pipeline_chart(name: str, stages: Sequence[tuple[str, int]]) -> Chart | None:
    """How many innovations are at each stage of a way of development, or beyond it; None: there is none on it. stages:
    name and how many are there now, from the first to the last."""
    present = [count for _name, count in stages]
    if not any(present):
        return None
    steps = tuple(zip((words for words, _count in stages), _reached(present), strict=True))
    return _chart(name, steps, present, _("Setiap baris menghitung inovasi yang sudah mencapai tahap itu."))


def _reached(present: Sequence[int]) -> list[int]:
    return [sum(present[place:]) for place in range(len(present))]


def _chart(title: str, steps: Sequence[tuple[str, int]], present: Sequence[int] | None = None, note: str = "") -> Chart:
    first = steps[0][1] if steps else 0
    stages = [FunnelStage(words, count, _shown(count, first)) for words, count in steps]
    heads: tuple[str, ...] = (_("Tahap"), _("Sudah mencapai") if present is not None else _("Jumlah"))
    rows: list[tuple[str, ...]] = [(words, number(count)) for words, count in steps]
    if present is not None:
        heads = (*heads, _("Sekarang pada tahap ini"))
        rows = [(*row, number(count)) for row, count in zip(rows, present, strict=True)]
    summary = "; ".join(f"{each.label} {each.value}" for each in stages)
    return Chart(title, funnel(stages, f"{title}: {summary}."), Twin(heads, tuple(rows), frozenset({1, 2})), note=note)


def _shown(count: int, first: int) -> str:
    return f"{number(count)} ({number(100 * count // first)} %)" if first else number(count)
