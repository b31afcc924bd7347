"""What is asked and told about an innovation besides its status: whether it is still in use, that nobody has answered,
that a right of it ends, that its team leaves, and what becomes of a request to withdraw it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.notifications.messages.texts.details import QuestionDetails
from services.notifications.messages.texts.statement import Statement, Urgency
from services.notifications.messages.texts.wording import named, shortened
from shared import indonesian
from shared.contracts.continuation import RightsKind

_RIGHTS = {
    RightsKind.WORK: "hak cipta",
    RightsKind.PROGRAM: "hak cipta program komputer",
    RightsKind.PHOTOGRAPH: "hak cipta fotografi",
    RightsKind.DATABASE: "hak cipta basis data",
    RightsKind.WORK_OF_A_BODY: "hak cipta badan hukum",
    RightsKind.PATENT: "paten",
    RightsKind.TRADEMARK: "merek",
    RightsKind.DESIGN: "desain industri",
    RightsKind.OTHER: "kekayaan intelektual",
}


@dataclass(frozen=True)
class _Words:
    """happened: after the innovation's name; label: of the day that it is about."""

    happened: str
    paragraphs: tuple[str, ...]
    brief: str
    label: str
    urgency: Urgency = Urgency.QUESTION
    for_curators: bool = False


def question_statement(details: QuestionDetails, region: str, today: date) -> Statement:
    """By what is asked or told. region: the name of the regional government; today: local. Names of persons are not
    known here, and reasons stay in the system."""
    words = _words(details, today)
    innovation = named(shortened(details.name))
    headline = f"{innovation} {words.happened}"
    return Statement(
        alert=details.alert,
        urgency=words.urgency,
        days=(details.on - today).days,
        subject=shortened(f"{headline}: {details.agency}", 110),
        heading=f"{details.agency}: {_small(named(details.name))} {words.happened}",
        paragraphs=words.paragraphs,
        facts=(("Tahun kewajiban", str(details.year)), (words.label, indonesian.day(details.on))),
        template="satu_pemberitahuan_kurator" if words.for_curators else "satu_kabar_inovasi",
        variables=(
            (region, f"{_small(headline)}, {shortened(details.agency)}")
            if words.for_curators
            else (shortened(details.agency), str(details.year), headline)
        ),
        brief=words.brief,
    )


def _words(details: QuestionDetails, today: date) -> _Words:  # noqa: PLR0911 - one for each
    match details.alert.reason.what:
        case "follow-up":
            return _still_in_use(details)
        case "follow-up-lapsed":
            return _lapsed(details)
        case "right-ends":
            return _ends(details)
        case "staff-leaves":
            return _staff_leaves(details, today)
        case "withdrawal-asked":
            return _asked(details)
        case "withdrawal-declined":
            return _declined(details)
        case _:
            return _withdrawn(details)


def _still_in_use(details: QuestionDetails) -> _Words:
    again = f" Ini pertanyaan ke-{details.times}." if details.times > 1 else ""
    return _Words(
        happened="ditanyakan pemanfaatannya",
        paragraphs=(
            (
                f"Apakah {_small(named(details.name))} masih dipakai? Mohon dijawab di Satu Inovasi paling lambat "
                f"{indonesian.day(details.on)}.{again}"
            ),
            (
                "Bila masih dipakai, sertakan angka pemanfaatan dan buktinya; bila tidak, sebutkan alasannya. Tanpa "
                "jawaban, inovasi ini tercatat tidak aktif."
            ),
        ),
        brief=f"Mohon dijawab paling lambat {indonesian.day(details.on)}.",
        label="Batas menjawab",
    )


