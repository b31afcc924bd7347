"""`satu score`: inputs, outputs, and the messages about invalid files."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.catalogue.files import SHIPPED
from services.scoring.catalogue.library import pick
from services.scoring.cli.json_file import parsed
from services.scoring.scorecard.input import read_score_input
from shared.cli.__main__ import main
from shared.faults import Invalid
from tests.support.scoring_examples import calm, catalogue

Satu = Callable[..., tuple[int, str, list[str]]]
"""Runs the command: exit status, standard output, lines of standard error."""

ROWS = [str(number) for number in range(16, 36)]


@pytest.fixture
def satu(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Satu:
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "none"))

    def run(*words: str, pipe: str | None = None) -> tuple[int, str, list[str]]:
        monkeypatch.setattr(sys, "argv", ["satu", *words])
        if pipe is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(pipe.encode())))
        status = main()
        said = capsys.readouterr()
        return status, said.out, said.err.splitlines()

    return run


def put(tmp_path: Path, value: object) -> str:
    file = tmp_path / "inovasi.json"
    file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(file)


def test_all_rows_at_the_top_are_111_of_111(satu: Satu, tmp_path: Path) -> None:
    file = put(tmp_path, {"name": "Spirit", "digital": True, "levels": dict.fromkeys(ROWS, 3)})

    status, out, _ = satu("score", file, "--json")

    said = json.loads(out)
    assert status == 0
    assert (said["maturity"], said["of"]) == (111, 111)
    assert list(said["rows"]) == ROWS
    assert said["rows"]["16"] == {
        "level": 3,
        "weight": 3,
        "points": 9,
        "why": "Level 3 menurut isian perangkat daerah: “Peraturan Daerah”. 3 × bobot 3 = 9 poin.",
        "next": None,
    }
    assert (said["missing_mandatory"], said["faults"]) == ([], [])
    assert not (tmp_path / "none").exists()


def test_values_decide_and_only_named_rows_are_proved(satu: Satu) -> None:
    """By hand: 16 at 3 → 9; 17 with 12 people, level 2 → 4; 33 a with 350, level 2 → 6; 29 is not proved → 0."""
    levels = {"16": 3, "17": {"value": 12}, "33": {"basis": "a", "value": 350}, "29": {"level": 2}}
    piped = json.dumps({"levels": levels, "evidence": ["16", 17, "33", "35"]})

    status, out, _ = satu("score", "-", "--catalogue", "2026", "--json", pipe=piped)

    said = json.loads(out)
    assert status == 0
    assert said["maturity"] == 19
    assert {row: said["rows"][row]["level"] for row in levels} == {"16": 3, "17": 2, "33": 2, "29": 0}
    assert said["missing_mandatory"] == ["32", "35"]
    assert said["rows"]["29"]["next"] == {
        "level": 2,
        "brings": 2,
        "needs": "Unggah data pendukung untuk level 2: “51 % s.d. 90 %”.",
    }


def test_rows_are_numbered_as_in_their_catalogue(satu: Satu, tmp_path: Path) -> None:
    """2024: 1 at 2 → 6; 14 with 86 %, an edge of two bands → level 3 → 3; 18 d with 49,995 → 50,00, level 2 → 6."""
    file = put(tmp_path, {"levels": {"1": 2, "14": {"value": 86}, "18": {"basis": "d", "value": 49.995}}})

    status, out, _ = satu("score", file, "--catalogue", "2024", "--json")

    said = json.loads(out)
    assert status == 0
    assert (said["catalogue"], said["maturity"], said["of"]) == ("2024.1", 15, 111)
    assert "dipakai level yang lebih baik" in said["rows"]["14"]["why"]
    assert "dibulatkan menjadi 50" in said["rows"]["18"]["why"]


def test_what_contradicts_is_a_fault_of_the_card_not_of_the_file(satu: Satu, tmp_path: Path) -> None:
    file = put(tmp_path, {"levels": {"17": {"level": 3, "value": 12}, "33": {"value": 5}}})

    status, out, _ = satu("score", file, "--json")

    assert status == 0
    assert [(fault["row"], fault["code"]) for fault in json.loads(out)["faults"]] == [
        ("17", "level-differs"),
        ("33", "basis-missing"),
    ]


def test_the_text_has_notice_points_reasons_and_the_next_step(satu: Satu, tmp_path: Path) -> None:
    file = put(tmp_path, {"name": "Spirit", "levels": {"17": 2}, "applied_on": "2025-03-01", "stage": "uji_coba"})

    status, out, _ = satu("score", file)

    assert status == 0
    for line in (
        "Kartu skor Spirit, katalog 2026.1",
        "Skor kematangan: 4 dari 111",
        "Diterapkan 1 Maret 2025, di dalam jendela penjaringan 2026 (1 Januari 2024 s.d. 31 Desember 2025).",
        " 17  Ketersediaan dan peran SDM terhadap inovasi daerah (wajib): 4 poin",
        "     Berikutnya, +2 poin: Level 3: “Lebih dari 30”; nilai 31 SDM atau lebih.",
        "  16, 32, 33, 35",
    ):
        assert line in out.splitlines()
    assert "belum dicocokkan dengan surat resmi" in out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "inovasi.json: bukan JSON"),
        ("{", "inovasi.json: bukan JSON"),
        ('{"levels": {"16": NaN}}', "inovasi.json: NaN bukan angka JSON"),
        ("[" * 100_000, "inovasi.json: terlalu dalam"),
        ('{"levels": {"16": 1, "16": 2}}', "inovasi.json: kunci '16' ada dua kali"),
        ('{"levels": {"17": {"value": 1e999999999}}}', "inovasi.json: angka 1e999999999 terlalu besar"),
        ("3", "input: yang diminta adalah satu objek JSON"),
        ("{}", "levels: wajib ada"),
        ('{"levels": [3]}', "levels: wajib ada"),
        ('{"levels": {"99": 3}}', "levels.99: indikator ini tidak ada pada katalog 2026.1 (16 s.d. 35)"),
        ('{"levels": {"16": 4}}', "levels.16: level harus 0, 1, 2 atau 3"),
        ('{"levels": {"16": 2.5}}', "levels.16: level harus 0, 1, 2 atau 3"),
        ('{"levels": {"16": true}}', "levels.16: level harus"),
        ('{"levels": {"16": "3"}}', "levels.16: level harus"),
        ('{"levels": {"16": {"level": -1}}}', "levels.16.level: level harus"),
        ('{"levels": {"17": {"value": "banyak"}}}', "levels.17.value: nilai harus berupa angka"),
        ('{"levels": {"17": {"value": 1e15}}}', "levels.17.value: nilai terlalu besar"),
        ('{"levels": {"17": {"nilai": 3}}}', "levels.17.nilai: kunci ini tidak dikenal"),
        ('{"levels": {"33": {"basis": 3}}}', "levels.33.basis: harus berupa teks"),
        ('{"levels": {}, "evidence": "16"}', "evidence: harus berupa daftar"),
        ('{"levels": {}, "evidence": [[]]}', "evidence.0: indikator [] tidak ada"),
        ('{"levels": {}, "digital": "ya"}', "digital: harus true atau false"),
        ('{"levels": {}, "name": 3}', "name: nama harus berupa teks"),
        ('{"levels": {}, "stage": []}', "stage: harus salah satu dari"),
        ('{"levels": {}, "applied_on": "kemarin"}', "applied_on: harus berupa tanggal"),
        ('{"levels": {}, "tingkat": 1}', "tingkat: kunci ini tidak dikenal"),
    ],
    ids=[
        *("empty", "cut off", "NaN", "nested too deeply", "a key twice", "a huge number", "no object", "no levels"),
        *("levels in a list", "unknown row", "level 4", "level 2.5", "level true", "level as text", "level -1"),
        *("value as text", "value too large", "unknown key of a row", "basis as a number", "evidence as text"),
        *("evidence in lists", "digital as text", "name as a number", "stage as a list", "no date", "unknown key"),
    ],
)
def test_an_invalid_file_gives_one_line_for_each_flaw_and_status_2(
    satu: Satu,
    tmp_path: Path,
    text: str,
    says: str,
) -> None:
    status, out, err = satu("score", put(tmp_path, text), "--catalogue", "2026")

    assert (status, out) == (2, "")
    assert len(err) == 1
    assert err[0].startswith(f"satu: {says}")


def test_all_flaws_are_reported_at_once(satu: Satu, tmp_path: Path) -> None:
    file = put(tmp_path, {"levels": {"16": 9, "99": 1, "17": {"value": None, "x": 1}}, "digital": 1})

    status, _, err = satu("score", file)

    assert status == 2
    assert len(err) == 4


def test_files_and_catalogues_that_are_not_there(satu: Satu, tmp_path: Path) -> None:
    assert satu("score", str(tmp_path / "tidak-ada.json"))[0] == 2
    status, _, err = satu("score", put(tmp_path, {"levels": {}}), "--catalogue", "2019")
    assert (status, err) == (2, ["satu: --catalogue: tidak ada katalog 2019; yang ada: 2024.1, 2026.1"])


def test_the_newest_revision_of_a_year_is_picked_by_number(tmp_path: Path) -> None:
    text = (SHIPPED / "2026.1.yaml").read_text(encoding="utf-8")
    for revision in (2, 10):
        newer = text.replace("revision: 1\n", f"revision: {revision}\n")
        (tmp_path / f"2026.{revision}.yaml").write_text(newer, encoding="utf-8")

    assert pick("2026", (SHIPPED, tmp_path)).name == "2026.10"
    assert pick("2026.2", (SHIPPED, tmp_path)).name == "2026.2"
    assert pick(None, (SHIPPED, tmp_path)).name == "2026.10"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["16", "33", "value", "level"]), inner),
    max_leaves=6,
)


@calm
@given(levels=anything, evidence=anything, digital=anything)
def test_anything_at_all_is_read_or_refused_with_reasons(levels: object, evidence: object, digital: object) -> None:
    try:
        read = read_score_input({"levels": levels, "evidence": evidence, "digital": digital}, catalogue())
    except Invalid as refused:
        assert all(flaw.field and flaw.message for flaw in refused.flaws)  # noqa: PT017 - it may also be read
    else:
        assert {each.row for each in read.evidence} <= set(ROWS)


@calm
@given(noise=st.binary(max_size=60))
def test_any_bytes_are_json_or_a_flaw(noise: bytes) -> None:
    try:
        parsed(noise, "x")
    except Invalid as refused:
        assert refused.flaws[0].field == "x"  # noqa: PT017 - it may also be JSON
