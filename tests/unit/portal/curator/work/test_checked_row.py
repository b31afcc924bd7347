from __future__ import annotations

from decimal import Decimal

from services.portal.curator.work.owner_answers.catalogue import Catalogue
from services.portal.curator.work.owner_answers.innovation import Innovation
from services.portal.curator.work.owner_answers.scorecard import Scorecard
from services.portal.curator.work.verification.checked_row import rows_of

INNOVATION = Innovation.model_validate(
    {
        "sequence": 7,
        "id": "i1",
        "region": "61.12",
        "agency": "a1",
        "year": 2026,
        "status": "submitted",
        "profile": {"name": "Berjumpa", "nature": "non_digital"},
        "evidence": {
            "16": {"level": 2, "files": [], "links": ["https://contoh.go.id/sk"], "verified_level": None},
            "33": {"value": 350, "unit": "orang", "basis": "a", "files": [], "verified_level": 2},
        },
        "comments": {"16": "Nomor SK belum terbaca."},
        "missing_mandatory": {"35": "Video inovasi daerah"},
    }
)
CATALOGUE = Catalogue.model_validate(
    {
        "name": "2026.1",
        "indicators": [
            {"number": "16", "name": "Regulasi", "levels": ["SK", "Perkada", "Perda"], "mandatory": True},
            {
                "number": "30",
                "name": "Layanan",
                "variants": {"digital": ["a", "b", "c"], "non_digital": ["d", "e", "f"]},
            },
            {
                "number": "33",
                "name": "Kemanfaatan",
                "bases": {"a": {"measured": "orang", "levels": ["1-200", "201-500", "501 atau lebih"]}},
            },
        ],
        "region_rows": [],
    }
)
SCORED = {
    "variable": None,
    "weight": 3,
    "mandatory": True,
    "points": 6,
    "why": "Level 2 diklaim.",
    "verified": False,
    "verified_level": 0,
    "why_verified": "",
    "evidence": {"asked": "Halaman pertama"},
}
SCORECARD = Scorecard.model_validate(
    {
        "state": "scored",
        "rows": [{"row": "16", "name": "Regulasi Inovasi Daerah", "level": 2, **SCORED}],
        "faults": [{"row": "16", "code": "x", "message": "klaim tidak sesuai nilai"}],
    }
)


def test_rows_stand_in_the_catalogues_order_with_claim_proofs_and_words() -> None:
    first, layanan, benefit = rows_of(INNOVATION, SCORECARD, CATALOGUE)
    assert (first.row, first.name, first.claimed, first.weight) == ("16", "Regulasi Inovasi Daerah", 2, Decimal(3))
    assert first.text(2) == "Perkada"
    assert first.text(0) == ""
    assert first.comment == "Nomor SK belum terbaca."
    assert first.faults == ("klaim tidak sesuai nilai",)
    assert first.proofs == 1
    assert not layanan.can_be_judged
    assert layanan.texts == ("d", "e", "f"), "the words of a non-digital innovation"
    assert benefit.texts == ("1-200", "201-500", "501 atau lebih"), "the words of the chosen basis"
    assert benefit.verified_level == 2


def test_without_scoring_the_rows_that_the_agency_filled_in_remain() -> None:
    rows = rows_of(INNOVATION, None, None)
    assert [each.row for each in rows] == ["16", "33"]
    assert all(each.can_be_judged for each in rows)
    assert rows[0].claimed == 2
    assert rows[0].texts == ()
