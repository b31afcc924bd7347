"""The kinds of those who brought an innovation forth, as regions count them: offices, districts, health centres, the
community (INTAN BANJAR: 54 from four kinds)."""

from __future__ import annotations

from shared.contracts.continuation import OriginKind
from shared.contracts.vocabulary import AgencyKind, Initiator

OFFICES = "perangkat_daerah"
COMMUNITY = "masyarakat"
UNKNOWN = "tidak_diketahui"
_OWN = frozenset({"kecamatan", "kelurahan", "desa", "puskesmas", "rsud", "upt", "sekolah", "bumd"})


def source_of(kind: AgencyKind | None, initiator: Initiator | None, origin: OriginKind | None) -> str:
    """Of an innovation of an agency of that kind. Who fosters an innovation of the community has not brought it
    forth."""
    if initiator is Initiator.MASYARAKAT or origin is OriginKind.COMMUNITY:
        return COMMUNITY
    if kind is None:
        return UNKNOWN
    return kind.value if kind.value in _OWN else OFFICES
