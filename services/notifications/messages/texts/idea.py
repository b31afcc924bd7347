"""What is said about public ideas: that some wait for the curators, and that an agency is to foster one."""

from __future__ import annotations

from services.notifications.messages.texts.details import IdeaDetails
from services.notifications.messages.texts.statement import Statement, Urgency
from services.notifications.messages.texts.wording import shortened
from shared import indonesian


def idea_statement(details: IdeaDetails, region: str) -> Statement:
    """By what happened. region: the name of the regional government. What an idea says stays in the registry."""
    return _handed_over(details) if details.alert.reason.idea else _received(details, region)


def _received(details: IdeaDetails, region: str) -> Statement:
    ideas = f"{details.count} gagasan masyarakat"
    all_of_them = f"Seluruhnya {details.waiting} gagasan menunggu." if details.waiting > details.count else ""
    ask = "Mohon serahkan setiap gagasan kepada perangkat daerah pembina, atau tutup dengan alasan."
    return Statement(
        alert=details.alert,
        urgency=Urgency.DECISION,
        days=0,
        subject=f"{ideas} menunggu keputusan kurator {region}",
        heading=f"{ideas} menunggu keputusan",
        paragraphs=(
            (
                f"{ideas} yang diterima pada {indonesian.day(details.on)} menunggu keputusan kurator. "
                f"{all_of_them}".rstrip()
            ),
            f"{ask} Isinya dapat dibaca di Satu Inovasi.",
        ),
        template="satu_pemberitahuan_kurator",
        variables=(region, f"{ideas} yang diterima pada {indonesian.day(details.on)} menunggu keputusan"),
        brief=f"{all_of_them} {ask}".lstrip(),
    )


def _handed_over(details: IdeaDetails) -> Statement:
    happened = "sebuah gagasan masyarakat diserahkan untuk dibina"
    return Statement(
        alert=details.alert,
        urgency=Urgency.QUESTION,
        days=0,
        subject=f"Gagasan masyarakat diserahkan kepada {shortened(details.agency)}",
        heading=f"{details.agency}: {happened}",
        paragraphs=(
            (
                f"Pada {indonesian.day(details.on)} kurator menyerahkan sebuah gagasan masyarakat kepada "
                f"{details.agency} untuk dibina."
            ),
            (
                "Judul dan isinya dapat dibaca di Satu Inovasi. Bila ditindaklanjuti di sana, gagasan itu menjadi "
                f"rancangan inovasi {details.agency}."
            ),
        ),
        facts=(("Nomor gagasan", details.alert.reason.idea or ""),),
        template="satu_kabar_inovasi",
        variables=(shortened(details.agency), str(details.year), happened),
        brief="Judul dan isinya dapat dibaca di Satu Inovasi.",
    )
