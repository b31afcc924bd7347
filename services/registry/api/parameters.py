"""Path parameters of the registry's routes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from services.registry.evidence.attachment import ProfileDocument
from services.registry.evidence.evidence import Row
from shared.contracts.fields import Id, RegionCode, Year

CodeInPath = Annotated[RegionCode, Path(description="Kemendagri's code.", examples=["61.12"])]
YearInPath = Annotated[Year, Path(description="The duty's year.", examples=[2026])]
IdInPath = Annotated[Id, Path(description="An opaque id.")]
RowInPath = Annotated[Row, Path(description="The indicator's joint number.", examples=["16"])]
DigestInPath = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$", description="The file's SHA-256 in hex.")]
DocumentInPath = Annotated[ProfileDocument, Path(description="Which of the form's files.")]
