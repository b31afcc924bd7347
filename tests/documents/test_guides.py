"""The Markdown files: links lead to files that exist, and commands, metrics and examples in them are real."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from services.feed import main as feed
from services.notifications.main import compose
from services.portal import main as portal
from shared.cli.generate import tree
from shared.observability import metrics
from tests.support.paths import ROOT

IGNORED = {"data", "secrets", "build", "node_modules"}
GUIDES = [
    path
    for path in sorted(ROOT.rglob("*.md"))
    if not any(part in IGNORED or (part.startswith(".") and part != ".github") for part in path.relative_to(ROOT).parts)
]
"""Every Markdown file of the repository, without what tools and runs leave in folders of their own."""

LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
CODE = re.compile(r"`([a-z_.]+/[A-Za-z0-9_./-]+)`")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
FOLDERS = {path.name for path in ROOT.iterdir() if path.is_dir()} - IGNORED - {".venv", ".cache"}
COMMAND = re.compile(r"\bsatu ((?:[a-z]+(?:-[a-z]+)* ?){1,2})")
METRIC = re.compile(r"`(satu_[a-z_]+)`")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_leads_to_a_file_and_a_heading_that_exist(guide: Path) -> None:
    places = [first or second for first, second in LINK.findall(_prose(guide))]
    within = [place for place in places if "://" not in place and not place.startswith(("/", "mailto:"))]

    assert [place for place in within if not _exists(guide, place)] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_of_the_repository_that_is_named_exists(guide: Path) -> None:
    named = [path for path in CODE.findall(_prose(guide)) if path.partition("/")[0] in FOLDERS]

    assert [path for path in named if not list(ROOT.glob(path.rstrip("/")))] == []


def test_every_command_in_the_operators_guide_exists() -> None:
    known = {path.removeprefix("satu ") for path, _ in tree()}
    known |= {each.rpartition(" ")[0] for each in known if each.count(" ") > 1}
    groups = {each.split()[0] for each in known if " " in each}
    quoted = re.findall(r"```.*?```|`[^`\n]+`", (ROOT / "docs/operations.md").read_text(encoding="utf-8"), re.DOTALL)
    named = [found.split() for each in quoted for found in COMMAND.findall(each)]

    assert len(named) > 20
    unknown = [" ".join(words) for words in named if (" ".join(words) if words[0] in groups else words[0]) not in known]
    assert unknown == []


def test_the_operators_guide_lists_every_metric_and_no_other() -> None:
    text = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    registered = {
        f"{family.name}{'_total' if family.type == 'counter' else ''}"
        for family in metrics.REGISTRY.collect()
        if family.name.startswith("satu_")
    }

    assert (compose, feed, portal) != (None, None, None)  # importing a service registers its metrics
    assert set(METRIC.findall(text)) == registered


def test_the_example_files_of_the_guide_are_read_as_it_says() -> None:
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "docs/exports.md").read_text(encoding="utf-8"), re.DOTALL)
    answers = []
    for command, block in zip(("score", "index"), blocks, strict=True):
        run = [sys.executable, "-m", "shared.cli", command, "-", "--json"]
        answers.append(json.loads(subprocess.run(run, input=block, capture_output=True, text=True, check=True).stdout))

    # 16 at 3 × 3, 17 with 12 people at 2 × 2, 33 a with 350 at 2 × 3; 29 is not proved
    assert answers[0]["maturity"] == 9 + 4 + 6
    assert answers[1]["index"] == round((40 + 171 / 12) / 250 * 100, 2)


def _prose(guide: Path) -> str:
    """A file without its code blocks."""
    return FENCED.sub("", guide.read_text(encoding="utf-8"))


def _exists(guide: Path, place: str) -> bool:
    path, _, anchor = place.partition("#")
    target = guide.parent / path if path else guide
    if not target.exists():
        return False
    return not anchor or anchor in {_anchor(each) for each in HEADING.findall(target.read_text(encoding="utf-8"))}


def _anchor(heading: str) -> str:
    """As GitHub makes it: lower case, without punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
