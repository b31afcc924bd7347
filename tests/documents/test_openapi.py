"""The committed OpenAPI documents: what the code says, and documents by their own rules."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from shared.cli.generate import interfaces
from shared.runtime.installed import installed
from tests.support.paths import ROOT

COMMITTED = ROOT / "docs" / "openapi"
NAMES = sorted(f"{name}.json" for name in installed())


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return interfaces()


def test_every_service_has_one_and_nothing_else_is_there(made: dict[str, str]) -> None:
    assert {each.name for each in COMMITTED.iterdir()} == set(made) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_document_is_what_the_code_says(name: str, made: dict[str, str]) -> None:
    assert (COMMITTED / name).read_text(encoding="utf-8") == made[name], "run `make docs` and commit docs/openapi"


@pytest.mark.parametrize("name", NAMES)
def test_every_reference_leads_somewhere_and_every_schema_is_one(name: str, made: dict[str, str]) -> None:
    document = json.loads(made[name])
    parts = document["components"]["schemas"]
    for reference in references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in place, reference
            place = place[step]
    for schema in parts.values():
        Draft202012Validator.check_schema(schema)


def references(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [each for inner in value.values() for each in references(inner)]
    return [each for inner in value for each in references(inner)] if isinstance(value, list) else []
