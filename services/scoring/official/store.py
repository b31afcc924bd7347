"""Stored official results, awards, and imports of awards."""

from __future__ import annotations

from services.scoring.kinds import AWARD, AWARD_IMPORT, OFFICIAL
from services.scoring.official.award import Award
from services.scoring.official.award_import import AwardImport
from services.scoring.official.results import OfficialResults
from shared.ports.store import Store
from shared.storage.repository import Repository


def official_results(store: Store) -> Repository[OfficialResults]:
    """Id: `<region>/<year>`."""
    return Repository(store, OFFICIAL, OfficialResults, "Belum ada hasil resmi.")


def awards(store: Store) -> Repository[Award]:
    """Id: opaque."""
    return Repository(store, AWARD, Award, "Penghargaan ini tidak ada.")


def award_imports(store: Store) -> Repository[AwardImport]:
    """Id: made from the account and its idempotency key."""
    return Repository(store, AWARD_IMPORT, AwardImport, "Impor ini tidak ada.")


def results_id(region: str, year: int) -> str:
    """The id of a round's results."""
    return f"{region}/{year}"
