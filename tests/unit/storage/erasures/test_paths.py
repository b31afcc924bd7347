"""Texts are read and replaced at paths through lists and objects."""

from __future__ import annotations

from typing import Any

from shared.storage.erasures.paths import replace_at, texts_at, texts_in


def state() -> dict[str, Any]:
    return {
        "name": "a",
        "team": [{"name": "b"}, {"name": None}, {}],
        "rows": {"16": {"files": [{"name": "c"}]}},
        "n": 1,
    }


def test_a_star_is_each_item_and_each_value() -> None:
    found = [pair for path in ("name", "team.*.name", "rows.*.files.*.name") for pair in texts_at(state(), path)]

    assert found == [("name", "a"), ("team.0.name", "b"), ("rows.16.files.0.name", "c")]


def test_a_path_that_is_not_there_is_empty() -> None:
    assert [*texts_at(state(), "team.name"), *texts_at(state(), "n.name"), *texts_at(None, "name")] == []


def test_only_what_differs_counts_as_replaced() -> None:
    changed = state()

    count = replace_at(changed, ("name", "team.*.name", "nowhere"), lambda text: "x" if text == "b" else text)

    assert count == 1
    assert changed == {**state(), "team": [{"name": "x"}, {"name": None}, {}]}


def test_every_text_is_found() -> None:
    assert dict(texts_in(state())) == {"name": "a", "team.0.name": "b", "rows.16.files.0.name": "c"}
