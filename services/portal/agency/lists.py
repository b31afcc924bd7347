"""The closed lists that only the agency's forms have, value → words; those that other pages have too are
`figures.words`."""

from __future__ import annotations

from services.portal.figures.words import Words
from services.portal.pages.language import N_
from shared.contracts.affairs import AFFAIR_GROUPS, AFFAIR_NAMES, AffairGroup
from shared.contracts.continuation import Use
from shared.contracts.vocabulary import InnovationStatus

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
