"""Composes the registry service.

The registry consumes no events. Every change comes by HTTP, and every change of public state owes one event.
"""

from __future__ import annotations

from fastapi import APIRouter

from services.registry.agency import Agency
from services.registry.api.agencies import AgencyRoutes
from services.registry.api.decisions import DecisionRoutes
from services.registry.api.documents import DocumentRoutes
from services.registry.api.evidence import EvidenceRoutes
from services.registry.api.innovations import InnovationRoutes
from services.registry.api.regions import RegionRoutes
from services.registry.innovation import Innovation
from services.registry.innovation_access import InnovationAccess
from services.registry.kinds import AGENCY, INNOVATION, KINDS, REGION
from services.registry.references import REFERENCES
from services.registry.region import Region
from shared.runtime.service import Resources, Service
from shared.storage.repository import Repository


def compose(resources: Resources) -> Service:
    """Build the service. Called once per process."""
    regions = Repository(resources.store, REGION, Region, "Daerah ini tidak terdaftar.")
    agencies = Repository(resources.store, AGENCY, Agency, "Perangkat daerah ini tidak terdaftar.")
    innovations = Repository(resources.store, INNOVATION, Innovation, "Inovasi ini tidak ditemukan.")
    access = InnovationAccess(regions, agencies, innovations, resources.files, resources.clock)
    router = APIRouter()
    for routes in (
        RegionRoutes(regions, resources.clock),
        AgencyRoutes(agencies, regions, resources.clock),
        InnovationRoutes(access),
        EvidenceRoutes(access),
        DocumentRoutes(access),
        DecisionRoutes(access),
    ):
        router.routes.extend(routes.router().routes)
    return Service(name="registry", kinds=KINDS, router=router, references=REFERENCES)
