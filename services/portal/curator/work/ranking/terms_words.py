"""What is wrong with a competition's terms: in words, and at which field of the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from services.portal.curator.work.ranking.terms_form import Line, TermsForm
from services.portal.pages.language import N_, _

SENTENCES = {
    "missing": N_("Wajib diisi."),
    "number": N_("Tulis angka."),
    "day": N_("Pilih tanggal."),
}
_PLAIN = {
    "name": "nama",
    "season": "musim",
    "year": "tahun",
    "places": "juara",
    "entrance.first": "pendaftaran-mulai",
    "entrance.last": "pendaftaran-selesai",
    "groups": "kelompok-0",
    "jury": "bobot-kematangan",
    "jury.maturity_weight": "bobot-kematangan",
    "jury.criteria": "kriteria-0",
}


def sentences(wrong: Mapping[str, str]) -> dict[str, str]:
    """Field → sentence."""
    return {field: _(SENTENCES[slug]) for field, slug in wrong.items()}


def names_of_flaws(form: TermsForm) -> dict[str, str]:
    """Path of one of scoring's flaws → field. Lines without a name are not sent, so places are counted without them."""
    names = dict(_PLAIN)
    names |= _lines("groups", "kelompok", form.groups, {"kinds": "jenis", "classifications": "klasifikasi"})
    names |= _lines("categories", "kategori", form.categories, {"forms": "bentuk", "natures": "sifat"})
    names |= _lines("milestones", "jadwal", form.milestones, {"first": "mulai", "last": "selesai"})
    names |= _lines("jury.criteria", "kriteria", form.criteria, {"weight": "bobot"})
    return {**names, **{f"terms.{path}": field for path, field in names.items()}}


def _lines(path: str, field: str, lines: Sequence[Line], parts: Mapping[str, str]) -> dict[str, str]:
    sent = [at for at, line in enumerate(lines) if line.get("name")]
    found: dict[str, str] = {}
    for place, at in enumerate(sent):
        found |= {f"{path}.{place}{end}": f"{field}-{at}" for end in ("", ".name", ".slug", ".affairs")}
        found |= {f"{path}.{place}.{part}": f"{field}-{at}-{end}" for part, end in parts.items()}
    return found
