"""`satu index`: what it says is what the services would say; as a command, and once as a process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from services.scoring.cli import index as room
from shared.cli.console import complain
from shared.faults import Fault
from tests.support.paths import ROOT

KEYS = ["spd", "sid", "innovation_count_points", "index", "predicate", "to_next_predicate"]
AFFAIRS = (
    "Pendidikan",
    "KESEHATAN",
    "sosial",
    "Perumahan Rakyat dan Kawasan Permukiman",
    "pekerjaan umum dan penataan ruang",
)


def twenty(maturity: int = 70) -> list[dict[str, Any]]:
    return [{"maturity": maturity, "affair": AFFAIRS[number % 5]} for number in range(20)]


def by_rows(number: int, level: int) -> dict[str, Any]:
    levels = {str(row): level for row in range(16, 36)}
    return {
        "year": 2026,
        "spd": {"1": 2, "8": 3, "4": {"value": 5.23}},
        "innovations": [
            {"name": f"Inovasi {n + 1}", "affair": AFFAIRS[n % 5], "levels": levels} for n in range(number)
        ],
    }


@pytest.fixture
def satu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:  # noqa: ANN401
    """Run the command on this content: (exit status, standard output, lines of standard error)."""
    monkeypatch.chdir(tmp_path)
    app = typer.Typer()
    app.callback()(lambda: None)
    room.commands(app)

    def run(content: object, *options: str) -> tuple[int, str, list[str]]:
        file = tmp_path / "daerah.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        answer = CliRunner().invoke(app, ["index", str(file), *options], standalone_mode=False)
        if isinstance(answer.exception, Fault):
            return complain(answer.exception), answer.stdout, capsys.readouterr().err.splitlines()
        assert answer.exception is None, answer.exception
        return int(answer.return_value or 0), answer.stdout, []

    return run


def test_the_json_has_the_six_figures_and_nothing_else(satu: Any) -> None:  # noqa: ANN401
    status, out, _ = satu({"year": 2026, "spd": 40, "innovations": twenty()}, "--json")

    assert status == 0
    document = json.loads(out)
    assert list(document) == KEYS
    assert document == dict(zip(KEYS, (40, 77.6, 7.6, 47.04, "inovatif", 17.97), strict=True))


def test_people_read_it_in_their_numbers(satu: Any) -> None:  # noqa: ANN401
    _, out, _ = satu({"year": 2026, "spd": 40.5, "innovations": twenty()})

    assert "Indeks Inovasi Daerah: 47,24 (inovatif)" in out
    assert "Menuju sangat inovatif: kurang 17,77" in out


def test_the_best_has_nothing_next(satu: Any) -> None:  # noqa: ANN401
    _, out, _ = satu({"year": 2026, "spd": 63, "innovations": twenty(111)}, "--json")

    assert json.loads(out)["to_next_predicate"] is None


def test_levels_and_spd_by_row_are_scored_as_satu_score_does(satu: Any) -> None:  # noqa: ANN401
    _, out, _ = satu(by_rows(12, 2), "--json")

    document = json.loads(out)
    assert (document["spd"], document["sid"]) == (9.5, 78.56)  # 2 + 4,5 + 3; 74 + 4,56


def test_the_cheapest_path_reaches_its_target(satu: Any) -> None:  # noqa: ANN401
    status, out, _ = satu(by_rows(20, 2), "--to", "Sangat Inovatif", "--json")

    assert status == 0
    way = json.loads(out)["to"]
    assert way["reached"]["predicate"] == "sangat inovatif"
    assert sum(climb["to"] - climb["from"] for climb in way["path"]) == way["steps"]
    assert all(climb["to"] <= 3 for climb in way["path"])


def test_a_path_is_printed_in_words(satu: Any) -> None:  # noqa: ANN401
    status, out, _ = satu(by_rows(12, 2), "--to", "37,5")

    assert status == 0
    assert "Jalur termurah: 3 langkah" in out
    assert "Penghargaan bagi inovator, SPD: level 0 → 3" in out


def test_without_rows_only_the_points_lacking_can_be_said(satu: Any) -> None:  # noqa: ANN401
    status, out, _ = satu({"year": 2026, "spd": 40, "innovations": twenty()}, "--to", "sangat inovatif")

    assert status == 2
    assert "kurang 17,97 dari indeks, yaitu 44,9125 poin" in out


def test_a_target_that_is_reached_needs_neither_rows_nor_steps(satu: Any) -> None:  # noqa: ANN401
    status, out, _ = satu({"year": 2026, "spd": 40, "innovations": twenty()}, "--to", "inovatif", "--json")

    assert (status, json.loads(out)["to"]["steps"]) == (0, 0)


def test_a_target_beyond_all_levels_says_so(satu: Any) -> None:  # noqa: ANN401
    status, out, _ = satu(by_rows(2, 1), "--to", "sangat inovatif")

    assert status == 2
    assert "Tidak dapat dicapai dengan menaikkan level saja" in out


def test_constants_of_the_file_supply_what_no_source_gives(satu: Any) -> None:  # noqa: ANN401
    region = {"year": 2024, "spd": 40, "innovations": twenty()}
    predicates = [{"name": "sangat inovatif", "from": 60.01, "to": 100}, {"name": "lainnya", "from": 0, "to": 60}]

    status, _, lines = satu(region, "--json")
    assert status == 2
    assert "unknown-constant" in lines[0]
    assert "least_divisor tahun 2024" in lines[0]
    status, out, _ = satu({**region, "constants": {"D": 12, "U": 5, "predicates": predicates}}, "--json")
    assert status == 0
    assert (json.loads(out)["index"], json.loads(out)["predicate"]) == (47.04, "lainnya")


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ("{", ["daerah.json"]),
        ("[]", ["input"]),
        ({"spd": 1, "innovations": []}, ["year"]),
        ({"year": "2026", "spd": 1, "innovations": []}, ["year"]),
        ({"year": 2026, "innovations": []}, ["spd"]),
        ({"year": 2026, "spd": 64, "innovations": []}, ["spd"]),
        ({"year": 2026, "spd": {"16": 3, "1": 4}, "innovations": []}, ["spd.16", "spd.1"]),
        ({"year": 2026, "spd": 1}, ["innovations"]),
        (
            {"year": 2026, "spd": 1, "innovations": [3, {"maturity": 112, "affair": "Sihir"}]},
            ["innovations.0", "innovations.1.affair", "innovations.1.maturity"],
        ),
        ({"year": 2026, "spd": 1, "innovations": [{"affair": "Sosial"}]}, ["innovations.0"]),
        (
            {"year": 2026, "spd": 1, "innovations": [{"affair": "Sosial", "levels": {"1": 3}}]},
            ["innovations.0.levels.1"],
        ),
        ({"year": 2026, "spd": 1, "innovations": [], "inovasi": []}, ["inovasi"]),
        ({"year": 2026, "spd": 1, "innovations": [], "constants": {"D": 0}}, ["constants.least_divisor"]),
        ({"year": 2026, "spd": 1, "innovations": [], "catalogue": "1999.1"}, ["--catalogue"]),
    ],
)
def test_what_is_wrong_is_a_line_each_and_status_2(satu: Any, content: object, fields: list[str]) -> None:  # noqa: ANN401
    status, out, lines = satu(content)

    assert (status, out) == (2, "")
    assert [line.removeprefix("satu: ").partition(": ")[0] for line in lines] == fields


def test_an_unknown_target_is_refused_with_the_known_ones(satu: Any) -> None:  # noqa: ANN401
    status, _, lines = satu({"year": 2026, "spd": 1, "innovations": []}, "--to", "hebat")

    assert status == 2
    assert "kurang inovatif" in lines[0]


def test_it_reads_a_pipe_as_a_process_without_any_data(tmp_path: Path) -> None:
    content = json.dumps({"year": 2026, "spd": 40, "innovations": twenty()})

    done = subprocess.run(
        [sys.executable, "-m", "shared.cli", "index", "--json", "-"],
        input=content,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        timeout=60,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["index"] == 47.04
    assert list(tmp_path.iterdir()) == []
