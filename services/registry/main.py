"""Composes the registry service.

The registry consumes no events. Every change comes by HTTP, and every change of public state owes one event.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from fastapi import APIRouter

from services.registry.agencies.agency import Agency
from services.registry.agencies.carry import carry_agencies
from services.registry.agencies.directory import AgencyDirectory
from services.registry.agencies.names import AgencyNames
from services.registry.api.agencies import AgencyRoutes
from services.registry.api.continuation.commitments import CommitmentRoutes
from services.registry.api.continuation.ideas import IdeaRoutes
from services.registry.api.continuation.innovations import ContinuationRoutes
from services.registry.api.continuation.mentors import MentorRoutes
from services.registry.api.continuation.regions import ContinuationRegionRoutes
from services.registry.api.decisions import DecisionRoutes
from services.registry.api.documents import DocumentRoutes
from services.registry.api.evidence import EvidenceRoutes
from services.registry.api.exports import ExportRoutes
from services.registry.api.import_redactions import ImportRedactionRoutes
from services.registry.api.imports import ImportRoutes
from services.registry.api.innovations import InnovationRoutes
from services.registry.api.likeness import LikenessRoutes
from services.registry.api.packages import PackageRoutes
from services.registry.api.precheck import PrecheckRoutes
from services.registry.api.redactions import RedactionRoutes
from services.registry.api.regions import RegionRoutes
from services.registry.continuation import watch as follow_ups
from services.registry.continuation.composition import ContinuationParts
from services.registry.continuation.public_ideas.idea import Idea
from services.registry.evidence.precheck.prechecks import EvidencePrechecks
from services.registry.evidence.precheck.process import PdfProcess
from services.registry.exports.package.package import Packages
from services.registry.exports.tables.tables import RegistryTables
from services.registry.files.quota import UploadQuota
from services.registry.files.room import StorageRoom
from services.registry.files.sweep import EVERY, FileSweep
from services.registry.files.uploads import Uploads
from services.registry.imports import runner
from services.registry.imports.composition import ImportParts
from services.registry.imports.redaction import ImportRedaction
from services.registry.innovation import succession
from services.registry.innovation.access import InnovationAccess
from services.registry.innovation.innovation import Innovation
from services.registry.innovation.likeness import noting
from services.registry.innovation.likeness.finder import LikenessFinder
from services.registry.innovation.likeness.index import LikenessIndex
from services.registry.innovation.likeness.noting import LikenessUpkeep, NotedInnovations
from services.registry.innovation.submissions import Submissions
from services.registry.innovation.succession import SuccessionWatch
from services.registry.kinds import AGENCY, COMMITMENT, DEADLINE, IDEA, INNOVATION, KINDS, REGION
from services.registry.privacy import retention
from services.registry.privacy.data_kinds import data_kinds
from services.registry.privacy.part import SERVICE, RegistryPersonalData
from services.registry.privacy.retention import RegistryRetention
from services.registry.references import REFERENCES
from services.registry.regional import REGIONAL
from services.registry.regions import watch
from services.registry.regions.confirmation import OverdueConfirmation
from services.registry.regions.counts import DutyCounts
from services.registry.regions.region import Region
from services.registry.regions.watch import DeadlineWatch
from services.registry.settings import RegistrySettings
from shared.runtime.service import Loop, Resources, Service
from shared.storage.erasures.keeping import Erasures
from shared.storage.erasures.list import ErasureList
from shared.storage.repository import Repository
from shared.web.audit.routes import AuditRoutes


def compose(resources: Resources) -> Service:
    """Build the service. Called once per process."""
    regions = Repository(resources.store, REGION, Region, "Daerah ini tidak terdaftar.")
    agencies = Repository(resources.store, AGENCY, Agency, "Perangkat daerah ini tidak terdaftar.")
    innovations = NotedInnovations(resources.store, INNOVATION, Innovation, "Inovasi ini tidak ditemukan.")
    access = InnovationAccess(regions, agencies, innovations, resources.files, resources.clock)
    settings = resources.settings.of(RegistrySettings)
    room = StorageRoom(resources.files, reserve=settings.files_reserve_bytes, limit=settings.files_limit_bytes)
    quota = UploadQuota(resources.store, resources.clock, most=settings.agency_upload_bytes_per_day)
    uploads = Uploads(resources.files, room, quota)
    sweep = FileSweep(resources.store, resources.files)
    counts = DutyCounts(resources.store)
    pdfs = PdfProcess()
    likeness = LikenessIndex(resources.store, innovations)
    deadlines = DeadlineWatch(resources.store, regions, resources.clock)
    directory = AgencyDirectory(agencies, regions, AgencyNames(resources.store), resources.clock)
    ideas = Repository(resources.store, IDEA, Idea, "Gagasan ini tidak ditemukan.")
    successions = SuccessionWatch(agencies, regions, innovations, ideas, resources.clock)
    confirmation = OverdueConfirmation(counts, resources.clock)
    imports = ImportParts(
        resources, uploads, directory=directory, regions=regions, agencies=agencies, innovations=innovations
    )
    continuation = ContinuationParts(resources.store, access)

    async def start() -> None:
        await carry_agencies(resources.store)

    router = APIRouter()
    for routes in (
        RegionRoutes(regions, resources.clock, confirmation, deadlines.wake),
        AgencyRoutes(agencies, directory, successions.wake),
        InnovationRoutes(access),
        EvidenceRoutes(access, uploads),
        DocumentRoutes(access, uploads),
        RedactionRoutes(access, sweep),
        PrecheckRoutes(access, EvidencePrechecks(resources.files, pdfs)),
        LikenessRoutes(access, LikenessFinder(likeness, innovations)),
        DecisionRoutes(access, Submissions(access, counts)),
        ImportRoutes(imports, agencies),
        ImportRedactionRoutes(ImportRedaction(resources.store, imports.imports, sweep, resources.clock.now)),
        ContinuationRoutes(continuation.continuing, continuation.origins, uploads),
        ContinuationRegionRoutes(continuation.overview, continuation.promises),
        CommitmentRoutes(continuation.commitments, uploads, sweep),
        IdeaRoutes(continuation.ideas),
        MentorRoutes(continuation.mentors),
        PackageRoutes(Packages(resources.store, access)),
        ExportRoutes(RegistryTables(resources.store, access), regions),
        AuditRoutes(resources.store, "registry"),
    ):
        router.routes.extend(routes.router().routes)
    return Service(
        name=SERVICE,
        kinds=KINDS,
        router=router,
        loops=(
            Loop("files", EVERY, sweep.run),
            Loop("successions", succession.EVERY, successions.run, wake=successions.woken),
            Loop("imports", runner.EVERY, imports.runner.run, wake=imports.runner.woken),
            Loop(
                "old_imports",
                EVERY,
                partial(imports.runner.purge, timedelta(days=settings.import_retention_days)),
            ),
            Loop("deadlines", watch.EVERY, deadlines.run, wake=deadlines.woken),
            Loop("likeness", noting.EVERY, LikenessUpkeep(likeness, innovations).run),
            Loop("follow_ups", follow_ups.EVERY, continuation.watch.run),
            Loop(
                "retention",
                retention.EVERY,
                RegistryRetention(resources.store, innovations, agencies, resources.clock, settings).run,
            ),
        ),
        start=start,
        stop=pdfs.close,
        references=REFERENCES,
        personal_data=RegistryPersonalData(
            resources.store,
            data_kinds(settings),
            Erasures(resources.store, SERVICE, ErasureList(resources.settings.erasures)),
        ),
        resyncable=(REGION.name, AGENCY.name, INNOVATION.name, DEADLINE.name, COMMITMENT.name, IDEA.name),
        regional=REGIONAL,
    )
