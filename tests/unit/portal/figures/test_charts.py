"""What the charts of the read model say: the same figures in the picture's name and in the table."""

from __future__ import annotations

from decimal import Decimal

from services.portal.figures.catalogue import Predicate
from services.portal.figures.compliance import compliance_chart
from services.portal.figures.index import index_chart, next_predicate
from services.portal.figures.places import movement_words, ranking_chart
from services.portal.figures.stages import pipeline_chart, progress_chart, stage_chart
from services.portal.model.views.ranking import Direction, Movement, Ranked
from services.portal.model.views.summary import DutyCounts, FigureView, IndexView, RegionSummary
from shared.contracts.vocabulary import AgencyKind, InnovationStatus, ObligationStatus, Stage
from tests.support.portal.views import innovation

PREDICATES = tuple(
    Predicate.model_validate({"name": name, "from": least})
    for name, least in (("kurang inovatif", "0.01"), ("inovatif", "40.01"), ("sangat inovatif", "65.01"))
)


def figure(index: str) -> FigureView:
    return FigureView(10, 3, Decimal(700), Decimal("41.25"), Decimal("88.2"), Decimal("3.8"), Decimal(index))


def duties(fulfilled: int, overdue: int, late: int = 0) -> DutyCounts:
    statuses = {ObligationStatus.FULFILLED: fulfilled, ObligationStatus.OVERDUE: overdue, ObligationStatus.EXEMPTED: 9}
    return DutyCounts(statuses, late)


def test_the_gauge_says_index_predicate_and_forecast() -> None:
    index = IndexView("61.12", 2026, figure("58.41"), figure("47.3"), "inovatif", Decimal("17.71"), 1)

    chart = index_chart(index, PREDICATES)

    assert "47,30 dari 100, predikat inovatif; perkiraan dari klaim 58,41" in chart.svg
    assert "40,01" in chart.svg
    assert "65,01" in chart.svg
    assert chart.twin.rows[0] == ("Indeks", "47,30", "58,41")


def test_the_next_predicate_is_named_only_when_the_predicates_are_known() -> None:
    index = IndexView("61.12", 2026, figure("58.41"), figure("47.3"), "inovatif", Decimal("17.71"), 1)
    best = IndexView("61.12", 2026, figure("70"), figure("70"), "sangat inovatif", None, 1)

    ahead, unknown = next_predicate(index, PREDICATES), next_predicate(index, ())

    assert ahead is not None
    assert (ahead.name, ahead.points) == ("sangat inovatif", Decimal("17.71"))
    assert unknown is not None
    assert unknown.name is None
    assert next_predicate(best, PREDICATES) is None


def test_compliance_has_the_oldest_year_at_the_left_and_leaves_out_kinds_that_owe_nothing() -> None:
    newer = RegionSummary("61.12", 2026, duties=duties(3, 1, late=1), kinds={AgencyKind.DINAS: duties(3, 1, late=1)})
    older = RegionSummary(
        "61.12", 2025, duties=duties(1, 3), kinds={AgencyKind.DINAS: duties(1, 3), None: duties(0, 0)}
    )

    chart = compliance_chart([newer, older])

    assert chart.twin.heads == ("Jenis", "2025", "2026")
    assert chart.twin.rows == (
        ("Dinas", "1 dari 4", "3 dari 4 (1 terlambat)"),
        ("Semua", "1 dari 4", "3 dari 4 (1 terlambat)"),
    )
    assert "2025: 1 dari 4; 2026: 3 dari 4" in chart.svg


def test_a_region_without_duties_has_a_chart_that_says_so() -> None:
    chart = compliance_chart([RegionSummary("61.12", 2026)])

    assert chart.twin.rows == (("Semua", "–"),)


def test_the_way_to_verification_counts_what_has_come_so_far() -> None:
    counts = {
        InnovationStatus.DRAFT: 4,
        InnovationStatus.SUBMITTED: 3,
        InnovationStatus.RETURNED: 1,
        InnovationStatus.VERIFIED: 8,
        InnovationStatus.WITHDRAWN: 5,
    }

    chart = progress_chart(RegionSummary("61.12", 2026, innovations=counts))

    assert chart.twin.rows == (("Dirancang", "16"), ("Diajukan", "12"), ("Terverifikasi", "8"))


def test_a_stage_counts_what_is_beyond_it_too_and_the_table_says_both() -> None:
    chart = stage_chart(RegionSummary("61.12", 2026, stages={Stage.INISIATIF: 1, Stage.PENERAPAN: 3}))

    assert chart.twin.rows == (("Inisiatif", "4", "1"), ("Uji coba", "3", "0"), ("Penerapan", "3", "3"))


def test_a_way_of_development_is_drawn_when_innovations_are_on_it() -> None:
    stages = [("Konsep", 2), ("Uji coba", 0), ("Peluncuran", 1)]

    chart = pipeline_chart("Pembinaan", stages)

    assert chart is not None
    assert chart.twin.rows == (("Konsep", "3", "2"), ("Uji coba", "1", "0"), ("Peluncuran", "1", "1"))
    assert pipeline_chart("Pembinaan", [("Konsep", 0)]) is None


def test_movement_is_shown_only_where_there_is_something_to_compare_with() -> None:
    alone = ranking_chart([Ranked(1, shared=False, innovation=innovation())], "Peringkat")
    moved = Ranked(1, shared=False, innovation=innovation(), movement=Movement(Direction.UP, 3, 2))
    compared = ranking_chart([moved], "Peringkat")

    assert "Pergerakan" not in alone.twin.heads
    assert compared.twin.rows[0][-1] == "naik 2"
    assert "chart-moved-up" in compared.svg
    assert alone.legend == ()
    assert [each.words for each in compared.legend] == ["▲ naik"], "of what there is"
    assert [movement_words(each) for each in (None, Movement(Direction.NEW), Movement(Direction.SAME, 4))] == [
        "–",
        "baru",
        "tetap",
    ]
