"""Reads an agency's claim for one indicator from a form, and shows a stored one in it. Pure."""

from __future__ import annotations

from typing import Any

from services.portal.agency.evidence.catalogue import LEVELS, Indicator
from services.portal.answered.evidence import Evidence
from services.portal.pages.forms import Form
from services.portal.pages.language import _
from services.portal.pages.reading import day_of, decimal_of, line_of
from shared.contracts.contract import json_number
from shared.faults import Flaw

FIELDS = ("level", "value", "unit", "basis", "number", "dated", "subject", "links")
"""Of a claim, as the registry names them."""

MOST_LINKS = 10
_MOST_LINK, _MOST_NUMBER, _MOST_SUBJECT = 1_000, 120, 500  # characters

Claim = dict[str, Any]


def read_claim(indicator: Indicator, form: Form, stored: Evidence) -> tuple[Claim, list[Flaw]]:
    """The claim without the fields that have a flaw, and the flaws, with fields as the registry names them. stored:
    keeps what this form does not ask."""
    claim: Claim = {"unit": stored.unit}
    flaws: list[Flaw] = []
    for name, read in (
        ("level", lambda: _level(form)),
        ("value", lambda: _value(indicator, form)),
        ("basis", lambda: _basis(indicator, form)),
        ("number", lambda: line_of(form, "number", _MOST_NUMBER)),
        ("dated", lambda: day_of(form, "dated")),
        ("subject", lambda: line_of(form, "subject", _MOST_SUBJECT)),
        ("links", lambda: _links(form)),
    ):
        try:
            claim[name] = read()
        except ValueError as wrong:
            flaws.append(Flaw(name, "malformed", str(wrong)))
    if claim.get("value") is None and "value" in claim:
        claim["unit"] = None
    return claim, flaws


def claim_of(row: Evidence) -> Claim:
    """A stored claim as the registry's JSON."""
    stored = row.model_dump(mode="json", include=set(FIELDS))
    return {**stored, "value": None if row.value is None else json_number(row.value), "links": list(row.links)}


def form_of(claim: Claim) -> dict[str, list[str]]:
    """What the form shows for a claim."""
    shown = {name: [str(claim[name])] for name in ("level", "basis", "number", "dated", "subject") if claim.get(name)}
    if claim.get("value") is not None:
        shown["value"] = [str(claim["value"]).replace(".", ",")]
    return {**shown, "links": ["\n".join(claim.get("links") or ())]}


def is_empty(claim: Claim) -> bool:
    """Whether nothing is claimed."""
    return not any(claim.get(name) not in (None, [], ()) for name in FIELDS if name != "unit")


def _level(form: Form) -> int | None:
    chosen = line_of(form, "level", 1)
    if chosen is None or chosen == "0":
        return None
    if chosen not in {str(level) for level in LEVELS}:
        raise ValueError(_("pilih salah satu parameter"))
    return int(chosen)


def _value(indicator: Indicator, form: Form) -> int | float | None:
    value = decimal_of(form, "value") if indicator.measured else None
    return None if value is None else json_number(value)


def _basis(indicator: Indicator, form: Form) -> str | None:
    chosen = line_of(form, "basis", 1)
    if chosen is None or not indicator.bases:
        return None
    if chosen not in indicator.bases:
        raise ValueError(_("pilih salah satu dasar pengukuran"))
    return chosen


def _links(form: Form) -> list[str]:
    links = list(dict.fromkeys(line.strip() for line in form.text("links").splitlines() if line.strip()))
    if len(links) > MOST_LINKS:
        raise ValueError(_("paling banyak 10 tautan"))
    if any(len(link) > _MOST_LINK for link in links):
        raise ValueError(_("tautan terlalu panjang"))
    return links
