"""For any route of the route tables, the request by which an account would reach for another region's things."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from shared.web.app import mount_of
from shared.web.guard import MUTATING, GuardedRoute
from tests.support.apart.populated import YEAR, Populated
from tests.support.paths import ROOT
from tests.support.small_files import PDF_FILE

OF_COLLECTION = {
    "ideas": "idea",
    "rescores": "rescore",
    "competitions": "competition",
    "endpoints": "endpoint",
    "imports": "import",
    "awards": "award",
    "reminders": "reminder",
    "accounts": "account",
    "invitations": "invitation",
}
"""The first segment of a path with `{id}` → the name under which a populated region has such a thing."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_ABSENT = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Ask:
    """A request. content: of the body; files: uploaded instead."""

    method: str
    path: str
    query: dict[str, str]
    content: bytes = b""
    media_type: str = ""

    @property
    def options(self) -> dict[str, Any]:
        """For httpx2: without the token."""
        headers = {"If-Match": '"1"', "Idempotency-Key": _ABSENT} if self.method in MUTATING else {}
        if self.media_type == "multipart/form-data":
            file = {"file": ("surat.pdf", PDF_FILE, "application/pdf")}
            return {"params": self.query, "headers": headers, "files": file}
        if self.media_type:
            headers["Content-Type"] = self.media_type
        return {"params": self.query, "headers": headers, "content": self.content}


def asks(service: str, route: GuardedRoute, method: str, path_of: Populated, body_of: Populated) -> Iterator[Ask]:
    """Requests with the ids of one region in the path, and of one in query and body: as the document of the API shows
    them, without filters and with all that name a region, an agency, an innovation or a year."""
    operation = _document(service)["paths"][route.path][method.lower()]
    path = mount_of(service) + re.sub(r"\{(\w+)\}", lambda match: _value(match[1], route.path, path_of), route.path)
    needed = _needed(operation, _document(service))
    known = {"region": body_of.regency.code, "agency": body_of.agency, "innovation": body_of.innovation}
    known |= {"year": str(YEAR)}
    filters = {name: value for name, value in known.items() if name in route.query}
    bodies = list(_bodies(operation, service, body_of)) or [(b"", "")]
    for query in [needed, needed | filters] if filters and filters.keys() - needed.keys() else [needed | filters]:
        for content, media_type in bodies:
            yield Ask(method, path, query, content, media_type)


def _value(name: str, path: str, of: Populated) -> str:
    """The value of a path parameter. Raises KeyError for one that is not known here: name it here when a route has a
    new one."""
    first = path.split("/")[1]
    values = {
        "code": of.regency.code,
        "region": of.regency.code,
        "year": str(YEAR),
        "agency": of.agency,
        "innovation": of.innovation,
        "person": of.made["person"],
        "digest": of.digest,
        "row": "16",
        "item": "budget",
        "number": "1",
        "series": str(YEAR),
        "format": "csv" if first == "imports" else "json",
        "name": "2026.1",
        "token": "x",
        "sheet": "agencies",
    }
    if name != "id":
        return values[name]
    if first in {"agencies", "commitments"}:
        return of.agency
    return of.innovation if first == "innovations" else of.made.get(OF_COLLECTION[first], _ABSENT)


@cache
def _document(service: str) -> dict[str, Any]:
    return dict(json.loads((ROOT / f"docs/openapi/{service}.json").read_text()))


def _needed(operation: dict[str, Any], document: dict[str, Any]) -> dict[str, str]:
    """A value for each query parameter that must be there."""
    found = {}
    for each in operation.get("parameters", []):
        if each["in"] == "query" and each.get("required"):
            found[each["name"]] = str(_made_up(each["schema"], document))
    return found


def _bodies(operation: dict[str, Any], service: str, of: Populated) -> Iterator[tuple[bytes, str]]:
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        examples = [each["value"] for each in content.get("examples", {}).values()]
        if "example" in content:
            examples.append(content["example"])
        if media_type == "multipart/form-data":
            examples = [""]
        examples = examples or [_made_up(content["schema"], _document(service))]
        for example in examples:
            text = example if isinstance(example, str) else json.dumps(example)
            text = _UUID.sub(of.agency, text.replace("61.12", of.regency.code))
            yield text.encode(), media_type


def _made_up(schema: dict[str, Any], document: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """A value that the schema's required fields allow, where an operation has no example."""
    if "$ref" in schema:
        return _made_up(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if "anyOf" in schema:
        return _made_up(schema["anyOf"][0], document)
    if given := schema.get("examples") or schema.get("enum"):
        return given[0]
    if schema.get("type") == "object":
        properties = schema.get("properties", {})
        known = {"region": "61.12", "year": YEAR, "agency": _ABSENT}
        names = {*schema.get("required", []), *(properties.keys() & known.keys())}
        return {name: known.get(name) or _made_up(properties[name], document) for name in sorted(names)}
    if schema.get("type") == "array":
        return [_made_up(schema["items"], document)] * max(1, schema.get("minItems", 1))
    simple = {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": False}
    text = "2026-01-02" if schema.get("format") == "date" else "x" * max(1, schema.get("minLength", 1))
    return simple.get(schema.get("type", ""), text)
