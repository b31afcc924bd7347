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
        "windows": _windows(root / CATALOGUES),
    }
    return json.dumps(form, indent=1) + "\n"


def _windows(folder: Path) -> dict[str, dict[str, str]]:
    """The age windows of the national rounds, by year: of the newest catalogue of each year that has one, and of the
    years without a catalogue."""
    by_year: dict[str, Any] = {}
    if (constants := folder / "constants.yaml").exists():
        years = yaml.safe_load(constants.read_text(encoding="utf-8"))["years"]
        by_year.update({str(year): each for year, each in years.items()})
    for file in sorted(folder.glob("[0-9]*.yaml"), key=lambda each: tuple(map(int, each.stem.split(".")))):
        catalogue = yaml.safe_load(file.read_text(encoding="utf-8"))
        if "constants" in catalogue:
            by_year[str(catalogue["year"])] = catalogue["constants"]
    windows = {year: each["window"] for year, each in sorted(by_year.items()) if "window" in each}
    return {year: {edge: str(days[edge]) for edge in ("from", "to")} for year, days in windows.items()}