def _lapsed(details: QuestionDetails) -> _Words:
    later = "Pertanyaan ini masih dapat dijawab di Satu Inovasi"
    return _Words(
        happened="tercatat tidak aktif",
        paragraphs=(
            (
                f"Pertanyaan apakah {_small(named(details.name))} masih dipakai tidak dijawab sampai batasnya. Sejak "
                f"{indonesian.day(details.on)} inovasi ini tercatat tidak aktif."
            ),
            f"{later}; setelah dijawab, keadaannya tercatat menurut jawaban itu.",
        ),
        brief=f"Pertanyaan tindak lanjutnya tidak dijawab. {later}.",
        label="Tercatat tidak aktif sejak",
    )


def _ends(details: QuestionDetails) -> _Words:
    right = _RIGHTS[details.right or RightsKind.OTHER]
    return _Words(
        happened=f"pelindungan {right} segera berakhir",
        paragraphs=(
            f"Pelindungan {right} atas {_small(named(details.name))} berakhir pada {indonesian.day(details.on)}.",
            "Bila dapat diperpanjang, mohon diurus sebelum hari itu, lalu catat tanggal barunya di Satu Inovasi.",
        ),
        brief=f"Hari terakhir pelindungan: {indonesian.day(details.on)}.",
        label="Hari terakhir pelindungan",
    )


def _staff_leaves(details: QuestionDetails, today: date) -> _Words:
    begun = details.on <= today
    since = f"{'Sejak' if begun else 'Mulai'} {indonesian.day(details.on)}"
    ask = "Mohon tetapkan penerusnya dan perbarui tim pelaksananya di Satu Inovasi"
    return _Words(
        happened="tidak lagi mempunyai pelaksana" if begun else "segera tidak mempunyai pelaksana",
        paragraphs=(
            f"{since} tidak ada lagi orang yang tercatat sebagai pelaksana {_small(named(details.name))}.",
            f"{ask}, agar inovasi tetap berjalan setelah pergantian pegawai.",
        ),
        brief=f"{since} tidak ada lagi pelaksana yang tercatat. {ask}.",
        label="Tanpa pelaksana mulai",
    )


def _asked(details: QuestionDetails) -> _Words:
    return _Words(
        happened="dimohonkan untuk ditarik",
        paragraphs=(
            (
                f"{details.agency} memohon penarikan {_small(named(details.name))} pada {indonesian.day(details.on)}. "
                "Alasannya dapat dibaca pada inovasi tersebut di Satu Inovasi."
            ),
            "Inovasi ini tetap terverifikasi dan dihitung sampai kurator menyetujui atau menolak permohonan itu.",
        ),
        brief="Mohon disetujui atau ditolak di Satu Inovasi; sampai saat itu inovasinya tetap dihitung.",
        label="Dimohonkan pada",
        urgency=Urgency.DECISION,
        for_curators=True,
    )


def _declined(details: QuestionDetails) -> _Words:
    return _Words(
        happened="tidak ditarik",
        paragraphs=(
            (
                f"Permohonan penarikan {_small(named(details.name))} ditolak kurator pada "
                f"{indonesian.day(details.on)}. Alasannya dapat dibaca pada inovasi tersebut di Satu Inovasi."
            ),
            "Inovasi ini tetap terverifikasi dan tetap dihitung.",
        ),
        brief="Permohonan penarikannya ditolak kurator; alasannya dapat dibaca di Satu Inovasi.",
        label="Ditolak pada",
        urgency=Urgency.NEWS,
    )


def _withdrawn(details: QuestionDetails) -> _Words:
    return _Words(
        happened="ditarik oleh kurator",
        paragraphs=(
            (
                f"{named(details.name)} ditarik oleh kurator pada {indonesian.day(details.on)}. Alasannya, bila "
                "dicatat, dapat dibaca pada inovasi tersebut di Satu Inovasi."
            ),
            "Inovasi yang ditarik tidak dihitung lagi untuk kewajiban tahun mana pun.",
        ),
        brief="Inovasi yang ditarik tidak dihitung lagi. Alasannya dapat dibaca di Satu Inovasi.",
        label="Ditarik pada",
        urgency=Urgency.NEWS,
    )


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
