"""The rows of the sheet `commitments`."""

from __future__ import annotations

from services.registry.continuation.commitment import Commitment
from services.registry.exports.tables.agencies import named
from services.registry.imports.agency_names import KnownAgencies
from shared.tables.writing import Row


def commitment_row(commitment: Commitment, known: KnownAgencies) -> Row:
    """A signed Perjanjian Inovasi with its promises."""
    return {
        "agency": named(commitment.agency, known),
        "year": commitment.year,
        "number": commitment.number,
        "signed_on": commitment.dated,
        "promised": tuple(each.name for each in commitment.promises) or None,
    }
