"""Claims: the form of an indicator."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from services.portal.agency.evidence.catalogue import Catalogue, Indicator
from services.portal.agency.evidence.claim import claim_of, form_of, is_empty, read_claim
from services.portal.answered.evidence import Evidence
from services.portal.pages.forms import Form
from services.registry.evidence.evidence import Claim
from services.scoring.views.catalogues import catalogue_answer
from tests.support.scoring_examples import catalogue

CATALOGUE = Catalogue.model_validate(catalogue_answer(catalogue()).model_dump(mode="json"))


def indicator(number: str) -> Indicator:
    found = CATALOGUE.indicator(number)
    assert found is not None
    return found


def read(number: str, stored: Evidence | None = None, **fields: str) -> tuple[dict[str, Any], list[str]]:
    claim, flaws = read_claim(indicator(number), Form(fields.items()), stored or Evidence())
    return claim, [each.field for each in flaws]


def test_what_the_form_gives_is_what_the_registry_takes() -> None:
    claim, flaws = read("33", basis="a", value="1.350", links="https://contoh.go.id/a\n\nhttps://contoh.go.id/b")

    assert flaws == []
    kept = Claim.model_validate(claim)
    assert (kept.basis, kept.value, len(kept.links), kept.level) == ("a", Decimal(1350), 2, None)


def test_an_unchanged_form_changes_nothing() -> None:
    stored = Evidence(value=Decimal("20.5"), unit="%", basis="c", number="12/2026", links=("https://contoh.go.id/a",))
    form = form_of(claim_of(stored))

    claim, flaws = read_claim(indicator("33"), Form((name, each) for name in form for each in form[name]), stored)

    assert (claim, flaws) == (claim_of(stored), [])


def test_what_cannot_be_read_is_told_and_the_rest_is_kept() -> None:
    claim, flaws = read("33", basis="z", value="banyak", subject="Daftar penerima")

    assert flaws == ["value", "basis"]
    assert claim["subject"] == "Daftar penerima"
    assert read("16", level="7")[1] == ["level"]
    assert read("16", links="\n".join(f"https://contoh.go.id/{n}" for n in range(11)))[1] == ["links"]


def test_nothing_entered_is_an_empty_claim() -> None:
    assert is_empty(read("16", level="0")[0])
    assert not is_empty(read("16", level="1")[0])
    assert not is_empty(read("17", value="0")[0])


def test_every_indicator_has_three_texts_or_bases_with_three() -> None:
    for each in CATALOGUE.indicators:
        assert each.texts("digital") is not None or all(len(basis.levels) == 3 for basis in (each.bases or {}).values())
        assert each.most == each.weight * 3
    assert CATALOGUE.after("35") is None
    assert CATALOGUE.after("16") is indicator("17")
