"""Competitions as data: the four that the regions are known for, from their files, and what terms may not say."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
import yaml

from services.scoring.ranking.competition import CompetitionOutcome, awarded, outcome
from services.scoring.ranking.entry import Measure
from services.scoring.ranking.terms import Marks, Terms
from shared.contracts.vocabulary import AgencyKind, Form
from tests.support.paths import ROOT
from tests.support.ranking_entries import entry

EXAMPLES = ROOT / "examples"
WIB = "Asia/Pontianak"
PERANGKAT_DAERAH = ("dinas", "badan", "sekretariat", "inspektorat")


def terms_of(region: str) -> Terms:
    return Terms.model_validate(yaml.safe_load((EXAMPLES / region / "competition.yaml").read_text())["terms"])


def cells(found: CompetitionOutcome) -> dict[tuple[str, str], list[str]]:
    return {(cell.group, cell.category): [place.entry.innovation for place in cell.places] for cell in found.cells}


@pytest.mark.parametrize("region", ["kubu-raya", "pontianak", "banjar", "penajam-paser-utara"])
def test_the_example_files_are_sound_and_say_that_they_are_examples(region: str) -> None:
    terms = terms_of(region)

    assert list(terms.flaws()) == []
    assert terms.synthetic


def test_pontianak_has_two_groups_times_three_forms() -> None:
    kinds = (*PERANGKAT_DAERAH, "kecamatan", "bumd", "upt", "puskesmas", "kelurahan")
    forms = [form.value for form in Form]
    entries = [entry(f"{kind}-{form}", agency_kind=kind, form=form) for kind, form in product(kinds, forms)]

    found = outcome(terms_of("pontianak"), entries, WIB)

    assert len(found.cells) == 6
    assert {key: len(ids) for key, ids in cells(found).items()} == {
        **{("kelompok-1", form.replace("_", "-")): 6 for form in forms},
        **{("kelompok-2", form.replace("_", "-")): 3 for form in forms},
    }
    assert (found.total, found.left_out, found.late) == (27, 0, 0)


def test_pontianaks_days_of_entry_are_local_days() -> None:
    # 18 October, 23.59 WIB is 16.59 UTC; one minute later it is the 19th.
    moments = {"early": "2025-09-17T16:59:00Z", "first": "2025-09-17T17:00:00Z", "last": "2025-10-18T16:59:00Z"}
    moments["late"] = "2025-10-18T17:00:00Z"

    found = outcome(terms_of("pontianak"), [entry(id, first_submitted_at=at) for id, at in moments.items()], WIB)

    assert sorted(cells(found)["kelompok-1", "pelayanan-publik"]) == ["first", "last"]
    assert found.late == 2


def test_kubu_raya_awards_ten_and_all_that_share_the_tenth_place() -> None:
    kinds = ["puskesmas", "kecamatan", "dinas", "rsud"]
    entries = [entry(f"i{number:02}", 100 - number, agency_kind=kinds[number % 4]) for number in range(15)]
    entries[10] = entry("i10", 91)  # as many points as the tenth

    found = outcome(terms_of("kubu-raya"), entries, WIB)

    (cell,) = found.cells
    assert [place.rank for place in awarded(terms_of("kubu-raya"), cell)] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]
    assert len(cell.places) == 15


def test_banjars_launch_is_counted_by_kind() -> None:
    published = {"perangkat-daerah": 32, "kecamatan": 4, "puskesmas": 7, "masyarakat": 10}
    entries = [entry(f"pd{number}", agency_kind=PERANGKAT_DAERAH[number % 4]) for number in range(32)]
    entries += [entry(f"kec{number}", agency_kind="kecamatan") for number in range(4)]
    entries += [entry(f"pkm{number}", agency_kind="puskesmas") for number in range(7)]
    entries += [entry(f"mas{number}", agency_kind="dinas", classification="masyarakat") for number in range(10)]

    found = outcome(terms_of("banjar"), entries, "Asia/Makassar")

    assert {count.group: count.total for count in found.counts} == published
    assert found.total == 53
    assert {count.group: count.by_kind for count in found.counts}["masyarakat"] == {"masyarakat": 10}
    assert {count.group: count.by_kind for count in found.counts}["perangkat-daerah"] == dict.fromkeys(
        sorted(PERANGKAT_DAERAH), 8
    )


def test_penajams_competition_is_open_to_schools_villages_districts_and_units_only() -> None:
    at = "2026-03-02T01:00:00Z"
    entries = [entry(kind, agency_kind=kind, year=2026, first_submitted_at=at) for kind in AgencyKind]

    found = outcome(terms_of("penajam-paser-utara"), entries, "Asia/Makassar")

    assert {group: sorted(ids) for (group, _), ids in cells(found).items()} == {
        "sekolah": ["sekolah"],
        "desa-kelurahan": ["desa", "kelurahan"],
        "kecamatan": ["kecamatan"],
        "upt": ["puskesmas", "rsud", "upt"],
    }
    assert found.left_out == len(AgencyKind) - 7


def test_who_fits_no_group_is_left_out_and_counted() -> None:
    strangers = [entry("desa", agency_kind="desa"), entry("unknown", agency_kind=None, agency_name=None)]

    found = outcome(terms_of("pontianak"), [*strangers, entry("dinas")], WIB)

    assert (found.total, found.left_out) == (1, 2)


def test_another_year_and_what_is_not_verified_do_not_compete() -> None:
    others = [entry("old", year=2024), entry("submitted", status="submitted")]

    assert outcome(terms_of("kubu-raya"), others, WIB).total == 0
    assert outcome(terms_of("kubu-raya"), others, WIB, measure=Measure.CLAIMED).total == 1


def test_order_and_repetition_do_not_matter() -> None:
    entries = [
        entry(f"i{number}", number % 3, agency_kind=list(AgencyKind)[number % 12], form=list(Form)[number % 3])
        for number in range(24)
    ]

    assert outcome(terms_of("pontianak"), [*entries[::-1], *entries], WIB) == outcome(
        terms_of("pontianak"), entries, WIB
    )


# --- A jury ---


def with_jury(**changes: Any) -> Terms:  # noqa: ANN401 - any field of the jury
    plain = terms_of("kubu-raya").model_dump(mode="json")
    criteria = [
        {"slug": "kebaruan", "name": "Kebaruan", "weight": 25},
        {"slug": "dampak", "name": "Dampak", "weight": 15},
    ]
    return Terms.model_validate(plain | {"jury": {"maturity_weight": 60, "criteria": criteria} | changes})


def test_a_jurys_weights_make_the_total() -> None:
    marks = [
        Marks(innovation="a", marks={"kebaruan": 80, "dampak": 90}),
        Marks(innovation="b", marks={"kebaruan": 100}),
    ]

    (cell,) = outcome(with_jury(), [entry("a", 100), entry("b", 111), entry("c", 0)], WIB, marks).cells

    # a: 60 × 100/111 + 25 × 0.80 + 15 × 0.90 = 54.054… + 20 + 13.5; b: 60 + 25; c: nothing.
    assert [(place.entry.innovation, place.total) for place in cell.places] == [
        ("a", Decimal("87.55")),
        ("b", Decimal("85.00")),
        ("c", Decimal("0.00")),
    ]
    assert cell.unmarked == 2


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"maturity_weight": 50}, "jury"),
        ({"criteria": [{"slug": "a", "name": "A", "weight": 20}, {"slug": "a", "name": "B", "weight": 20}]},
         "jury.criteria.1.slug"),
    ],
)  # fmt: skip
def test_a_jury_that_does_not_add_up_is_a_flaw(changes: dict[str, Any], place: str) -> None:
    assert place in [found for found, _, _ in with_jury(**changes).flaws()]


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"groups": [{"slug": "a", "name": "A"}, {"slug": "a", "name": "B", "classifications": ["masyarakat"]}]},
         "groups.1.slug"),
        ({"groups": [{"slug": "a", "name": "A", "kinds": ["dinas"]}, {"slug": "b", "name": "B", "kinds": ["dinas"]}]},
         "groups.1.kinds"),
        ({"groups": [{"slug": "a", "name": "A"}, {"slug": "b", "name": "B", "kinds": ["desa"]}]}, "groups.1.kinds"),
        ({"categories": [{"slug": "a", "name": "A", "affairs": ["sihir"]}]}, "categories.0.affairs"),
        ({"entrance": {"first": "2025-10-02", "last": "2025-10-01"}}, "entrance.last"),
        ({"milestones": [{"name": "Final", "first": "2025-10-02", "last": "2025-10-01"}]}, "milestones.0.last"),
    ],
)  # fmt: skip
def test_terms_that_contradict_themselves_are_flaws(changes: dict[str, Any], place: str) -> None:
    terms = Terms.model_validate(terms_of("kubu-raya").model_dump(mode="json") | changes)

    assert [found for found, _, _ in terms.flaws()] == [place]
