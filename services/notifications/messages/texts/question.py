"""What is asked about an innovation: whether it is still in use; and that a right of it ends."""

from __future__ import annotations

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


def question_statement(details: QuestionDetails, today: date) -> Statement:
    """today: local. Names of holders are not known here."""
    innovation = named(shortened(details.name))
    if details.right is None:
        happened = "ditanyakan pemanfaatannya"
        paragraphs = _still_in_use(details)
        brief = f"Mohon dijawab paling lambat {indonesian.day(details.on)}."
        label = "Batas menjawab"
    else:
        right = _RIGHTS[details.right]
        happened = f"pelindungan {right} segera berakhir"
        paragraphs = _ends(details, right)
        brief = f"Hari terakhir pelindungan: {indonesian.day(details.on)}."
        label = "Hari terakhir pelindungan"
    return Statement(
        alert=details.alert,
        urgency=Urgency.QUESTION,
        days=(details.on - today).days,
        subject=shortened(f"{innovation} {happened}: {details.agency}", 110),
        heading=f"{details.agency}: {_small(named(details.name))} {happened}",
        paragraphs=paragraphs,
        facts=(("Tahun kewajiban", str(details.year)), (label, indonesian.day(details.on))),
        template="satu_kabar_inovasi",
        variables=(shortened(details.agency), str(details.year), f"{innovation} {happened}"),
        brief=brief,
    )


def _still_in_use(details: QuestionDetails) -> tuple[str, ...]:
    again = f" Ini pertanyaan ke-{details.times}." if details.times > 1 else ""
    return (
        (
            f"Apakah {_small(named(details.name))} masih dipakai? Mohon dijawab di Satu Inovasi paling lambat "
            f"{indonesian.day(details.on)}.{again}"
        ),
        (
            "Bila masih dipakai, sertakan angka pemanfaatan dan buktinya; bila tidak, sebutkan alasannya. Tanpa "
            "jawaban, inovasi ini tercatat tidak aktif."
        ),
    )


def _ends(details: QuestionDetails, right: str) -> tuple[str, ...]:
    return (
        f"Pelindungan {right} atas {_small(named(details.name))} berakhir pada {indonesian.day(details.on)}.",
        "Bila dapat diperpanjang, mohon diurus sebelum hari itu, lalu catat tanggal barunya di Satu Inovasi.",
    )


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
