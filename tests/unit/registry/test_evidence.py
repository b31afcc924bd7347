from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import AnyHttpUrl, ValidationError

from services.registry.evidence.attachment import EvidenceFile
from services.registry.evidence.evidence import Claim, Evidence, blocking, public_row
from services.registry.evidence.form import PDF
from tests.support.registry_states import JUNE

FILE = EvidenceFile(digest="ab" * 32, size=10, media_type=PDF, name="SK Budi Santoso.pdf", added_at=JUNE.time)


@pytest.mark.parametrize(
    "wrong",
    [
        {"level": 0},
        {"level": 4},
        {"value": float("nan")},
        {"value": 1e300},
        {"value": 1.23456},
        {"value": "banyak"},
        {"basis": "g"},
        {"unit": "x" * 41},
        {"links": ["ftp://contoh.go.id/x"]},
        {"links": ["contoh.go.id"]},
        {"links": ["javascript:alert(1)"]},
        {"links": ["https://user:secret@contoh.go.id/"]},
        {"links": [f"https://contoh.go.id/{n}" for n in range(11)]},
        {"dated": "0001-01-01"},
        {"files": []},
    ],
)
def test_an_impossible_claim_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Claim.model_validate(wrong)


def test_a_value_is_exact() -> None:
    assert str(Claim.model_validate({"value": 50.01}).value) == "50.01"


def test_evidence_can_be_stored_and_loaded() -> None:
    claimed = {
        "level": 2,
        "value": 0.1,
        "unit": "%",
        "basis": "c",
        "dated": "2025-05-02",
        "links": ["https://contoh.go.id/a?b=1"],
    }
    claim = Evidence(**Claim.model_validate(claimed).model_dump(), files=(FILE,))
    assert Evidence.model_validate_json(claim.model_dump_json()) == claim


def test_the_public_row_counts_proofs_without_naming_them() -> None:
    evidence = Evidence(
        level=3, number="188/1", subject="Penetapan Budi", links=("https://contoh.go.id/",), files=(FILE, FILE)
    )

    public = public_row("16", evidence, 2)

    assert (public.row, public.level, public.proofs, public.verified_level) == ("16", 3, 3, 2)
    assert set(public.model_dump()) == {
        "row", "level", "value", "unit", "basis", "dated", "dates", "proofs", "verified_level",
    }  # fmt: skip
    assert "Budi" not in public.model_dump_json()


def test_a_row_without_a_claim_and_a_letter_with_a_future_date_block() -> None:
    rows = {"16": Evidence(level=1), "17": Evidence(number="1"), "33": Evidence(level=1, dated=date(2026, 6, 2))}
    found = [(flaw.field, flaw.code) for flaw in blocking(rows, date(2026, 6, 1))]
    assert found == [("evidence.17.level", "missing"), ("evidence.33.dated", "future")]


@pytest.mark.parametrize("value", [1_000_000_000, -1_000_000_000, 0.0001, "12.50", "-0.5", 999_999_999.9999])
def test_a_value_within_its_bounds_is_taken(value: float | str) -> None:
    assert Claim.model_validate({"value": value}).value == Decimal(str(value))


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (1_000_000_000.5, "less_than_equal"),
        ("1e400", "less_than_equal"),
        (-1e12, "greater_than_equal"),
        (0.12345, "decimal_max_places"),
        ("NaN", "finite_number"),
        (True, "decimal_type"),
    ],
)
def test_another_value_is_refused(value: object, why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Claim.model_validate({"value": value})
    assert [each["type"] for each in caught.value.errors()] == [why]


@given(st.tuples(st.sampled_from(["http", "https", "HTTPS", "ftp", "x", ""]), st.text("aé.-/:@?#[] %1", max_size=20)))
@example(("https", "bükk.id/é?q=1#f"))
@example(("https", "a.id:443"))
def test_a_link_is_what_pydantic_takes_for_a_web_address(parts: tuple[str, str]) -> None:
    text = "://".join(parts)
    try:
        plain = AnyHttpUrl(text)
        wanted = None if plain.username or plain.password else str(plain)
    except ValueError:
        wanted = None
    try:
        (link,) = Claim.model_validate({"links": [text]}).links
    except ValidationError:
        assert wanted is None
    else:
        assert link == wanted
