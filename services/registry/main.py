"""The registry: the book of record of regions, agencies, innovations and evidence. It hears no events; all that it does
is asked for over HTTP, and every change of public state owes one event."""

from __future__ import annotations

from fastapi import APIRouter

from services.registry.agency import Agency
from services.registry.api.agencies import AgenciesRoutes
from services.registry.api.decisions import DecisionsRoutes
from services.registry.api.documents import DocumentsRoutes
from services.registry.api.evidence import EvidenceRoutes
from services.registry.api.innovations import InnovationsRoutes
from services.registry.api.regions import RegionsRoutes
from services.registry.innovation import Innovation
from services.registry.innovation_access import InnovationAccess
from services.registry.kinds import AGENCY, INNOVATION, KINDS, REGION
from services.registry.region import Region
from shared.runtime.service import Resources, Service
from shared.storage.repository import Repository


def compose(world: Resources) -> Service:
    """The service's only composition root."""
    regions = Repository(world.store, REGION, Region, "Daerah ini tidak terdaftar.")
    agencies = Repository(world.store, AGENCY, Agency, "Perangkat daerah ini tidak terdaftar.")
    innovations = Repository(world.store, INNOVATION, Innovation, "Inovasi ini tidak ditemukan.")
    counter = InnovationAccess(regions, agencies, innovations, world.files, world.clock)
    router = APIRouter()
    for desk in (
        RegionsRoutes(regions, world.clock),
        AgenciesRoutes(agencies, regions, world.clock),
        InnovationsRoutes(counter),
        EvidenceRoutes(counter),
        DocumentsRoutes(counter),
        DecisionsRoutes(counter),
    ):
        router.routes.extend(desk.routes().routes)
    return Service(name="registry", kinds=KINDS, router=router)
