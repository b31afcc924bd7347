"""The closed lists of the forms, value → words. The values are the contracts'; the words are those of the national
profile form of 2026."""

from __future__ import annotations

from collections.abc import Mapping

from services.portal.pages.language import N_
from shared.contracts.affairs import AFFAIR_GROUPS, AFFAIR_NAMES, AffairGroup
from shared.contracts.continuation import Use
from shared.contracts.vocabulary import (
    Classification,
    Form,
    Initiator,
    InnovationStatus,
    Nature,
    ProgrammeCluster,
    Stage,
)

Words = Mapping[str, str]
"""Value → msgid."""

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

NATURES: Words = {Nature.DIGITAL: N_("Digital"), Nature.NON_DIGITAL: N_("Non digital")}

FORMS: Words = {
    Form.TATA_KELOLA: N_("Tata kelola pemerintahan daerah"),
    Form.PELAYANAN_PUBLIK: N_("Pelayanan publik"),
    Form.BENTUK_LAINNYA: N_("Bentuk lainnya sesuai urusan"),
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

ASTA_CITA: Words = {str(number): f"Asta Cita {number}" for number in range(1, 9)}

AFFAIRS: Words = dict(AFFAIR_NAMES)

GROUPS: Words = {
    AffairGroup.BASIC_SERVICE: N_("Urusan wajib pelayanan dasar"),
    AffairGroup.OBLIGATORY: N_("Urusan wajib non-pelayanan dasar"),
    AffairGroup.OPTIONAL: N_("Urusan pilihan"),
    AffairGroup.SUPPORTING: N_("Urusan penunjang"),
}

GROUP_OF_AFFAIR: Words = {slug: group.value for slug, group in AFFAIR_GROUPS.items()}

STATUSES: Words = {
    InnovationStatus.DRAFT: N_("Belum diajukan"),
    InnovationStatus.SUBMITTED: N_("Menunggu verifikasi"),
    InnovationStatus.RETURNED: N_("Dikembalikan"),
    InnovationStatus.VERIFIED: N_("Terverifikasi"),
    InnovationStatus.WITHDRAWN: N_("Ditarik"),
}

USES: Words = {
    Use.LIVE: N_("Masih dipakai"),
    Use.DORMANT: N_("Sedang tidak dipakai"),
    Use.STOPPED: N_("Sudah berhenti"),
}

DOCUMENTS: Words = {
    "budget": N_("Anggaran"),
    "business_profile": N_("Profil bisnis"),
    "intellectual_property": N_("Dokumen HAKI"),
    "award": N_("Penghargaan"),
}
