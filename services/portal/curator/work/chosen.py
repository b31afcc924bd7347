"""Which innovations a list shows: the fields of its form, which are the query of its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from services.portal.curator.work.entered import year_of
from services.portal.model.views.innovation import InnovationQuery
from shared.contracts.continuation import Use
from shared.contracts.vocabulary import InnovationStatus

NAMES = {
    "status": "status",
    "year": "tahun",
    "agency": "opd",
    "pipeline": "jalur",
    "stage": "tahap",
    "use": "pemakaian",
}
"""Attribute → field of the form."""


@dataclass(frozen=True)
class Chosen:
    """Every attribute is empty for any; what cannot be read is empty too."""

    status: str = ""
    year: str = ""
    agency: str = ""
    pipeline: str = ""
    stage: str = ""
    use: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Chosen:
        """Read the query of an address."""
        given = {name: query.get(field, "") for name, field in NAMES.items()}
        given["year"] = str(year_of(given["year"], 0) or "")
        given["status"] = given["status"] if given["status"] in list(InnovationStatus) else ""
        given["use"] = given["use"] if given["use"] in list(Use) else ""
        if not given["pipeline"]:
            given["stage"] = ""
        return cls(**given)

    @property
    def fields(self) -> dict[str, str]:
        """The fields that are not empty."""
        given = {NAMES[each.name]: getattr(self, each.name) for each in fields(self)}
        return {field: value for field, value in given.items() if value}

    def query(self, region: str) -> InnovationQuery:
        """As the read model is asked."""
        return InnovationQuery(
            region=region,
            agency=self.agency or None,
            year=int(self.year) if self.year else None,
            statuses=(InnovationStatus(self.status),) if self.status else (),
            pipeline=self.pipeline or None,
            pipeline_stage=self.stage or None,
            use=Use(self.use) if self.use else None,
        )
