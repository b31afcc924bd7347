"""The JSON Schemas of the files of a catalogue folder, for editors.

They describe the fields; conditions between fields (touching bands, control totals) are checked only by `satu catalogue
check`.
"""

from __future__ import annotations

import json
from typing import Any

from services.scoring.catalogue.catalogue import Catalogue
from services.scoring.catalogue.constants_by_year import ConstantsFile
from services.scoring.catalogue.maturity_bands import BandsFile
from services.scoring.catalogue.model import Model

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILES: dict[str, tuple[type[Model], str]] = {
    "catalogue": (Catalogue, "An indicator catalogue: <year>.<revision>.yaml"),
    "constants": (ConstantsFile, "The constants of years without a catalogue: constants.yaml"),
    "maturity-bands": (BandsFile, "Internal words for a maturity: maturity_bands.yaml"),
}


def schemas() -> dict[str, str]:
    """File name → JSON text."""
    return {f"{name}.schema.json": _text(model, title) for name, (model, title) in _FILES.items()}


def _text(model: type[Model], title: str) -> str:
    schema: dict[str, Any] = model.model_json_schema(by_alias=True)
    whole = {"$schema": _DIALECT, **schema, "title": title}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"
