"""The words of the closed lists of the continuation: value → message id. The values are the registry's."""

from __future__ import annotations

from services.portal.figures.words import Words
from services.portal.pages.language import N_, _
from shared.contracts.continuation import OriginKind, RightsKind

ORIGINS: Words = {
    OriginKind.OWN: N_("Gagasan perangkat daerah sendiri"),
    OriginKind.COMMUNITY: N_("Gagasan masyarakat"),
    OriginKind.TRAINING: N_("Proyek dari pelatihan"),
    OriginKind.REPLICATION: N_("Replikasi inovasi daerah lain"),
}
TRAININGS: Words = {
    "pkp": N_("Pelatihan Kepemimpinan Pengawas (PKP)"),
    "pka": N_("Pelatihan Kepemimpinan Administrator (PKA)"),
    "cpns": N_("Pelatihan dasar CPNS"),
    "akademi_inovator": N_("Akademi inovator"),
}
DECISIONS: Words = {"continue": N_("Dilanjutkan"), "stop": N_("Dihentikan")}
UNDECIDED = N_("Belum diputuskan")
ACTORS: Words = {
    "pemerintah": N_("Pemerintah"),
    "swasta": N_("Swasta atau dunia usaha"),
    "akademisi": N_("Akademisi"),
    "komunitas": N_("Komunitas"),
    "lsm": N_("Lembaga swadaya masyarakat"),
    "media": N_("Media"),
    "agregator_regulator": N_("Agregator atau regulator"),
}
RIGHTS: Words = {
    RightsKind.WORK: N_("Ciptaan perorangan"),
    RightsKind.PROGRAM: N_("Program komputer"),
    RightsKind.PHOTOGRAPH: N_("Karya fotografi"),
    RightsKind.DATABASE: N_("Basis data"),
    RightsKind.WORK_OF_A_BODY: N_("Ciptaan badan hukum"),
    RightsKind.PATENT: N_("Paten"),
    RightsKind.TRADEMARK: N_("Merek"),
    RightsKind.DESIGN: N_("Desain industri"),
    RightsKind.OTHER: N_("Lainnya"),
}


def word(of: Words, value: str) -> str:
    """The word for a value in the language of the page; the value itself where the list lacks it."""
    return _(of.get(value, value))


def options(of: Words) -> list[tuple[str, str]]:
    """The values of a list with their words, for a choice in a form."""
    return [(str(value), _(words)) for value, words in of.items()]
