"""Generates the registry's evidence form from scoring's catalogue: two services, one source of rows and limits.

Both files are read as data: no service is imported. See docs/adr/0013.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

FORM_FILE = Path("services/registry/evidence/form.json")
CATALOGUES = Path("services/scoring/catalogues")


def evidence_form(root: Path) -> str:
    """The form's JSON, from the catalogue that the present form names. Sizes are in MB by file kind."""
    name = json.loads((root / FORM_FILE).read_text(encoding="utf-8"))["catalogue"]
    catalogue = yaml.safe_load((root / CATALOGUES / f"{name}.yaml").read_text(encoding="utf-8"))
    sizes: dict[str, int] = catalogue["uploads"]["evidence"]
    indicators: list[dict[str, Any]] = catalogue["innovation"]
    form = {
        "catalogue": name,
        "rows": {str(each["number"]): {kind: sizes[kind] for kind in each["kinds"]} for each in indicators},
        "bases": sorted({letter for each in indicators for letter in each.get("bases", {})}),
        "profile": catalogue["uploads"]["profile"],
        "mandatory": {str(each["number"]): each["name"] for each in indicators if each.get("mandatory")},
    }
    return json.dumps(form, indent=1) + "\n"
