"""What the forms of the continuation read: the bodies for the registry, and what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.portal.answered.continuation import Continuation
from services.portal.continuation import lines, words
from services.portal.continuation.group import Group
from services.portal.continuation.groups import GROUPS, recorded
from services.portal.pages.forms import Errors, Form
from services.registry.continuation.actor import ActorKind, ActorList
from services.registry.continuation.origin import InnovationOrigin, Training, TrainingDecision
from services.registry.continuation.rights import RightsList
from services.registry.continuation.sustainability import Sustainability
from shared.contracts.continuation import OriginKind, RightsKind
from tests.unit.portal.continuation.registry import Registry

BODIES: dict[str, Any] = {
    "asal": InnovationOrigin,
    "pelaku": ActorList,
    "keberlanjutan": Sustainability,
    "kekayaan-intelektual": RightsList,
}
"""What the registry takes, by group."""

FULL: dict[str, dict[str, str]] = {
    "asal": {
        "kind": "training",
        "training": "pka",
        "decision": "stop",
        "decided_on": "3-11-2025",
        "reason": "Pelatihannya selesai.",
    },
    "pelaku": {"actors.0.kind": "media", "actors.0.name": " Radio  Contoh ", "actors.0.part": "Publikasi"},
    "keberlanjutan": {
        "team.0.name": "Nama Contoh",
        "team.0.leaves_on": "2027-03-01",
        "decree.number": "188/1 (contoh)",
        "decree.dated": "2026-03-02",
        "financing": "APBD",
        "successor": "Nama Lain",
    },
    "kekayaan-intelektual": {
        "rights.0.kind": "program_komputer",
        "rights.0.number": "EC1 (contoh)",
        "rights.0.dated": "2026-05-04",
        "rights.0.holder": "Pemerintah Kabupaten",
        "rights.0.published_on": "2025-05-05",
    },
}


def known(**stored: Any) -> Continuation:  # noqa: ANN401 - of any group
    return Continuation.model_validate(Registry(**stored).known)


def read(slug: str, fields: dict[str, str], **stored: Any) -> tuple[dict[str, Any], Errors]:  # noqa: ANN401 - as above
    errors = Errors()
    return GROUPS[slug].read(Form(fields.items()), errors, known(**stored)), errors


def test_the_words_are_those_of_the_registrys_lists() -> None:
    assert set(words.ACTORS) == set(ActorKind)
    assert set(words.TRAININGS) == set(Training)
    assert set(words.DECISIONS) == set(TrainingDecision)
    assert (set(words.ORIGINS), set(words.RIGHTS)) == (set(OriginKind), set(RightsKind))


@pytest.mark.parametrize("slug", list(FULL))
def test_a_full_form_makes_what_the_registry_takes_and_is_shown_again_as_it_was_stored(slug: str) -> None:
    group = GROUPS[slug]
    body, errors = read(slug, FULL[slug])
    taken = TypeAdapter(BODIES[slug]).validate_python(body).model_dump(mode="json", exclude_none=True)
    after = known(**{group.path: body if group.path in {"origin", "sustainability"} else body[group.path]})

    assert (errors, taken) == ({}, body)
    assert group.stored(after) == body
    assert group.read(Form(group.typed(body).items()), Errors(), after) == body
    assert group.shown(body)
    assert {each["key"]: each["value"] != "Belum diisi" for each in recorded(after, "/x")}[group.title]


def test_a_stop_needs_its_day_and_its_reason() -> None:
    _body, errors = read("asal", {"kind": "training", "decision": "stop"})

    assert set(errors) == {"training", "decided_on", "reason"}


def test_only_the_chosen_kinds_fields_are_read() -> None:
    body, errors = read("asal", {**FULL["asal"], "kind": "own", "decided_on": "besok"})

    assert (body, errors) == ({"kind": "own"}, {})


def test_the_idea_that_it_came_of_stays_while_its_origin_is_the_community() -> None:
    stored = {"kind": "community", "fostering_agency": "a2", "idea": "g1"}

    assert read("asal", {"kind": "community", "opd": "a2"}, origin=stored)[0] == stored
    assert read("asal", {"kind": "community"})[0] == {"kind": "community", "fostering_agency": "a1"}


@pytest.mark.parametrize(
    ("typed", "innovation"),
    [
        ("https://satu.example/inovasi/0b7c1f9e-3f55/", "0b7c1f9e-3f55"),
        ("0b7c1f9e-3f55", "0b7c1f9e-3f55"),
        ("tidak tahu", None),
    ],
)
def test_the_replicated_innovation_is_named_by_the_address_of_its_page(typed: str, innovation: str | None) -> None:
    named = {"replicated.region_name": "Kabupaten Banjar", "replicated.name": "Loket Keliling"}
    fields = {"kind": "replication", **named, "replicated.region": "63.03", "replicated.innovation": typed}
    body, errors = read("asal", fields)

    assert body["replicated"].get("innovation") == innovation
    assert list(errors) == ([] if innovation else ["replicated.innovation"])


def test_a_paper_is_number_and_date_together() -> None:
    _body, errors = read("keberlanjutan", {"sop.number": "SOP/4"})

    assert list(errors) == ["sop.dated"]


def test_protection_does_not_end_before_the_certificate() -> None:
    fields = {**FULL["kekayaan-intelektual"], "rights.0.expires_on": "2026-05-03"}

    assert list(read("kekayaan-intelektual", fields)[1]) == ["rights.0.expires_on"]


def test_a_long_text_and_a_day_that_cannot_be_are_told_at_their_field() -> None:
    fields = {"team.0.name": "x" * 201, "team.0.leaves_on": "31-2-2026", "financing": "y" * 501}
    _body, errors = read("keberlanjutan", fields)

    assert list(errors) == ["team.0.name", "team.0.leaves_on", "financing"]


def test_a_full_list_takes_no_further_line() -> None:
    of = GROUPS["kekayaan-intelektual"].list_of
    assert of is not None
    form = Form([*((f"rights.{number}.number", "x") for number in range(of.most)), ("tambah", "ya")])

    assert lines.edited(form, of)[1] is None


_NAMES = sorted(
    {name for fields in FULL.values() for name in fields} | {"tambah", "hapus", "team.², name", "rights.-1.kind"}
)
_TEXTS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["training", "community", "replication", "²", "31-12-2026", "9999-99-99", "0"]),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_NAMES), _TEXTS), max_size=20).map(Form))
def test_any_form_is_read_and_what_is_not_wrong_is_json(form: Form) -> None:
    for group in GROUPS.values():
        json.dumps(_any(group, form), allow_nan=False)


def _any(group: Group, form: Form) -> object:
    if group.list_of is not None:
        form = lines.edited(lines.compact(form, group.list_of), group.list_of)[0]
    return group.read(form, Errors(), known())
