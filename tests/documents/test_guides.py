"""The guides that people write: what they point at is there, and what they name exists."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from services.notifications import metrics as of_notifications
from shared.cli.generate import tree
from shared.observability import metrics
from tests.support.paths import ROOT

GUIDES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "adr").glob("*.md")),
]
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"")
COMMAND = re.compile(r"\bsatu ((?:[a-z]+ ?){1,2})")
METRIC = re.compile(r"`(satu_[a-z_]+)`")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_leads_somewhere(guide: Path) -> None:
    places = [first or second for first, second in LINK.findall(guide.read_text(encoding="utf-8"))]
    within = [place for place in places if "://" not in place and not place.startswith("/")]

    assert [place for place in within if not (guide.parent / place).exists()] == []


def test_every_command_in_the_operators_guide_exists() -> None:
    known = {path.removeprefix("satu ") for path, _ in tree()}
    groups = {each.split()[0] for each in known if " " in each}
    quoted = re.findall(r"```.*?```|`[^`\n]+`", (ROOT / "docs/operations.md").read_text(encoding="utf-8"), re.DOTALL)
    named = [found.split() for each in quoted for found in COMMAND.findall(each)]

    assert len(named) > 20
    unknown = [" ".join(words) for words in named if (" ".join(words) if words[0] in groups else words[0]) not in known]
    assert unknown == []


def test_every_metric_that_we_give_is_in_the_operators_guide_and_no_other() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    given = {
        f"{family.name}{'_total' if family.type == 'counter' else ''}"
        for family in metrics.REGISTRY.collect()
        if family.name.startswith("satu_")
    }

    assert of_notifications.HELD is not None  # its room registers what it counts when it is imported
    assert set(METRIC.findall(text)) == given


def test_the_example_files_of_the_guide_are_read_as_it_says() -> None:
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs/exports.md").read_text(encoding="utf-8"), re.DOTALL)
    said = []
    for command, block in zip(("score", "index"), blocks, strict=True):
        run = [sys.executable, "-m", "shared.cli", command, "-", "--json"]
        said.append(json.loads(subprocess.run(run, input=block, capture_output=True, text=True, check=True).stdout))

    # 16 at 3 × 3, 17 with 12 people at 2 × 2, 33 a with 350 at 2 × 3; 29 is not proved
    assert said[0]["maturity"] == 9 + 4 + 6
    assert said[1]["index"] == round((40 + 171 / 12) / 250 * 100, 2)
