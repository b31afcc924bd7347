"""Every catalogue that comes with the system, whatever its year."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.files import SHIPPED, catalogue_files, read_catalogue
from services.scoring.catalogue.scales import Scale, read
from services.scoring.scorecard.scorecard import score
from shared.contracts.innovation import RowEvidence
from shared.contracts.vocabulary import Nature, Stage

FILES = list(catalogue_files((SHIPPED,)))
CATALOGUES = [read_catalogue(file) for file in FILES]


def scales(catalogue: Catalogue) -> list[tuple[str, Scale]]:
    found = []
    for row in (*catalogue.innovation, *catalogue.region):
        for basis in row.bases or {None: None}:
            scale = row.scale_for(basis)
            if scale is not None:
                found.append((f"{row.number}{basis or ''}", scale))
    return found


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_holds_and_names_its_sources(file: Path) -> None:
    catalogue = read_catalogue(file)

    assert list(catalogue.flaws()) == []
    assert catalogue.sources


@pytest.mark.parametrize(
    ("name", "scale"), [(f"{each.name} {name}", scale) for each in CATALOGUES for name, scale in scales(each)]
)
def test_each_end_of_a_band_reads_as_its_level_or_better_where_edges_are_shared(name: str, scale: Scale) -> None:
    for piece in (*scale.bands, *scale.holes):
        for end in (piece.least, piece.most):
            if end is not None:
                reading = read(scale, end)
                assert reading.level == piece.level or (reading.tied and reading.level > piece.level), name


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda each: each.name)
@pytest.mark.parametrize("nature", list(Nature))
def test_all_rows_at_the_top_give_the_announced_maximum(catalogue: Catalogue, nature: Nature) -> None:
    evidence = [RowEvidence(row=number, level=3, proofs=1, verified_level=3) for number in catalogue.by_number]

    card = score(catalogue, evidence, nature, Stage.PENERAPAN)

    assert card.claimed == card.verified == card.most == catalogue.control.innovation.most
    assert card.missing_mandatory == ()
