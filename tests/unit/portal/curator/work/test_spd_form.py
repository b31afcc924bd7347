from __future__ import annotations

from decimal import Decimal

from services.portal.curator.work.index.spd_form import SpdForm, Wrong, with_row
from services.portal.curator.work.owner_answers.spd import Spd

ROW = {
    "variable": None,
    "weight": 1,
    "mandatory": True,
    "levels": None,
    "asked": None,
    "level": 0,
    "points": 0,
    "why": "",
}
SPD = Spd.model_validate(
    {
        "region": "61.12",
        "year": 2026,
        "catalogue": {"name": "2026.1", "notice": None},
        "points": 3,
        "of": 63,
        "rows": [
            {
                "row": "1",
                "name": "Visi dan Misi",
                **ROW,
                "entered_level": 3,
                "evidence": [{"number": "6 Tahun 2025", "dated": "2025-08-20", "subject": "RPJMD"}],
            },
            {"row": "4", "name": "Pendapatan perkapita", **ROW, "entered_value": 5.23, "unit": "%"},
            {"row": "8", "name": "Opini BPK", **ROW},
        ],
    }
)
PROOF = {"nomor-0": "7/2026", "tanggal-0": "2026-02-01", "tentang-0": "LHP", "tautan-0": ""}


def test_one_row_is_replaced_and_the_others_stay_as_they_are() -> None:
    form = SpdForm.sent({"level": "3", "nilai": "", **PROOF}, None)
    assert not form.wrong
    rows = with_row(SPD, "8", form.entry())["rows"]
    assert rows["8"] == {
        "level": 3,
        "evidence": [{"number": "7/2026", "dated": "2026-02-01", "subject": "LHP"}],
    }
    assert rows["1"]["level"] == 3
    assert rows["1"]["evidence"][0]["dated"] == "2025-08-20"
    assert rows["4"]["value"] == 5.23


def test_a_value_decides_and_goes_with_its_unit() -> None:
    form = SpdForm.sent({"level": "2", "nilai": "1.234,5", **PROOF}, "%")
    entry = form.entry()
    assert entry is not None
    assert (entry["value"], entry["unit"]) == (1234.5, "%")
    assert "level" not in entry


def test_an_emptied_row_is_taken_out() -> None:
    empty = SpdForm.sent(
        {"level": "", "nilai": "", "nomor-0": "", "tanggal-0": "", "tentang-0": "", "tautan-0": ""}, None
    )
    assert empty.entry() is None
    assert "1" not in with_row(SPD, "1", empty.entry())["rows"]


def test_what_is_wrong_is_told_by_field() -> None:
    form = SpdForm.sent(
        {
            "level": "",
            "nilai": "lima",
            "nomor-0": "7/2026",
            "tanggal-0": "",
            "tentang-0": "",
            "tautan-0": "",
            "nomor-1": "",
            "tanggal-1": "kemarin",
            "tentang-1": "",
            "tautan-1": "bps.go.id",
        },
        None,
    )
    assert form.wrong == {
        "nilai": Wrong.NUMBER,
        "nomor-0": Wrong.PROOF,
        "tanggal-1": Wrong.DAY,
        "tautan-1": Wrong.LINK,
    }


def test_proofs_without_level_or_value_are_not_enough() -> None:
    assert SpdForm.sent({"level": "", "nilai": "", **PROOF}, None).wrong == {"level": Wrong.NOTHING}


def test_the_form_opens_with_what_is_stored_and_an_empty_line() -> None:
    row = SPD.row("4")
    assert row is not None
    assert row.entered_value == Decimal("5.23")
    form = SpdForm.stored(row, "%")
    assert form.value == "5,23"
    assert form.proofs == ({},)
