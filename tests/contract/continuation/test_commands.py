"""`satu continuation`, `satu commitment` and `satu ideas` on a registry's data: the same changes as over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shared.cli.__main__ import build
from shared.faults import Conflict, Invalid
from tests.support.registry_service import REGION, running_registry
from tests.support.small_files import PDF_FILE

Satu = Callable[..., list[str]]


@pytest.fixture
def office(tmp_path: Path) -> dict[str, str]:
    """The ids of an agency, of its verified innovation and of a public idea, in a registry that does not run."""

    async def made() -> dict[str, str]:
        async with running_registry(tmp_path) as registry:
            await registry.region()
            agency = await registry.agency()
            place = await registry.submitted(agency)
            await registry.by("curator").change("POST", f"{place}/verify", {"rows": {}}, of=place)
            idea = {"title": "Antrean lewat pesan", "text": "Nomor antrean dari rumah."}
            received = await registry.by(None)("POST", f"/regions/{REGION}/ideas", idea, key="idea")
            return {"agency": agency, "innovation": place.rpartition("/")[2], "idea": received.json()["id"]}

    return asyncio.run(made())


@pytest.fixture
def satu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Satu:
    """Run a command in this process; the lines that it printed."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    def run(*words: str) -> list[str]:
        capsys.readouterr()
        build(words[0])(list(words), standalone_mode=False)
        return capsys.readouterr().out.splitlines()

    return run


def written(folder: Path, value: Any) -> str:  # noqa: ANN401 - JSON
    """A file with that value."""
    file = folder / "value.json"
    file.write_text(json.dumps(value), encoding="utf-8")
    return str(file)


def test_an_innovation_is_moved_asked_answered_and_shown(tmp_path: Path, office: dict[str, str], satu: Satu) -> None:
    id = office["innovation"]
    moved = satu("continuation", "move", id, "labinov", "display")
    again = satu("continuation", "move", id, "labinov", "display")
    planned = satu("continuation", "follow-up", REGION)
    given = {"use": "dormant", "reason": "Menunggu anggaran.", "figures": [{"label": "Warga", "value": 10}]}
    answered = satu("continuation", "answer", id, written(tmp_path, given))
    asked = satu("continuation", "ask", id, "2100-01-04")
    live = satu("continuation", "use", id, "live")
    shown = satu("continuation", "show", id)
    stages = satu("continuation", "stages", REGION, "--year", "2026")

    assert moved[1].startswith("stage: labinov/display since ")
    assert again[0] == "nothing changed"
    assert planned == ["1 first questions planned, 0 questions lapsed"]
    assert any(line.startswith("dormant: tidur: Menunggu anggaran., since ") for line in answered)
    assert any(line.startswith("question 2: asked 4 Januari 2100") for line in asked)
    assert any(line.startswith("use: live since ") for line in live)
    assert shown == live
    assert "labinov; launched: 1 (perangkat_daerah 1)" in stages


def test_origin_actors_sustainability_rights_and_mentor_come_from_files(
    tmp_path: Path, office: dict[str, str], satu: Satu
) -> None:
    id = office["innovation"]
    satu("continuation", "origin", id, written(tmp_path, {"kind": "training", "training": "cpns"}))
    satu("continuation", "actors", id, written(tmp_path, {"actors": [{"kind": "media", "name": "Radio"}]}))
    team = {"team": [{"name": "Nama Contoh"}]}
    satu("continuation", "sustainability", id, written(tmp_path, team))
    mark = {"kind": "merek", "number": "M1", "dated": "2020-01-01", "holder": "Nama Contoh", "expires_on": "2020-01-02"}
    shown = satu("continuation", "rights", id, written(tmp_path, {"rights": [mark]}))
    nobody = satu("continuation", "mentor", office["agency"])
    named = satu("continuation", "mentor", office["agency"], written(tmp_path, {"name": "Nama Contoh"}))
    attention = satu("continuation", "attention", REGION)

    assert {"origin: training cpns, undecided", "actors: 1 kinds (media 1)"} <= set(shown)
    assert "right: merek M1, until 2 Januari 2020" in shown
    assert (nobody[0].endswith("has no mentor"), named[0].endswith("has a mentor")) == (True, True)
    assert [line.split()[3] for line in attention] == ["right-ends:", "weak:", "undecided:"]
    assert "Nama Contoh" not in "".join([*shown, *named, *attention])


def test_many_are_moved_at_once_with_the_day_since_which_they_are_there(office: dict[str, str], satu: Satu) -> None:
    id = office["innovation"]
    design = ("continuation", "move-all", REGION, "labinov", "design")
    elsewhere = satu(*design, "--from", "labinov/drum_up")
    moved = satu(*design, "--from", "none", "--year", "2026", "--on", "2026-02-02")
    early = satu("continuation", "move-all", REGION, "labinov", "display", "--on", "2026-02-01")
    other_year = satu("continuation", "move-all", REGION, "labinov", "display", "--year", "2025")
    satu("continuation", "use", id, "stopped", "--reason", "Selesai.")
    ended = satu("continuation", "move-all", REGION, "labinov", "display")

    assert [each[0].partition(" ")[0] for each in (elsewhere, moved, early, other_year, ended)] == list("01000")
    assert early[1] == f"not moved: {id}: perpindahan sebelumnya tercatat pada 2 Februari 2026"
    assert "stage: labinov/design since 2 Februari 2026, moved by satu" in satu("continuation", "show", id)


