"""The facts of an innovation as a list of names and values. Pure."""

from __future__ import annotations

from services.portal.figures.words import word
from services.portal.model.views.innovation import InnovationView
from services.portal.model.views.region import RegionView
from services.portal.pages.formats import day
from services.portal.pages.language import _
from shared.contracts.vocabulary import Zone

Facts = list[dict[str, str]]


def facts_of(it: InnovationView, area: RegionView | None) -> Facts:
    """Those that are known, in the order of the form."""
    zone = area.zone if area else Zone.WIB
    pairs = (
        (_("Perangkat daerah"), it.agency_name),
        (_("Daerah"), area.name if area else it.region),
        (_("Tahun kewajiban"), str(it.year)),
        (_("Tahapan"), word("stage", it.stage)),
        (_("Inisiator"), word("initiator", it.initiator)),
        (_("Bentuk"), word("form", it.form)),
        (_("Jenis"), word("nature", it.nature)),
        (_("Urusan utama"), word("affair", it.main_affair)),
        (_("Urusan beririsan"), ", ".join(word("affair", each) for each in it.related_affairs)),
        (_("Klaster PKPN"), word("cluster", it.cluster)),
        (_("Asta Cita"), ", ".join(str(each) for each in it.asta_cita)),
        (_("Waktu uji coba"), day(it.trial_on) if it.trial_on else ""),
        (_("Waktu penerapan"), day(it.applied_on) if it.applied_on else ""),
        (_("Waktu pengembangan"), day(it.developed_on) if it.developed_on else ""),
        (_("Pertama diajukan"), day(it.first_submitted_at, zone) if it.first_submitted_at else ""),
        (_("Terverifikasi"), day(it.verified_at, zone) if it.verified_at else ""),
    )
    return [{"key": key, "value": value} for key, value in pairs if value]
