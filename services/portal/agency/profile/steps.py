"""The profile's questions in groups, one group to a page, in the order of the national form of 2026."""

from __future__ import annotations

from dataclasses import dataclass

from services.portal.agency import lists
from services.portal.agency.profile.field import Kind, Question
from services.portal.figures import words
from services.portal.pages.language import N_

PROSE = 20_000  # characters
LEAST_DESIGN_WORDS = 300


@dataclass(frozen=True)
class Step:
    """slug: in the address; title, lead: msgids."""

    slug: str
    title: str
    questions: tuple[Question, ...]
    lead: str = ""

    @property
    def names(self) -> frozenset[str]:
        """The names of the profile's fields."""
        return frozenset(each.name for each in self.questions)


STEPS: tuple[Step, ...] = (
    Step(
        "dasar",
        N_("Nama dan jenis inovasi"),
        (
            Question(
                "name",
                N_("Nama inovasi"),
                Kind.LINE,
                hint=N_("Nama yang dikenal masyarakat, misalnya “Antrean Daring Puskesmas”."),
                required=True,
            ),
            Question(
                "stage",
                N_("Tahapan inovasi"),
                Kind.ONE,
                hint=N_("Penjaringan nasional hanya menerima inovasi yang sudah pada tahap penerapan."),
                required=True,
                options=words.STAGES,
            ),
            Question("nature", N_("Jenis inovasi"), Kind.ONE, required=True, options=words.NATURES),
            Question("form", N_("Bentuk inovasi"), Kind.ONE, required=True, options=words.FORMS),
        ),
    ),
    Step(
        "inisiator",
        N_("Inisiator dan klasifikasi"),
        (
            Question("initiator", N_("Inisiator"), Kind.ONE, required=True, options=words.INITIATORS),
            Question(
                "initiator_name",
                N_("Nama inisiator"),
                Kind.LINE,
                hint=N_("Tidak ditampilkan kepada publik."),
                required=True,
            ),
            Question(
                "classification",
                N_("Klasifikasi inovasi"),
                Kind.ONE,
                required=True,
                options=words.CLASSIFICATIONS,
            ),
            Question(
                "coordinates",
                N_("Koordinat lokasi"),
                Kind.PLACE,
                hint=N_("Dalam derajat desimal, misalnya lintang -0,0263 dan bujur 109,3425."),
            ),
        ),
    ),
    Step(
        "urusan",
        N_("Urusan pemerintahan"),
        (
            Question("main_affair", N_("Urusan utama"), Kind.ONE, required=True, options=lists.AFFAIRS),
            Question(
                "related_affairs",
                N_("Urusan beririsan"),
                Kind.MANY,
                hint=N_("Boleh lebih dari satu, tanpa urusan utama."),
                options=lists.AFFAIRS,
            ),
        ),
    ),
    Step(
        "program",
        N_("Asta Cita dan program nasional"),
        (
            Question("asta_cita", N_("Asta Cita"), Kind.NUMBERS, options=lists.ASTA_CITA),
            Question("cluster", N_("Klaster PKPN"), Kind.ONE, options=words.CLUSTERS),
            Question("programme", N_("Nama program"), Kind.LINE),
        ),
    ),
    Step(
        "waktu",
        N_("Waktu uji coba dan penerapan"),
        (
            Question("trial_on", N_("Waktu uji coba"), Kind.DAY),
            Question(
                "applied_on",
                N_("Waktu penerapan"),
                Kind.DAY,
                hint=N_("Wajib diisi bila tahapan inovasi adalah penerapan."),
            ),
            Question("developed", N_("Apakah inovasi ini sudah dikembangkan sejak diterapkan?"), Kind.YES_NO),
            Question(
                "developed_on",
                N_("Waktu pengembangan"),
                Kind.DAY,
                hint=N_("Hanya diisi bila inovasi sudah dikembangkan."),
            ),
        ),
    ),
    Step(
        "rancang-bangun",
        N_("Rancang bangun"),
        (
            Question(
                "design",
                N_("Rancang bangun inovasi"),
                Kind.TEXT,
                hint=N_(
                    "Dasar hukum, permasalahan, isu strategis (global, nasional, lokal), metode pembaharuan, "
                    "keunggulan dan kebaruan, serta cara kerja inovasi. Paling sedikit 300 kata."
                ),
                required=True,
                most=PROSE,
                words=LEAST_DESIGN_WORDS,
                rows=16,
            ),
        ),
    ),
    Step(
        "tujuan",
        N_("Tujuan, manfaat, dan hasil"),
        (
            Question("purpose", N_("Tujuan inovasi"), Kind.TEXT, required=True, most=PROSE),
            Question("benefit", N_("Manfaat yang diperoleh"), Kind.TEXT, required=True, most=PROSE),
            Question(
                "outcome",
                N_("Hasil inovasi"),
                Kind.TEXT,
                hint=N_("Bandingkan keadaan sebelum dan sesudah inovasi."),
                required=True,
                most=PROSE,
            ),
        ),
    ),
    Step(
        "sertifikat",
        N_("HAKI dan penghargaan"),
        (
            Question("intellectual_property", N_("Dokumen HAKI"), Kind.CERTIFICATE, most=120),
            Question("award", N_("Penghargaan"), Kind.CERTIFICATE, most=120),
        ),
        lead=N_("Semua isian di halaman ini boleh dikosongkan."),
    ),
)

BY_SLUG = {each.slug: each for each in STEPS}


def step_of(field: str) -> Step:
    """The step with the question that a flaw's field (`profile.design`) names; the first step for any other."""
    name = field.split(".")[1] if field.startswith("profile.") else ""
    return next((each for each in STEPS if name in each.names), STEPS[0])


def input_of(name: str) -> str:
    """The field of the form that asks for a field of the profile."""
    return next((each.input for step in STEPS for each in step.questions if each.name == name), name)


def after(step: Step) -> Step | None:
    """The next step; None after the last."""
    place = STEPS.index(step) + 1
    return STEPS[place] if place < len(STEPS) else None


def before(step: Step) -> Step | None:
    """The step before; None before the first."""
    place = STEPS.index(step)
    return STEPS[place - 1] if place else None
