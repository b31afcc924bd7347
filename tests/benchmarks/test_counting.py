"""How statements are counted: by the driver's replies, a bulk as one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from benchmarks.load.job import percentile
from benchmarks.peers.catalogue import card
from benchmarks.peers.model import Row
from benchmarks.system.statements import Counts, written


@pytest.mark.parametrize(
    ("command", "reply", "documents"),
    [
        pytest.param("insert", {"n": 3}, 3, id="inserted"),
        pytest.param("update", {"n": 5, "nModified": 2}, 2, id="only what was changed"),
        pytest.param("update", {"n": 1, "nModified": 0, "upserted": [{"index": 0}]}, 1, id="upserted"),
        pytest.param("delete", {"n": 2}, 2, id="deleted"),
        pytest.param("findAndModify", {"lastErrorObject": {"n": 1}, "value": {}}, 1, id="found and changed"),
        pytest.param("findAndModify", {"lastErrorObject": {"n": 0}, "value": None}, 0, id="not found"),
    ],
)
def test_documents_written_are_read_from_the_reply(command: str, reply: dict[str, Any], documents: int) -> None:
    assert written(command, reply) == documents


def test_counts_travel_through_a_file_and_are_subtracted(tmp_path: Path) -> None:
    before = Counts(Counter({"find entry": 2}), Counter({"entry": 1}))
    Counts(Counter({"find entry": 5, "insert entry": 1}), Counter({"entry": 3, "card": 1})).write(
        tmp_path / "counts.json"
    )

    since = Counts.read(tmp_path / "counts.json").since(before)

    assert since == Counts(Counter({"find entry": 3, "insert entry": 1}), Counter({"entry": 2, "card": 1}))
    assert (since.total, since.written) == (4, 3)


def test_a_percentile_is_the_nearest_rank() -> None:
    values = [float(each) for each in range(1, 101)]

    assert percentile(values, 0.5) == 50.0
    assert percentile(values, 0.99) == 99.0
    assert percentile([7.0], 0.99) == 7.0


def test_the_peers_score_rows_by_level_and_by_band() -> None:
    made = card({"16": Row(level=2), "17": Row(value=31)})

    assert {each["row"]: each["level"] for each in made["rows"] if each["level"]} == {"16": 2, "17": 3}
    assert made["score"] == 2 * 3 + 3 * 2