def test_an_answer_comes_with_its_proofs(tmp_path: Path, office: dict[str, str], satu: Satu) -> None:
    proof, other = tmp_path / "daftar.pdf", tmp_path / "catatan.txt"
    proof.write_bytes(PDF_FILE)
    other.write_text("bukan berkas yang diterima", encoding="utf-8")
    answer = ("continuation", "answer", office["innovation"], written(tmp_path, {"use": "live"}))
    with pytest.raises(Conflict):
        satu(*answer, "--proof", str(proof))
    satu("continuation", "follow-up", REGION)
    with pytest.raises(Invalid):
        satu(*answer, "--proof", str(other))
    answered = satu(*answer, "--proof", str(proof))

    assert any(line.startswith("question 1: ") and line.endswith(", live, 1 files") for line in answered)


def test_rules_are_printed_as_they_are_set(tmp_path: Path, office: dict[str, str], satu: Satu) -> None:
    rules = json.loads("".join(satu("continuation", "rules", REGION)))
    rules["follow_up"]["every_months"] = 12
    changed = json.loads("".join(satu("continuation", "rules", REGION, written(tmp_path, rules))))

    assert changed == rules
    assert json.loads("".join(satu("continuation", "rules", REGION))) == rules


def test_a_commitment_is_signed_with_its_paper_and_revised(tmp_path: Path, office: dict[str, str], satu: Satu) -> None:
    paper = tmp_path / "perjanjian.pdf"
    paper.write_bytes(PDF_FILE)
    terms = {"number": "PI/1", "dated": "2026-02-02", "promises": [{"name": "Loket"}]}
    new = written(tmp_path, {"agency": office["agency"], "year": 2026, **terms})
    signed = satu("commitment", "sign", new, "--paper", str(paper))
    repeated = satu("commitment", "sign", new)
    kept = {**terms, "promises": [{"name": "Loket", "innovation": office["innovation"]}]}
    revised = satu("commitment", "revise", office["agency"], "2026", written(tmp_path, kept))

    assert signed == repeated == [f"{office['agency']} 2026: PI/1, 2 Februari 2026, with its paper", "  open: Loket"]
    assert revised[1] == f"  taken_up: Loket ({office['innovation']}, verified)"
    assert satu("commitment", "list", REGION, "--year", "2026") == revised
    assert satu("commitment", "show", office["agency"], "2026") == revised
    assert satu("commitment", "list", REGION, "--year", "2025") == ["no commitments"]


def test_an_idea_that_came_on_paper_is_recorded_and_shown(tmp_path: Path, office: dict[str, str], satu: Satu) -> None:
    (made,) = satu("ideas", "hand-in", REGION, written(tmp_path, {"title": "Bank sampah", "text": "Satu.\nDua."}))
    id = made.partition(" ")[0]
    satu("ideas", "close", id, "Sudah ada.")
    shown = satu("ideas", "show", id)

    assert made.endswith(": Bank sampah")
    assert shown[0].startswith(f"{id} closed, ")
    assert shown[1:] == ["Satu.", "Dua.", "reason: Sudah ada."]
    with pytest.raises(Invalid):
        satu("ideas", "hand-in", REGION, written(tmp_path, {"title": "X", "text": "Hubungi 081234567890."}))


def test_an_idea_is_handed_over_and_taken_up(office: dict[str, str], satu: Satu) -> None:
    listed = satu("ideas", "list", REGION)
    given = satu("ideas", "hand-over", office["idea"], office["agency"])
    taken = satu("ideas", "take-up", office["idea"])
    again = satu("ideas", "take-up", office["idea"])

    assert listed[0].startswith(f"{office['idea']} new, ")
    assert given[0].startswith(f"{office['idea']} handed-over {office['agency']}, ")
    assert taken == again
    with pytest.raises(Conflict):
        satu("ideas", "close", office["idea"], "Terlambat.")


def test_a_file_that_is_wrong_names_field_and_reason(tmp_path: Path, office: dict[str, str], satu: Satu) -> None:
    for value, field in (({"use": "dormant"}, "body"), ({"use": "mati"}, "use"), ({"use": "live", "x": 1}, "x")):
        with pytest.raises(Invalid) as refused:
            satu("continuation", "answer", office["innovation"], written(tmp_path, value))
        assert [flaw.field for flaw in refused.value.flaws] == [field]
    with pytest.raises(Invalid) as refused:
        satu("continuation", "answer", office["innovation"], str(tmp_path / "none.json"))
    assert [flaw.code for flaw in refused.value.flaws] == ["unreadable"]
