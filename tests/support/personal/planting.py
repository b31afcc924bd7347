"""Puts a text about a person into every free text of a request, as the documents of the APIs describe them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.support.paths import ROOT

SECRET = "rahasia"
"""Is in every planted text, folded."""

_CODES = re.compile(r"\^\[(?!\^)|\^\(")
"""The patterns of codes, ids, slugs, digests and times begin so; those of lines and prose say what must not be in."""
_CHOSEN = {"subjects", "affairs", "innovation", "affair", "notice", "consent_whatsapp"}
"""Texts of a list that is checked against what there is."""
_PHONES = {"phone", "landline", "telephone"}


@dataclass
class Planter:
    """public: fields, `<service> <schema>.<field>`, that keep what the request says; planted: field → what was put in
    there, a text or the digits of a telephone number."""

    public: frozenset[str]
    planted: dict[str, set[str]] = field(default_factory=dict)
    _count: int = 0

    def filled(self, service: str, method: str, path: str, body: Any) -> Any:  # noqa: ANN401 - any JSON
        """The body with a text about a person in every free text that it has. path: of the route, as its document has
        it."""
        document = documented(service)
        content = document["paths"][path][method.lower()]["requestBody"]["content"]
        return self._value(service, content["application/json"]["schema"], "", body)

    def fields_in(self, text: str) -> list[str]:
        """The fields of which a planted text is in a folded text, in order."""
        return sorted(field for field, words in self.planted.items() if any(word in text for word in words))

    def word(self, field: str) -> str:
        """Another text about a person for this field."""
        self._count += 1
        word = f"Rahasia{self._count:04}"
        self.planted.setdefault(field, set()).add(word.casefold())
        return word

    def _value(self, service: str, schema: dict[str, Any], place: str, value: Any) -> Any:  # noqa: ANN401 - as above
        place, schema = resolved(service, schema, place, value)
        if isinstance(value, dict):
            known, other = schema.get("properties", {}), _others(schema)
            return {
                name: self._value(service, known.get(name, other), f"{place}.{name}" if name in known else place, each)
                for name, each in value.items()
            }
        if isinstance(value, list):
            return [self._value(service, schema.get("items", {}), place, each) for each in value]
        if not isinstance(value, str) or not is_free(place, schema) or f"{service} {place}" in self.public:
            return value
        return self._text(f"{service} {place}", schema, value)

    def _text(self, where: str, schema: dict[str, Any], value: str) -> str:
        word = self.word(where)
        if where.rpartition(".")[2] in _PHONES:
            number = f"81290{self._count:05}"
            self.planted[where] = {number}
            return f"0{number}"
        if schema.get("format") == "email":
            return f"{word.casefold()}@orang.example"
        if value.startswith("http"):
            return f"{value}/{word.casefold()}"
        most = schema.get("maxLength", 200)
        return f"{value[: most - 20]} Ibu {word}"


def is_free(place: str, schema: dict[str, Any]) -> bool:
    """Whether people write what they like there."""
    if schema.get("type") != "string" or "enum" in schema or "const" in schema:
        return False
    if schema.get("format") in ("date", "date-time", "binary") or place.rpartition(".")[2] in _CHOSEN:
        return False
    return "pattern" not in schema or _CODES.match(schema["pattern"]) is None or place.endswith("telephone")


def free_fields(service: str) -> set[str]:
    """`<service> <schema>.<field>`, of every free text in the bodies of a service's requests."""
    found: set[str] = set()
    for operations in documented(service)["paths"].values():
        for operation in operations.values():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" in content:
                found |= set(_free(service, content["application/json"]["schema"], "", frozenset()))
    return {f"{service} {place}" for place in found}


def _free(service: str, schema: dict[str, Any], place: str, seen: frozenset[str]) -> Iterator[str]:
    if "$ref" in schema:
        place = schema["$ref"].rpartition("/")[2]
        if place not in seen:
            yield from _free(service, documented(service)["components"]["schemas"][place], place, seen | {place})
        return
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _free(service, each, place, seen)
    if is_free(place, schema):
        yield place
    for name, each in schema.get("properties", {}).items():
        yield from _free(service, each, f"{place}.{name}", seen)
    for each in filter(None, (schema.get("items"), _others(schema))):
        yield from _free(service, each, place, seen)


def _others(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of the values under any key."""
    patterns = list(schema.get("patternProperties", {}).values())
    other = schema.get("additionalProperties")
    return patterns[0] if patterns else other if isinstance(other, dict) else {}


def resolved(service: str, schema: dict[str, Any], place: str, value: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401 - as above
    """The schema itself that a value has, with its name."""
    while True:
        if "$ref" in schema:
            place = schema["$ref"].rpartition("/")[2]
            schema = documented(service)["components"]["schemas"][place]
        elif "anyOf" in schema or "oneOf" in schema:
            choices = schema.get("anyOf") or schema["oneOf"]
            schema = next((each for each in choices if _fits(service, each, value)), {})
        else:
            return place, schema


def _fits(service: str, schema: dict[str, Any], value: Any) -> bool:  # noqa: ANN401 - as above
    if "$ref" in schema:
        schema = documented(service)["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kinds = {dict: "object", list: "array", str: "string", type(None): "null", bool: "boolean"}
    return schema.get("type") == kinds.get(type(value), "number")


@cache
def documented(service: str) -> dict[str, Any]:
    """The OpenAPI document of a service."""
    return dict(json.loads((ROOT / f"docs/openapi/{service}.json").read_text()))
