"""What is said about a webhook endpoint: the curator hears that it was disabled."""

from __future__ import annotations

from services.notifications.messages.texts.details import EndpointDetails
from services.notifications.messages.texts.statement import Statement, Urgency
from shared import indonesian


def endpoint_statement(details: EndpointDetails, region: str) -> Statement:
    """region: the name of the regional government."""
    again = f" untuk ke-{details.times} kalinya" if details.times > 1 else ""
    why = (
        "penerimanya menyatakan sudah tidak ada (jawaban 410)"
        if details.gone
        else "selama lima hari tidak ada satu pun kiriman yang diterima"
    )
    return Statement(
        alert=details.alert,
        urgency=Urgency.ENDPOINT,
        days=0,
        subject=f"Penerima webhook {region} dinonaktifkan{again}",
        heading="Penerima webhook dinonaktifkan",
        paragraphs=(
            (
                f"Penerima webhook dengan nomor {details.endpoint} dinonaktifkan{again} sejak "
                f"{indonesian.day(details.since)}: {why}."
            ),
            (
                "Sistem lain yang memakai penerima ini tidak mendapat kabar baru. Mohon hubungi pengelolanya. Setelah "
                "diperbaiki, aktifkan kembali penerima itu: kabar yang tertunda dikirim dari tempat terakhir."
            ),
        ),
        template="satu_pemberitahuan_kurator",
        variables=(region, f"penerima webhook dinonaktifkan{again}"),
        brief=f"Nomor penerima: {details.endpoint}. Mohon hubungi pengelolanya.",
    )
