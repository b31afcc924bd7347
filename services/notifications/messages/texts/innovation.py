"""What is said about an innovation: it was returned, verified or scored."""

from __future__ import annotations

from datetime import date

from services.notifications.messages.texts.details import InnovationDetails
from services.notifications.messages.texts.statement import Statement, Urgency
from services.notifications.messages.texts.wording import moment, named, points, shortened, time_left
from shared import indonesian
from shared.contracts.vocabulary import Zone


def innovation_statement(details: InnovationDetails, zone: Zone, today: date) -> Statement:
    """By what happened. The notes of a return stay in the system: they are free text about persons' work."""
    match details.alert.reason.what:
        case "returned":
            urgency, happened, sentences = Urgency.RETURNED, "dikembalikan untuk diperbaiki", _returned(details)
        case "verified":
            urgency, happened, sentences = Urgency.NEWS, "telah diverifikasi", _verified(details)
        case _:
            urgency, happened, sentences = Urgency.NEWS, "telah dinilai", _scored(details)
    innovation = named(shortened(details.name))
    return Statement(
        alert=details.alert,
        urgency=urgency,
        days=(details.deadline - today).days if details.deadline else 0,
        subject=shortened(f"{innovation} {happened}: {details.agency}", 110),
        heading=f"{details.agency}: {_small(named(details.name))} {happened}",
        paragraphs=(*sentences, *_deadline(details, zone, today)),
        facts=_facts(details),
        template="satu_kabar_inovasi",
        variables=(shortened(details.agency), str(details.year), f"{innovation} {happened}"),
        brief=" ".join((_brief(details), *_deadline(details, zone, today))),
    )


def _returned(details: InnovationDetails) -> tuple[str, ...]:
    return (
        f"{named(details.name)} dikembalikan kurator untuk diperbaiki{_on(details)}.",
        (
            "Catatan perbaikannya dapat dibaca pada inovasi tersebut di Satu Inovasi. Setelah diperbaiki, mohon "
            "sampaikan kembali inovasinya."
        ),
    )


def _verified(details: InnovationDetails) -> tuple[str, ...]:
    return (f"{named(details.name)} telah diverifikasi kurator{_on(details)}. Terima kasih.",)


def _scored(details: InnovationDetails) -> tuple[str, ...]:
    innovation = named(details.name)
    if details.claimed is None or details.most is None:
        return (f"{innovation} telah dinilai. Rincian skor kematangannya dapat dibaca di Satu Inovasi.",)
    score = f"Skor kematangan {_small(innovation)} menurut isian adalah {_of(details)}."
    return (score, "Rincian tiap indikator dan langkah perbaikannya dapat dibaca di Satu Inovasi.")


def _brief(details: InnovationDetails) -> str:
    match details.alert.reason.what:
        case "returned":
            return "Catatan perbaikan dapat dibaca di Satu Inovasi; setelah diperbaiki, mohon disampaikan kembali."
        case "verified":
            return "Terima kasih atas penyampaiannya."
        case _ if details.claimed is not None and details.most is not None:
            return f"Skor kematangan menurut isian: {_of(details)}."
        case _:
            return "Rincian skor kematangan dapat dibaca di Satu Inovasi."


def _of(details: InnovationDetails) -> str:
    return f"{points(details.claimed)} dari {points(details.most)}"


def _facts(details: InnovationDetails) -> tuple[tuple[str, str], ...]:
    facts = [("Tahun kewajiban", str(details.year))]
    if details.alert.reason.what == "scored" and details.claimed is not None and details.most is not None:
        facts.append(("Skor menurut isian", _of(details)))
        if details.verified is not None:
            facts.append(("Skor terverifikasi", f"{points(details.verified)} dari {points(details.most)}"))
    return tuple(facts)


def _deadline(details: InnovationDetails, zone: Zone, today: date) -> tuple[str, ...]:
    if details.deadline is None or details.alert.reason.what != "returned" or details.deadline < today:
        return ()
    when = moment(details.deadline, details.hour, zone)
    left = time_left(details.deadline, details.hour, zone, today)
    return (f"Tenggat kewajiban tahun {details.year}: {when}. {left}",)


def _on(details: InnovationDetails) -> str:
    return f" pada {indonesian.day(details.on)}" if details.on else ""


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
