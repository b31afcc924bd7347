"""The registry: the book of record of regions, agencies, innovations and evidence. It hears no events; all that it does
is asked for over HTTP, and every change of public state owes one event."""

from __future__ import annotations

from fastapi import APIRouter

from services.registry.agency import Agency
from services.registry.api.agencies import AgenciesDesk
from services.registry.api.decisions import DecisionsDesk
from services.registry.api.documents import DocumentsDesk
from services.registry.api.evidence import EvidenceDesk
from services.registry.api.innovations import InnovationsDesk
from services.registry.api.regions import RegionsDesk
from services.registry.innovation import Innovation
from services.registry.innovation_access import Counter
from services.registry.kinds import AGENCY, INNOVATION, KINDS, REGION
from services.registry.region import Region
from shared.runtime.service import Service, World
from shared.storage.repository import Shelf


def compose(world: World) -> Service:
    """The service's only composition root."""
    regions = Shelf(world.store, REGION, Region, "Daerah ini tidak terdaftar.")
    agencies = Shelf(world.store, AGENCY, Agency, "Perangkat daerah ini tidak terdaftar.")
    innovations = Shelf(world.store, INNOVATION, Innovation, "Inovasi ini tidak ditemukan.")
    counter = Counter(regions, agencies, innovations, world.files, world.clock)
    router = APIRouter()
    for desk in (
        RegionsDesk(regions, world.clock),
        AgenciesDesk(agencies, regions, world.clock),
        InnovationsDesk(counter),
        EvidenceDesk(counter),
        DocumentsDesk(counter),
        DecisionsDesk(counter),
    ):
        router.include_router(desk.routes())
    return Service(name="registry", kinds=KINDS, router=router)
