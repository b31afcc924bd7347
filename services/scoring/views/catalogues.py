"""Answers about indicator catalogues."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from pydantic import Field

from services.scoring.catalogue.catalogue import Catalogue, CatalogueStatus, most_of
from services.scoring.catalogue.differences import differences
from services.scoring.catalogue.indicators import Indicator
from services.scoring.views.answer import Answer
from shared.contracts.contract import Exact

_NOTICE = (
    "Katalog ini disalin dari aplikasi publik pemerintah daerah dan belum dicocokkan dengan surat resmi; gunakan "
    "sebagai perkiraan."
)


class CatalogueRef(Answer):
    """A reference to a catalogue. notice: what a reader must know about it, None when it is verified."""

    name: str = Field(examples=["2026.1"])
    digest: str | None = Field(description="SHA-256 of what scores")
    status: CatalogueStatus | None
    notice: str | None


class CatalogueSummary(CatalogueRef):
    """A catalogue in the list. rows: how many per innovation; most: the highest maturity, points."""

    year: int
    revision: int
    rows: int
    most: Exact


class CataloguePage(Answer):
    """All catalogues of this process, the newest first; next is always None."""

    items: list[CatalogueSummary]
    next: str | None = None


class CatalogueAnswer(CatalogueSummary):
    """A whole catalogue, as its file has it. region_rows: those scored per region; constants: the formula's."""

    sources: tuple[str, ...]
    indicators: list[dict[str, Any]]
    region_rows: list[dict[str, Any]]
    region_most: Exact
    constants: dict[str, Any]


class DifferenceAnswer(Answer):
    """One indicator, or the constants (numbers empty). A number is null where the indicator does not exist."""

    number_before: str | None
    number_after: str | None
    name: str
    changes: tuple[str, ...]


class DifferencesAnswer(Answer):
    """What changed from one catalogue to another, in words."""

    before: str = Field(examples=["2024.1"])
    after: str = Field(examples=["2026.1"])
    differences: list[DifferenceAnswer]


def catalogue_ref(name: str, digest: str, catalogue: Catalogue | None) -> CatalogueRef:
    """A reference to a catalogue; catalogue: None when this process does not have it."""
    status = catalogue.status if catalogue else None
    return CatalogueRef(name=name, digest=digest, status=status, notice=notice(catalogue) if catalogue else None)


def differences_answer(before: Catalogue, after: Catalogue) -> DifferencesAnswer:
    """The changes from `before` to `after`."""
    found = [DifferenceAnswer(**asdict(each)) for each in differences(before, after)]
    return DifferencesAnswer(before=before.name, after=after.name, differences=found)


def notice(catalogue: Catalogue) -> str | None:
    """What a reader must know: that the rules were transcribed."""
    return _NOTICE if catalogue.status is CatalogueStatus.TRANSCRIBED else None


def catalogue_summary(catalogue: Catalogue) -> CatalogueSummary:
    """A catalogue in the list."""
    return CatalogueSummary(
        **catalogue_ref(catalogue.name, catalogue.digest, catalogue).model_dump(),
        year=catalogue.year,
        revision=catalogue.revision,
        rows=len(catalogue.innovation),
        most=catalogue.most,
    )


def catalogue_answer(catalogue: Catalogue) -> CatalogueAnswer:
    """A whole catalogue."""
    return CatalogueAnswer(
        **catalogue_summary(catalogue).model_dump(),
        sources=catalogue.sources,
        indicators=[_plain(row) for row in catalogue.innovation],
        region_rows=[_plain(row) for row in catalogue.region],
        region_most=most_of(catalogue.region),
        constants=_numbers(catalogue.constants.model_dump(by_alias=True, exclude_none=True)),
    )


def _plain(row: Indicator) -> dict[str, Any]:
    plain: dict[str, Any] = _numbers(row.model_dump(by_alias=True, exclude_none=True))
    return plain


def _numbers(value: Any) -> Any:  # noqa: ANN401 - any value of a dumped model
    """Decimals as JSON numbers (at most 15 digits, so the text stays exact)."""
    if isinstance(value, dict):
        return {key: _numbers(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_numbers(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
