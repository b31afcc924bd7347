"""The forms of a region's rules of continuation: what they read, and two who edit."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.portal.answered.rules import Rules
from services.portal.continuation import lines
from services.portal.curator.work.continuation.rules import terms
from services.portal.curator.work.continuation.rules.routes import HOME, RulesPages
from services.portal.curator.work.desk import Desk
from services.portal.model.model import Model
from services.portal.owners.answers import Answer, OwnerProblem
from services.portal.owners.client import OwnerClient, Owners
from services.portal.pages.forms import Errors, Form
from services.registry.continuation.rules import ContinuationRules, RulesTerms
from services.registry.continuation.views import RulesAnswer
from shared.auth.policy import Role
from tests.support.portal.asked import asking
from tests.support.portal.typed import Typist
from tests.unit.portal.curator.work.region import RegionModel, StandingClock

GENERAL = {"every_months": "6", "answer_within_days": "30", "ideas_per_day": "50"}
LABINOV = f"{HOME}/jalur/labinov"
_TYPED = re.compile(r'name="(stages\.\d\.(?:slug|name|patience_days))"[^>]*value="([^"]*)"')


class Registry:
    """The rules of one region with their version, as the registry keeps them."""

    def __init__(self) -> None:
        self.rules, self.sequence = ContinuationRules(), 0
        self.refusal: OwnerProblem | None = None

    def set(self, **changes: Any) -> None:  # noqa: ANN401 - of any rule
        """Somebody else changes them."""
        self.rules = ContinuationRules(**{**self.rules.model_dump(), **changes})
        self.sequence += 1

    async def get(self, _path: str) -> Answer:
        body = RulesAnswer.of(self.rules, self.sequence).model_dump(mode="json")
        return Answer(200, body, {"etag": f'"{self.sequence}"'})

    async def put(self, _path: str, body: dict[str, Any], *, version: str) -> Answer:
        if self.refusal:
            raise self.refusal
        if version != f'"{self.sequence}"':
            raise OwnerProblem(412, {"type": "/problems/stale", "detail": "basi"})
        self.set(**RulesTerms.model_validate(body).model_dump())
        return Answer(200)


@asynccontextmanager
async def curator(registry: Registry) -> AsyncIterator[Typist]:
    class _Owners:
        def registry(self, _session: object) -> OwnerClient:
            return cast("OwnerClient", registry)

        def scoring(self, _session: object) -> None:
            """Is not asked."""

    model, owners = cast("Model", RegionModel()), cast("Owners", _Owners())
    async with asking(lambda pages: RulesPages(Desk(pages, model, owners, StandingClock())), role=Role.CURATOR) as http:
        yield Typist(http, Role.CURATOR)


def fields_of(registry: Registry, slug: str) -> dict[str, str]:
    line = next(each for each in known(registry).pipelines if each.slug == slug)
    return terms.pipeline_typed(terms.pipeline_of(line))


def known(registry: Registry) -> Rules:
    return Rules.model_validate(RulesAnswer.of(registry.rules, registry.sequence).model_dump(mode="json"))


async def test_the_rules_are_shown_and_changed_without_touching_the_pipelines() -> None:
    registry = Registry()
    async with curator(registry) as client:
        page = await client.open(HOME)
        wrong = await client.send(HOME, **{**GENERAL, "every_months": "0", "ideas_per_day": "sepuluh"})
        kept = await client.send(HOME, **{**GENERAL, "every_months": "12", "sustainability_required": "ya"})

    assert ("aturan bawaan sistem" in page, 'value="30"' in page, "Laboratorium Inovasi" in page) == (True, True, True)
    assert (wrong.status_code, wrong.text.count("Tulis angka dari 1 sampai 60.")) == (422, 2)
    assert (kept.status_code, registry.rules.follow_up.every_months) == (303, 12)
    assert registry.rules.sustainability_required
    assert registry.rules.pipelines == ContinuationRules().pipelines


async def test_a_pipeline_gets_a_stage_in_its_middle_and_keeps_the_slugs_of_the_others() -> None:
    registry = Registry()
    before = [each.slug for each in registry.rules.pipelines[1].stages]
    fields = fields_of(registry, "labinov")
    async with curator(registry) as client:
        await client.open(LABINOV)
        added = (await client.send(LABINOV, **fields, tambah="ya")).text
        fields |= {"stages.5.slug": "", "stages.5.name": "Uji Coba ke-2"}
        raised = (await client.send(LABINOV, **fields, naik="5")).text
        fields = {"name": "Laboratorium Inovasi", "stages.5.launched": "ya", **dict(_TYPED.findall(raised))}
        stored = await client.send(LABINOV, **fields)

    assert ('name="stages.5.name"' in added, added.count("data-focus") >= 1) == (True, True)
    assert stored.status_code == 303
    stages = registry.rules.pipelines[1].stages
    assert [each.slug for each in stages] == [*before[:4], "uji_coba_ke", before[4]]
    assert [each.launched for each in stages] == [False] * 5 + [True]
    assert stages[0].patience_days == 90


async def test_what_another_curator_changed_in_between_is_shown_and_not_overwritten() -> None:
    registry = Registry()
    async with curator(registry) as client:
        await client.open(HOME)
        registry.set(ideas_per_day=7)
        stale = await client.send(HOME, **GENERAL | {"ideas_per_day": "9"})
        unchanged = registry.rules.ideas_per_day
        again = await client.send(HOME, **GENERAL | {"ideas_per_day": "9"})
        await client.open(LABINOV)
        registry.set(ideas_per_day=8)
        other_part = await client.send(LABINOV, **fields_of(registry, "labinov") | {"name": "Lab"})

    assert (stale.status_code, unchanged, "Isian ini juga diubah orang lain" in stale.text) == (412, 7, True)
    assert 'value="9"' in stale.text
    assert (again.status_code, other_part.status_code) == (303, 303)
    assert (registry.rules.ideas_per_day, registry.rules.pipelines[1].name) == (8, "Lab")


async def test_a_new_pipeline_is_added_and_removed_again_and_the_last_stage_is_needed() -> None:
    registry, new = Registry(), f"{HOME}/jalur-baru"
    async with curator(registry) as client:
        await client.open(new)
        empty = await client.send(new, name="Kampung Inovasi")
        added = await client.send(
            new, name="Kampung Inovasi", **{"stages.0.name": "Gagas", "stages.0.patience_days": ""}
        )
        slug = registry.rules.pipelines[-1].slug
        await client.open(f"{HOME}/jalur/{slug}")
        registry.refusal = OwnerProblem(409, {"type": "/problems/conflict", "detail": "Tahapan ini masih dipakai."})
        refused = await client.send(f"{HOME}/jalur/{slug}/hapus")
        registry.refusal = None
        await client.send(f"{HOME}/jalur/{slug}/hapus")
        gone = await client.http.get(f"{HOME}/jalur/{slug}")

    assert (empty.status_code, "Sebutkan paling sedikit satu tahapan." in empty.text) == (422, True)
    assert (added.status_code, slug) == (303, "kampung_inovasi")
    assert (refused.status_code, "Tahapan ini masih dipakai." in refused.text) == (409, True)
    assert (gone.status_code, len(registry.rules.pipelines)) == (404, 2)


async def test_a_flaw_of_the_registry_is_said_at_the_field_of_its_stage() -> None:
    registry = Registry()
    flaw = {"field": "pipelines.1.stages.2.name", "message": "memuat tanda yang tidak tampak"}
    registry.refusal = OwnerProblem(422, {"type": "/problems/invalid", "flaws": [flaw]})
    async with curator(registry) as client:
        await client.open(LABINOV)
        answer = await client.send(LABINOV, **fields_of(registry, "labinov") | {"name": "Lab"})

    assert 'id="stages.2.name-error"' in answer.text


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Uji Coba!", "uji_coba_2"), ("2026", "tahapan"), ("Éclat", "eclat"), ("x" * 200, "x" * 36), ("1 a", "a")],
)
def test_a_slug_follows_from_the_name_and_is_new(name: str, slug: str) -> None:
    assert terms.slug_of(name, {"uji_coba"}, "tahapan") == slug


_NAMES = [*GENERAL, "name", "sustainability_required", "tambah", "hapus", "naik"] + [
    f"stages.{number}.{field}" for number in ("0", "1", "99", "²") for field in terms.STAGES.fields
]
_TEXTS = st.one_of(st.text(max_size=20), st.sampled_from(["1", "0", "²", "9999", "drum_up", "ya", "1.5"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_NAMES), _TEXTS), max_size=20).map(Form))
def test_any_form_is_read_and_what_is_not_wrong_is_what_the_registry_takes(form: Form) -> None:
    rules = known(Registry())
    errors = Errors()
    compact = lines.compact(lines.edited(form, terms.STAGES)[0], terms.STAGES)
    body = terms.with_pipeline(rules, terms.read_pipeline(compact, errors, rules.pipelines[1], ["labinov"]))
    whole = {**body, **terms.read_general(form, errors)}
    json.dumps(whole, allow_nan=False)
    if not errors:
        RulesTerms.model_validate(whole)
