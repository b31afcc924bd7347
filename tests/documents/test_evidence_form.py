"""The registry's evidence form is generated from scoring's catalogue and agrees with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.registry.evidence.form import FORM, MB, MEDIA_TYPES
from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.files import SHIPPED, read_catalogue
from shared.cli import evidence_form
from tests.support.paths import ROOT

CATALOGUE: Catalogue = read_catalogue(SHIPPED / f"{FORM.catalogue}.yaml")


def test_the_committed_form_is_what_the_catalogue_generates() -> None:
    committed = (ROOT / evidence_form.FORM_FILE).read_text(encoding="utf-8")

    assert committed == evidence_form.evidence_form(ROOT), "run `make docs` and commit it"


def test_the_registry_has_the_rows_that_scoring_judges_in_the_same_order() -> None:
    assert list(FORM.rows) == [row.number for row in CATALOGUE.innovation]
    assert set(FORM.bases) == {letter for row in CATALOGUE.innovation for letter in row.bases or {}}


@pytest.mark.parametrize("number", FORM.rows)
def test_a_row_accepts_the_kinds_and_sizes_of_the_catalogue(number: str) -> None:
    assert CATALOGUE.uploads is not None
    kinds = CATALOGUE.by_number[number].kinds

    assert FORM.rows[number].sizes == {MEDIA_TYPES[kind]: CATALOGUE.uploads.evidence[kind] * MB for kind in kinds}


def test_the_profile_s_documents_have_the_sizes_of_the_catalogue() -> None:
    assert CATALOGUE.uploads is not None
    assert FORM.profile.sizes == {MEDIA_TYPES[kind]: size * MB for kind, size in CATALOGUE.uploads.profile.items()}


def test_another_catalogue_gives_another_form(tmp_path: Path) -> None:
    (tmp_path / evidence_form.FORM_FILE).parent.mkdir(parents=True)
    (tmp_path / evidence_form.CATALOGUES).mkdir(parents=True)
    (tmp_path / evidence_form.FORM_FILE).write_text('{"catalogue": "2030.1"}')
    (tmp_path / evidence_form.CATALOGUES / "2030.1.yaml").write_text(
        "uploads: {evidence: {pdf: 4}, profile: {pdf: 1}}\ninnovation: [{number: 1, kinds: [pdf]}]\n"
    )

    assert '"rows": {\n  "1": {\n   "pdf": 4' in evidence_form.evidence_form(tmp_path)
