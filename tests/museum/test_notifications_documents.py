"""Every document that notifications ever stored must be readable for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notifications.kinds import KINDS
from shared.adapters.stored_form import lifted, value_at
from tests.museum.former_documents import COPIES, SAMPLES, documents, kind_of, rewritten

BY_NAME = {kind.name: kind for kind in KINDS}
CARRIED_AT_START = {
    "obligation": {"look", "late", "closes"},
    "contact": {"role", "closed"},
    "message": {"taken_at", "due_since", "what_1", "what_2", "through"},
}
"""Indexed fields that a later release has added: stored at start, before anything queries them."""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_former_document_loads_and_is_stored_in_the_present_form(sample: Path) -> None:
    kind = BY_NAME[kind_of(sample)]
    for stored in documents(sample):
        state = lifted(kind, stored["_id"], stored["schema"], stored["state"])

        after = rewritten(kind.name, state)
        if kind.name in COPIES:  # lifted by the contract whenever it is read
            assert rewritten(kind.name, after) == after
            assert {name: after[name] for name in state if name != COPIES[kind.name].value} == {
                name: value for name, value in state.items() if name != COPIES[kind.name].value
            }
        else:
            assert after == state


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_an_indexed_field_keeps_its_stored_form(sample: Path) -> None:
    kind = BY_NAME[kind_of(sample)]
    for stored in documents(sample):
        after = rewritten(kind.name, lifted(kind, stored["_id"], stored["schema"], stored["state"]))
        for path in {path for index in kind.indexes for path in index.fields} - CARRIED_AT_START.get(kind.name, set()):
            before = value_at(stored["state"], path)

            assert (type(value_at(after, path)), value_at(after, path)) == (type(before), before)
