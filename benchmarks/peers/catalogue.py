"""The catalogue's arithmetic as far as a naive author would go: level × weight of each row, bands for values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from benchmarks.peers.model import Row

_FILE = Path(__file__).parent.parent.parent / "services" / "scoring" / "catalogues" / "2026.1.yaml"
ROWS: list[dict[str, Any]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["innovation"]


def card(evidence: dict[str, Row]) -> dict[str, Any]:
    """Every row with its level, points and the words of its parameter, and the sum."""
    rows = []
    for row in ROWS:
        level = _level(row, evidence.get(str(row["number"])))
        rows.append(
            {
                "row": str(row["number"]),
                "name": row["name"],
                "level": level,
                "parameter": row["levels"][level - 1] if level else None,
                "points": level * row["weight"],
                "most": 3 * row["weight"],
            }
        )
    return {"rows": rows, "score": sum(each["points"] for each in rows)}


def _level(row: dict[str, Any], given: Row | None) -> int:
    if given is None:
        return 0
    if given.level is not None or given.value is None:
        return given.level or 0
    scale = row.get("scale") or {}
    for band in scale.get("bands", ()):
        if band.get("from", float("-inf")) <= given.value <= band.get("to", float("inf")):
            return int(band["level"])
    return 0
