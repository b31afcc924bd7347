"""What a search in a document gives."""

from __future__ import annotations

from dataclasses import dataclass

from services.registry.evidence.precheck.text import Quote


@dataclass(frozen=True)
class Found:
    """What was found. here: the place where the wanted was found, None: nowhere; own: whether it stands where a letter
    states it of itself; instead: what the letter states of itself, if that is something else."""

    here: Quote | None = None
    own: bool = False
    instead: Quote | None = None
