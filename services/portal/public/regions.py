"""The regions of this installation, for choosing one and for their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.portal.model.model import Model
from services.portal.model.views.region import RegionView


@dataclass(frozen=True)
class Regions:
    """All regions, by name."""

    all: tuple[RegionView, ...]

    @property
    def only(self) -> RegionView | None:
        """The region of an installation that has one; it is then not asked for."""
        return self.all[0] if len(self.all) == 1 else None

    @property
    def names(self) -> Mapping[str, str]:
        """Code → name."""
        return {each.code: each.name for each in self.all}

    @property
    def options(self) -> list[tuple[str, str]]:
        """Code and name, for a choice in a form."""
        return [(each.code, each.name) for each in self.all]

    def name(self, code: str) -> str:
        """A region's name; its code while it is not known."""
        return self.names.get(code, code)

    def find(self, code: str | None) -> RegionView | None:
        """A region by its code."""
        return next((each for each in self.all if each.code == code), None)


def regions_by_name(found: Sequence[RegionView]) -> Regions:
    """In the order of their names."""
    return Regions(tuple(sorted(found, key=lambda each: each.name)))


async def known_regions(model: Model) -> Regions:
    """The regions that the read model has. Raises StoreAway."""
    return regions_by_name(await model.regions())
