"""Puts the parts of imports together."""

from __future__ import annotations

from services.registry.agencies.agency import Agency
from services.registry.agencies.directory import AgencyDirectory
from services.registry.continuation.commitment import Commitment
from services.registry.files.uploads import Uploads
from services.registry.imports.agencies import AgencyImport
from services.registry.imports.commitments import CommitmentImport
from services.registry.imports.document import TableImport
from services.registry.imports.innovations import InnovationImport
from services.registry.imports.kept import KeptFiles
from services.registry.imports.runner import ImportRunner
from services.registry.imports.sheet_import import SheetImport
from services.registry.imports.tables import ImportedTables
from services.registry.innovation.innovation import Innovation
from services.registry.kinds import COMMITMENT, IMPORT, IMPORT_REPORT
from services.registry.regions.region import Region
from shared.runtime.service import Resources
from shared.storage.repository import Repository
from shared.tables.reports import Reports


class ImportParts:
    """What routes and loops need."""

    def __init__(
        self,
        resources: Resources,
        uploads: Uploads,
        *,
        directory: AgencyDirectory,
        regions: Repository[Region],
        agencies: Repository[Agency],
        innovations: Repository[Innovation],
    ) -> None:
        store, clock = resources.store, resources.clock
        self.clock = clock
        self.regions = regions
        self.imports = Repository(store, IMPORT, TableImport, "Impor ini tidak ada.")
        self.reports = Reports(store, IMPORT_REPORT)
        self.kept = KeptFiles(resources.files, uploads)
        commitments = Repository(store, COMMITMENT, Commitment, "Perjanjian inovasi ini tidak ditemukan.")
        of_agencies = AgencyImport(agencies, directory)
        sheets: dict[str, SheetImport] = {
            "agencies": of_agencies,
            "commitments": CommitmentImport(agencies, commitments, clock),
            "innovations": InnovationImport(store, agencies, innovations, clock),
        }
        self.runner = ImportRunner(
            store,
            self.imports,
            regions=regions,
            kept=self.kept,
            sheets=sheets,
            tables=ImportedTables(self.imports, self.kept, of_agencies),
            clock=clock,
        )
