"""Writes the contracts' documents: ``python -m shared.documents docs/events``; `contracts/documents.py` says them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import yaml

from shared.contracts.asyncapi import Document, documents


class _Plain(yaml.SafeDumper):
    """YAML without anchors: a reader should not have to look elsewhere."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def render(name: str, document: Document) -> str:
    """The text of the file of that name, by its ending."""
    if name.endswith(".yaml"):
        return yaml.dump(document, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Put every document into `folder` and take away what is no longer one."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {name: render(name, document) for name, document in documents().items()}
    for stale in {each.name for each in folder.iterdir() if each.suffix in {".json", ".yaml"}} - texts.keys():
        (folder / stale).unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
