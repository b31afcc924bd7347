"""What is said about an address: its owner confirms it, or the curator hears that it could not be reached."""

from __future__ import annotations

from services.notifications.messages.texts.codes import reason_of
from services.notifications.messages.texts.details import ContactDetails
from services.notifications.messages.texts.statement import Statement, Urgency
from services.notifications.messages.texts.wording import capitalised, channel_name, listed, shortened

_KINDS = {"email": "alamat surel", "whatsapp": "nomor WhatsApp"}


def contact_statement(details: ContactDetails, region: str) -> Statement:
    """By what happened. region: the name of the regional government."""
    return _confirm(details, region) if details.alert.reason.what == "confirm" else _unreachable(details, region)


def _confirm(details: ContactDetails, region: str) -> Statement:
    whom = listed(details.agencies, "perangkat daerah") or region
    kind = _KINDS.get(details.channel, "alamat")
    ask = "Mohon pastikan lewat tautan di bawah ini." if details.path else "Tidak ada yang perlu dilakukan."
    return Statement(
        alert=details.alert,
        urgency=Urgency.CONFIRM,
        days=0,
        subject=f"Mohon pastikan {kind} ini untuk {shortened(whom)}",
        heading=f"Kontak {whom}",
        paragraphs=(
            (f"{capitalised(kind)} ini dicatat sebagai kontak {whom} untuk pemberitahuan Satu Inovasi. {ask}"),
            (
                "Alamat ini hanya dipakai untuk pemberitahuan Satu Inovasi dan dapat diperbaiki atau dihapus melalui "
                "kantor kurator. Jika Saudara bukan orang yang dituju, mohon beri tahu kantor kurator."
            ),
        ),
        template="satu_konfirmasi_kontak",
        variables=(shortened(_short(details, region)),),
        brief="Jika Saudara bukan orang yang dituju, mohon beri tahu kantor kurator.",
        action="Pastikan alamat ini" if details.channel == "email" else "Pastikan nomor ini",
        path=details.path,
    )


def _unreachable(details: ContactDetails, region: str) -> Statement:
    whom = listed(details.agencies, "perangkat daerah") or region
    why = reason_of(details.code)
    masked = f" {details.masked}" if details.masked else ""
    return Statement(
        alert=details.alert,
        urgency=Urgency.UNREACHABLE,
        days=0,
        subject=f"Kontak {shortened(whom)} tidak dapat dihubungi",
        heading=f"{whom}: kontak tidak dapat dihubungi",
        paragraphs=(
            f"Kontak {whom} tidak dapat dihubungi melalui {channel_name(details.channel)}{masked}: {why}.",
            (
                "Mohon perbarui alamatnya. Pemberitahuan yang masih berlaku dikirim lagi setelah alamatnya diperbarui; "
                "sementara itu pemberitahuan dikirim ke alamat atau kontak lain perangkat daerah itu, bila ada."
            ),
        ),
        template="satu_pemberitahuan_kurator",
        variables=(region, f"kontak {shortened(whom)} tidak dapat dihubungi"),
        brief="Mohon perbarui alamatnya di Satu Inovasi.",
    )


def _short(details: ContactDetails, region: str) -> str:
    return listed([shortened(name, 40) for name in details.agencies], "perangkat daerah") or region
