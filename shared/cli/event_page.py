"""The events as a page for readers: of each subject what is published about it, its fields, and a sample.

Source: the contracts, from which the AsyncAPI document is made as well, and the samples in `tests/museum`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.contracts.asyncapi import payload_schema, schema_name
from shared.contracts.contract import AnyContract
from shared.contracts.event_types import CONTRACTS

PAGE = "README.md"
_SAMPLES = Path("tests/museum")


def event_page(root: Path) -> str:
    """`docs/events/README.md`. root: of the repository, whose samples are shown. Raises OSError for an event without a
    sample of its present version."""
    by_subject: dict[str, list[AnyContract]] = {}
    for contract in CONTRACTS.values():
        by_subject.setdefault(contract.subject, []).append(contract)
    parts = [_about(subject, contracts, root) for subject, contracts in by_subject.items()]
    return _HEAD + "\n".join(parts)


_HEAD = """# The events, subject by subject

How to subscribe, and what you can rely on: [events.md](../events.md). For programs: [asyncapi.yaml](asyncapi.yaml), the
[envelope](envelope.json), and a JSON Schema for each event below.

"""


def _about(subject: str, contracts: list[AnyContract], root: Path) -> str:
    own = "" if subject != "message" else " Only operators see it: it is not in the feed, and no subscriber gets it."
    lines = [f"## `{subject}/…`\n", f"Published by {contracts[0].source}.{own}\n"]
    for contract in contracts:
        lines += [
            f"### `{contract.type}`\n",
            f"{contract.means} Version {contract.version}: [schema]({schema_name(contract)}).\n",
            "\n".join(_fields(payload_schema(contract))) + "\n",
            "<details><summary>A sample</summary>\n",
            f"```json\n{_sample(contract, root)}\n```\n",
            "</details>\n",
        ]
    return "\n".join(lines)


def _fields(schema: dict[str, Any]) -> Iterator[str]:
    needed = set(schema.get("required", ()))
    yield "| field of `data` | | |"
    yield "|---|---|---|"
    for name, field in schema["properties"].items():
        yield f"| `{name}` | {_type(field)} | {'' if name in needed else 'may be absent'} |"


def _type(field: dict[str, Any]) -> str:
    if "anyOf" in field:
        return " or ".join(_type(each) for each in field["anyOf"])
    if "$ref" in field:
        return f"{field['$ref'].rsplit('/', 1)[-1]}"
    if field.get("type") == "array":
        return f"list of {_type(field['items'])}" if isinstance(field.get("items"), dict) else "list"
    return str(field.get("format") or field.get("type", "any"))


def _sample(contract: AnyContract, root: Path) -> str:
    stored = json.loads((root / _SAMPLES / schema_name(contract)).read_text(encoding="utf-8"))
    return json.dumps(stored, indent=1, ensure_ascii=False)
