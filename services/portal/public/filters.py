"""The filters of public lists, read from an address and written into one. A value that is not of its list is left out,
so that an old or a shortened link still shows a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from services.portal.model.views.innovation import CatalogueOrder, SearchQuery
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.vocabulary import AgencyKind, Form, Nature, Stage

E = TypeVar("E", bound=StrEnum)

_YEAR = re.compile(r"[0-9]{4}")
_REGION = re.compile(r"[0-9]{2}(\.[0-9]{2})?")
_LONGEST = 100  # characters of a search
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_ORDERS = {"terbaru": CatalogueOrder.NEWEST, "nama": CatalogueOrder.NAME, "poin": CatalogueOrder.POINTS}


@dataclass(frozen=True)
class Filters:
    """None, or an empty text: any. kind: of agency, of rankings alone."""

    text: str = ""
    region: str | None = None
    year: int | None = None
    affair: str | None = None
    form: Form | None = None
    nature: Nature | None = None
    stage: Stage | None = None
    kind: AgencyKind | None = None
    order: CatalogueOrder = CatalogueOrder.NEWEST

    @property
    def narrow(self) -> bool:
        """Whether anything is filtered."""
        return self != Filters(order=self.order)

    @property
    def chosen(self) -> int:
        """How many filters are set, besides the text."""
        return sum(
            each is not None for each in (self.region, self.year, self.affair, self.form, self.nature, self.stage)
        )

    @property
    def order_word(self) -> str:
        """The order, as it stands in an address."""
        return next((word for word, each in _ORDERS.items() if each is self.order), "terbaru")

    def search(self) -> SearchQuery:
        """As the read model is asked."""
        return SearchQuery(
            text=self.text,
            region=self.region,
            year=self.year,
            stage=self.stage,
            form=self.form,
            nature=self.nature,
            main_affair=self.affair,
            order=self.order,
        )

    def parameters(self) -> dict[str, str]:
        """As they stand in an address, without those that are not set."""
        values = {
            "q": self.text,
            "daerah": self.region,
            "tahun": self.year,
            "urusan": self.affair,
            "bentuk": self.form,
            "jenis": self.nature,
            "tahap": self.stage,
            "perangkat": self.kind,
            "urut": None if self.order is CatalogueOrder.NEWEST else self.order_word,
        }
        return {name: str(value) for name, value in values.items() if value}

    def address(self, path: str, after: str | None = None) -> str:
        """A link to the same list, from a cursor on."""
        parameters = self.parameters() | ({"sesudah": after} if after else {})
        return f"{path}?{urlencode(parameters)}" if parameters else path


def filters_of(parameters: Mapping[str, str]) -> Filters:
    """The filters of an address."""
    affair = parameters.get("urusan", "")
    return Filters(
        text=" ".join(parameters.get("q", "").split())[:_LONGEST],
        region=region_of(parameters),
        year=year_of(parameters),
        affair=affair if affair in AFFAIR_NAMES else None,
        form=_one_of(Form, parameters.get("bentuk")),
        nature=_one_of(Nature, parameters.get("jenis")),
        stage=_one_of(Stage, parameters.get("tahap")),
        kind=_one_of(AgencyKind, parameters.get("perangkat")),
        order=_ORDERS.get(parameters.get("urut", ""), CatalogueOrder.NEWEST),
    )


def region_of(parameters: Mapping[str, str]) -> str | None:
    """The code of a region."""
    code = parameters.get("daerah", "")
    return code if _REGION.fullmatch(code) else None


def year_of(parameters: Mapping[str, str]) -> int | None:
    """A year from 2000 to 2100."""
    year = parameters.get("tahun", "")
    return int(year) if _YEAR.fullmatch(year) and _FIRST_YEAR <= int(year) <= _LAST_YEAR else None


def after_of(parameters: Mapping[str, str]) -> str | None:
    """The cursor from which a list goes on."""
    return parameters.get("sesudah") or None


def _one_of(kind: type[E], value: str | None) -> E | None:
    return kind(value) if value in list(kind) else None
