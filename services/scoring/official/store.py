"""Stored official results and awards."""

from __future__ import annotations

from services.scoring.kinds import AWARD, OFFICIAL
from services.scoring.official.award import Award
from services.scoring.official.results import OfficialResults
from shared.ports.store import Store
from shared.storage.repository import Repository


def official_results(store: Store) -> Repository[OfficialResults]:
    """Id: `<region>/<year>`."""
    return Repository(store, OFFICIAL, OfficialResults, "Belum ada hasil resmi.")


def awards(store: Store) -> Repository[Award]:
    """Id: opaque."""
    return Repository(store, AWARD, Award, "Penghargaan ini tidak ada.")


def results_id(region: str, year: int) -> str:
    """The id of a round's results."""
    return f"{region}/{year}"
