"""Asks scoring for catalogues, in nobody's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.portal.figures.catalogue import CatalogueAway, CatalogueReader
from services.portal.owners.answers import OwnerAway, OwnerProblem
from services.portal.owners.client import Owners


def catalogue_reader(owners: Owners) -> CatalogueReader:
    """A reader that asks scoring."""

    async def ask(name: str) -> Mapping[str, Any]:
        try:
            return (await owners.scoring(None).get(f"/catalogues/{name}")).body
        except (OwnerAway, OwnerProblem) as error:
            raise CatalogueAway from error

    return CatalogueReader(ask)
