"""Words of the closed lists. The values are the contracts', the words those of the national profile form of 2026."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.pages.language import N_, _
from shared.contracts.affairs import AFFAIR_NAMES
from shared.contracts.idea import IdeaStatus
from shared.contracts.vocabulary import AgencyKind, Classification, Form, Initiator, Nature, ProgrammeCluster, Stage

Words = Mapping[str, str]
"""Value → message id."""

AGENCY_KINDS: Words = {
    AgencyKind.DINAS: N_("Dinas"),
    AgencyKind.BADAN: N_("Badan"),
    AgencyKind.SEKRETARIAT: N_("Sekretariat"),
    AgencyKind.BAGIAN: N_("Bagian"),
    AgencyKind.INSPEKTORAT: N_("Inspektorat"),
    AgencyKind.KECAMATAN: N_("Kecamatan"),
    AgencyKind.KELURAHAN: N_("Kelurahan"),
    AgencyKind.DESA: N_("Desa"),
    AgencyKind.PUSKESMAS: N_("Puskesmas"),
    AgencyKind.RSUD: N_("RSUD"),
    AgencyKind.UPT: N_("UPT"),
    AgencyKind.SEKOLAH: N_("Sekolah"),
    AgencyKind.BUMD: N_("BUMD"),
}
FORMS: Words = {
    Form.TATA_KELOLA: N_("Tata kelola pemerintahan daerah"),
    Form.PELAYANAN_PUBLIK: N_("Pelayanan publik"),
    Form.BENTUK_LAINNYA: N_("Bentuk lainnya sesuai urusan"),
}
NATURES: Words = {Nature.DIGITAL: N_("Digital"), Nature.NON_DIGITAL: N_("Non digital")}
STAGES: Words = {
    Stage.INISIATIF: N_("Inisiatif"),
    Stage.UJI_COBA: N_("Uji coba"),
    Stage.PENERAPAN: N_("Penerapan"),
}
INITIATORS: Words = {
    Initiator.KEPALA_DAERAH: N_("Kepala Daerah"),
    Initiator.ANGGOTA_DPRD: N_("Anggota DPRD"),
    Initiator.OPD: N_("OPD"),
    Initiator.ASN: N_("ASN"),
    Initiator.MASYARAKAT: N_("Masyarakat"),
}
CLASSIFICATIONS: Words = {
    Classification.PERANGKAT_DAERAH: N_("Perangkat Daerah"),
    Classification.DESA_KELURAHAN: N_("Desa/Kelurahan"),
    Classification.MASYARAKAT: N_("Masyarakat"),
}
CLUSTERS: Words = {
    ProgrammeCluster.PANGAN: N_("Pangan"),
    ProgrammeCluster.ENERGI_AIR: N_("Energi dan air"),
    ProgrammeCluster.PENDIDIKAN: N_("Pendidikan"),
    ProgrammeCluster.KESEHATAN: N_("Kesehatan"),
    ProgrammeCluster.HILIRISASI: N_("Hilirisasi dan industrialisasi"),
    ProgrammeCluster.INFRASTRUKTUR: N_("Infrastruktur, perumahan dan ketahanan bencana"),
    ProgrammeCluster.EKONOMI_KERAKYATAN: N_("Ekonomi kerakyatan dan desa"),
    ProgrammeCluster.KEMISKINAN: N_("Penurunan kemiskinan"),
    ProgrammeCluster.NON_PKPN: N_("Non-PKPN"),
}
IDEAS: Words = {
    IdeaStatus.NEW: N_("Baru"),
    IdeaStatus.HANDED_OVER: N_("Diserahkan"),
    IdeaStatus.TAKEN_UP: N_("Dijadikan inovasi"),
    IdeaStatus.CLOSED: N_("Ditutup"),
}
LISTS: Mapping[str, Words] = {
    "kind": AGENCY_KINDS,
    "form": FORMS,
    "nature": NATURES,
    "stage": STAGES,
    "initiator": INITIATORS,
    "cluster": CLUSTERS,
    "affair": AFFAIR_NAMES,
    "idea": IDEAS,
}


def word(name: str, value: str | None) -> str:
    """The word for a value of a list, in the language of the page; the value itself where the list lacks it."""
    return _(LISTS[name].get(value, value)) if value else ""


def options(name: str) -> list[tuple[str, str]]:
    """The values of a list with their words, for a choice in a form."""
    return [(str(value), _(words)) for value, words in LISTS[name].items()]
