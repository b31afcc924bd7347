"""The tasks of the office, as the cards of its first page."""

from __future__ import annotations

from dataclasses import dataclass

from services.portal.pages.language import N_


@dataclass(frozen=True)
class Card:
    """path: of its page; title, text: message ids."""

    path: str
    title: str
    text: str


@dataclass(frozen=True)
class Group:
    """title: a message id."""

    title: str
    cards: tuple[Card, ...]


GROUPS: tuple[Group, ...] = (
    Group(
        N_("Tabel"),
        (
            Card(
                "/kurator/kantor/impor",
                N_("Impor tabel"),
                N_("Masukkan tabel Excel atau CSV, dengan laporan per baris."),
            ),
            Card(
                "/kurator/kantor/ekspor",
                N_("Ekspor tabel"),
                N_("Unduh perangkat daerah, inovasi, kontak, dan peringkat."),
            ),
        ),
    ),
    Group(
        N_("Daerah"),
        (
            Card(
                "/kurator/kantor/opd",
                N_("Perangkat daerah"),
                N_("Daftarkan, perbaiki, tutup, dan buka kembali."),
            ),
            Card(
                "/kurator/kantor/kewajiban",
                N_("Kewajiban dan tenggat"),
                N_("Siapa yang wajib, berapa inovasi, dan sampai kapan."),
            ),
            Card(
                "/kurator/kantor/perjanjian",
                N_("Perjanjian inovasi"),
                N_("Yang dijanjikan perangkat daerah, dan yang terwujud."),
            ),
            Card("/kurator/kantor/perhatian", N_("Perlu perhatian"), N_("Inovasi yang macet, tidur, atau berhenti.")),
            Card("/kurator/kantor/ide", N_("Gagasan masyarakat"), N_("Serahkan kepada perangkat daerah, atau tutup.")),
        ),
    ),
    Group(
        N_("Peringatan"),
        (
            Card(
                "/kurator/kantor/peringatan",
                N_("Yang akan diberi tahu"),
                N_("Siapa diberi tahu apa hari ini, dan siapa yang tidak dapat dihubungi."),
            ),
            Card("/kurator/kantor/peringatan/pesan", N_("Pesan terkirim"), N_("Setiap pesan dengan buktinya.")),
            Card("/kurator/kantor/peringatan/pratinjau", N_("Pratinjau pesan"), N_("Bunyi pesan sebelum dikirim.")),
            Card(
                "/kurator/kantor/aturan",
                N_("Aturan peringatan"),
                N_("Kapan orang diingatkan, kapan tidak diganggu, dan nama kantor pengirim."),
            ),
            Card("/kurator/kantor/kontak", N_("Kontak"), N_("Siapa yang diberi tahu, dan lewat apa.")),
            Card("/kurator/kantor/pengecualian", N_("Pengecualian"), N_("Dengan keputusan, untuk satu tahun.")),
        ),
    ),
)
