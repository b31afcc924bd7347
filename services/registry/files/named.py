"""Which files the registry's documents refer to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from services.registry.kinds import COMMITMENT, IMPORT, INNOVATION

NAMING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        INNOVATION.name: ("evidence", "documents", "handed_in", "continuation", "redactions"),
        COMMITMENT.name: ("file", "redactions"),
        IMPORT.name: ("digest", "plan", "redactions"),
    }
)
"""The kinds whose documents refer to files, and the fields that say so."""


def files_named(kind: str, state: Mapping[str, Any]) -> Collection[str]:
    """The digests that a document refers to, of its state or of these fields of it, without those whose bytes were
    redacted."""
    return set(_named(kind, state)) - redacted_in(state)


def redacted_in(state: Mapping[str, Any]) -> set[str]:
    """The digests of the files whose bytes were redacted."""
    return {each["digest"] for each in state.get("redactions") or ()}


def _named(kind: str, state: Mapping[str, Any]) -> Iterator[str]:
    if kind == INNOVATION.name:
        yield from _of_innovation(state)
    elif kind == COMMITMENT.name:
        yield from (file["digest"] for file in (state.get("file"),) if file)
    elif kind == IMPORT.name:
        yield from filter(None, (state["digest"], state.get("plan")))


def _of_innovation(state: Mapping[str, Any]) -> Iterator[str]:
    """Of its rows, of its documents, of the rows that were last submitted, and of the answers to follow-ups."""
    submitted = (state.get("handed_in") or {}).get("evidence") or {}
    for evidence in (*(state.get("evidence") or {}).values(), *submitted.values()):
        yield from (file["digest"] for file in evidence.get("files", ()))
    yield from (file["digest"] for file in (state.get("documents") or {}).values())
    continuation = state.get("continuation") or {}
    for answer in (continuation.get("question") or {}, *continuation.get("follow_ups", ())):
        yield from (file["digest"] for file in answer.get("files", ()))
