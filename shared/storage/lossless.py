"""Tells whether the JSON text that pydantic writes for a model keeps every value that the model can hold. Pure."""

from __future__ import annotations

from typing import Any

from shared.contracts.contract import json_number


def keeps_every_value(schema: Any) -> bool:  # noqa: ANN401 - a core schema, or any part of one
    """False for a core schema with a number that may be infinite or not a number, which the text would have as null,
    or with a value of any type. An `Exact` is finite, and so is what it is written as."""
    if isinstance(schema, list | tuple):
        return all(map(keeps_every_value, schema))
    if not isinstance(schema, dict):
        return True
    kind = schema.get("type")
    if kind == "any" or (kind in ("float", "decimal") and schema.get("allow_inf_nan", kind == "float")):
        return False
    parts = [part for name, part in schema.items() if name != "serialization" or not _of_exact(part)]
    return all(map(keeps_every_value, parts))


def _of_exact(serialization: Any) -> bool:  # noqa: ANN401 - a part of a core schema
    return isinstance(serialization, dict) and serialization.get("function") is json_number
