"""Charts are well-formed SVG that fills any width, with escaped words and no inline style."""

from __future__ import annotations

import random
from xml.etree import ElementTree as ET

import pytest
from markupsafe import Markup

from services.portal.charts.bars import Bar, bars
from services.portal.charts.funnel import FunnelStage, funnel
from services.portal.charts.gauge import Gauge, GaugeEdge, gauge
from services.portal.charts.heat_map import HeatCell, HeatRow, heat_map, step
from services.portal.charts.ranks import Moved, RankRow, ranks
from services.portal.charts.svg import em, percent
from services.portal.charts.words import in_lines, shortened

HOSTILE = (
    "",
    "Dinas",
    "</text><script>alert(1)</script>",
    "\"&<>'",
    "ë 漢 🙂",
    "Badan " + "Perencanaan " * 12,
    "x" * 300,
)


def drawn_by(seed: int) -> list[Markup]:
    draw = random.Random(seed)

    def words() -> str:
        return draw.choice(HOSTILE)

    def share() -> float:
        return draw.choice([0.0, 1.0, draw.random(), -1.0, 2.0])

    many = range(draw.choice([0, 1, 7, 40]))
    edges = [GaugeEdge(each, words()) for each in sorted(draw.uniform(1, 99) for _ in range(draw.randint(0, 3)))]
    return [
        bars([Bar(words(), words(), share(), draw.choice([None, share()])) for _ in many], words()),
        funnel([FunnelStage(words(), draw.choice([0, 1, 5_000]), words()) for _ in many], words()),
        gauge(Gauge(draw.uniform(0, 100), words(), words(), edges, draw.choice([None, draw.uniform(0, 100)])), words()),
        heat_map(
            [words() for _ in range(3)],
            [HeatRow(words(), tuple(HeatCell(words(), draw.choice([None, share()])) for _ in range(3))) for _ in many],
            words(),
        ),
        ranks(
            [RankRow("1", words(), words(), share(), draw.choice([None, *Moved]), words()) for _ in many],
            words(),
        ),
    ]


def test_whatever_the_figures_the_picture_is_well_formed_and_inside_its_box() -> None:
    for seed in range(40):
        for svg in drawn_by(seed):
            root = ET.fromstring(svg)
            assert root.get("role") == "img", seed
            for each in root.iter():
                assert "style" not in each.attrib, seed
                assert each.tag != "script", seed
                for name in ("x", "width"):
                    value = each.get(name, "0")
                    if value.endswith("%"):
                        assert 0 <= float(value[:-1]) <= 100, (seed, each.attrib)


def test_a_picture_is_named_by_its_summary() -> None:
    root = ET.fromstring(bars([Bar("Infrastruktur", "50 %", 0.5)], 'Kematangan "2026" & klaim'))

    assert root.get("aria-label") == 'Kematangan "2026" & klaim'


@pytest.mark.parametrize(
    ("value", "shown"), [(0, "0%"), (0.125, "12.5%"), (1 / 3, "33.33%"), (1.2, "100%"), (-1, "0%")]
)
def test_a_share_is_a_length_across(value: float, shown: str) -> None:
    assert percent(value) == shown


def test_lengths_down_are_in_the_text_s_size() -> None:
    assert em(1.50) == "1.5em"
    assert em(10) == "10em"


def test_a_bar_is_as_long_as_its_share() -> None:
    root = ET.fromstring(bars([Bar("A", "25 %", 0.25, 0.5)], ""))
    widths = {each.get("class"): each.get("width") for each in root.iter("rect")}

    assert widths == {"chart-track": "76%", "chart-claimed": "38%", "chart-verified": "19%"}


def test_a_stage_without_innovations_has_no_bar_and_the_smallest_is_still_seen() -> None:
    root = ET.fromstring(funnel([FunnelStage("a", 10_000, ""), FunnelStage("b", 1, ""), FunnelStage("c", 0, "")], ""))
    widths = [each.get("width") for each in root.iter("rect") if each.get("class") == "chart-stage"]

    assert widths == ["100%", "1.2%"]


def test_only_all_of_them_have_the_darkest_shade() -> None:
    assert [step(each) for each in (0, 0.2, 0.5, 0.75, 0.999, 1, 1.5)] == [0, 0, 2, 3, 3, 4, 4]


def test_the_gauge_fills_up_to_the_index_and_leaves_a_gap_at_each_edge() -> None:
    edges = [GaugeEdge(40.01, "40,01"), GaugeEdge(65.01, "65,01")]
    root = ET.fromstring(gauge(Gauge(52.34, "52,34", "inovatif", edges, claimed=61.0), ""))
    classes = [each.get("class") for each in root.iter("path")]

    assert classes.count("chart-arc-track") == 3
    assert classes.count("chart-arc-value") == 2
    assert classes.count("chart-arc-claimed") == 1
    assert [each.text for each in root.iter("text")] == ["40,01", "65,01", "0", "100", "52,34", "inovatif"]


def test_words_are_cut_between_words_where_that_is_late_enough() -> None:
    assert shortened("Dinas Sosial", 20) == "Dinas Sosial"
    assert shortened("Badan Perencanaan Pembangunan Daerah", 22) == "Badan Perencanaan…"
    assert shortened("Perencanaanpembangunan Daerah", 12) == "Perencanaan…"
    assert in_lines("Badan Perencanaan Pembangunan Daerah", 15, 2) == ["Badan", "Perencanaan…"]
    assert in_lines("", 15, 2) == [""]
