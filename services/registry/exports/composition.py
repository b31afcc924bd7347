"""Puts the parts of `exports` together for commands."""

from __future__ import annotations

from services.registry.agencies.agency import Agency
from services.registry.exports.package.package import Packages
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import AGENCY, INNOVATION, REGION
from services.registry.regions.region import Region
from shared.runtime.service import Resources
from shared.storage.repository import Repository


def packages_of(resources: Resources) -> Packages:
    """The ready packages from these resources."""
    access = InnovationAccess(
        Repository(resources.store, REGION, Region, "Daerah ini tidak terdaftar."),
        Repository(resources.store, AGENCY, Agency, "Perangkat daerah ini tidak terdaftar."),
        Repository(resources.store, INNOVATION, Innovation, "Inovasi ini tidak ditemukan."),
        resources.files,
        resources.clock,
    )
    return Packages(resources.store, access)
