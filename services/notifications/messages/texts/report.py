"""The weekly list for the curator, the head of the region and the secretary."""

from __future__ import annotations

from collections.abc import Sequence

from services.notifications.messages.texts.details import AgencyLine, Attention, Forecast, ReportDetails, YearTotals
from services.notifications.messages.texts.statement import Statement, Table, Urgency
from services.notifications.messages.texts.wording import moment
from shared import indonesian
from shared.contracts.vocabulary import Zone

MOST_ROWS = 30  # of one list; the message says how many more there are

_NOTES = {
    "fulfilled": "terpenuhi",
    "late": "terpenuhi setelah tenggat",
    "open": "belum terpenuhi",
    "opened-again": "terbuka kembali",
    "waiting": "menunggu verifikasi",
    "registry": "menunggu data penyampaian",
    "overdue": "melewati tenggat",
    "exempted": "dikecualikan",
    "no-contact": "tidak ada kontak",
    "no-address": "kontaknya tanpa surel dan tanpa nomor WhatsApp",
    "closed": "semua alamat tidak dapat menerima pesan",
    "undelivered": "belum ada tanda terima",
    "not-told": "belum diberi tahu sampai tahapnya berakhir",
}


def report_statement(details: ReportDetails, region: str, zone: Zone) -> Statement:
    """region: the name of the regional government."""
    days = f"{indonesian.day(details.first)} sampai {indonesian.day(details.last)}"
    return Statement(
        alert=details.alert,
        urgency=Urgency.REPORT,
        days=0,
        subject=f"Laporan mingguan inovasi {region}, {days}",
        heading=f"Laporan mingguan kewajiban inovasi {region}",
        paragraphs=(f"Keadaan kewajiban inovasi perangkat daerah, {days}.", *_totals(details.totals, zone)),
        tables=(
            _table("Perubahan pekan lalu", "Keadaan", details.changes, "Tidak ada perubahan."),
            _table("Melewati tenggat", "", details.late, "Tidak ada yang melewati tenggat."),
            _table("Menunggu verifikasi", "", details.waiting, "Tidak ada yang menunggu verifikasi."),
            _table("Belum dapat diberi tahu", "Sebab", details.untold, "Tidak ada yang belum dapat diberi tahu."),
        ),
        facts=(*_attention(details.attention), *_forecast(details.forecast)),
        template="satu_pemberitahuan_kurator",
        variables=(region, f"laporan mingguan kewajiban inovasi, {days}"),
        brief=_brief(details),
    )


def _totals(totals: Sequence[YearTotals], zone: Zone) -> tuple[str, ...]:
    return tuple(
        f"Tahun {each.year} (tenggat {moment(each.deadline, each.hour, zone)}): {each.fulfilled} terpenuhi, "
        f"{each.open} belum terpenuhi, {each.waiting} menunggu verifikasi, {each.overdue} melewati tenggat, "
        f"{each.exempted} dikecualikan."
        for each in totals
    )


def _table(title: str, note: str, lines: Sequence[AgencyLine], empty: str) -> Table:
    columns = ("Perangkat daerah", "Tahun", "Sejak", *((note,) if note else ()))
    rows = tuple(_row(each, with_note=bool(note)) for each in lines[:MOST_ROWS])
    return Table(f"{title} ({len(lines)})", columns, rows, rest=len(lines) - len(rows), empty=empty)


def _row(line: AgencyLine, *, with_note: bool) -> tuple[str, ...]:
    since = indonesian.day(line.since) if line.since else "tidak diketahui"
    note = (_NOTES.get(line.note, line.note or "tidak diketahui"),) if with_note else ()
    return (line.agency, str(line.year), since, *note)


def _attention(attention: Attention) -> tuple[tuple[str, str], ...]:
    """What else waits; what there is none of is not named."""
    oldest = f", terlama sejak {indonesian.day(attention.ideas_since)}" if attention.ideas_since else ""
    counts = (
        ("Permohonan penarikan yang menunggu keputusan", attention.withdrawals, ""),
        ("Gagasan masyarakat yang menunggu keputusan", attention.ideas, oldest),
        ("Gagasan yang belum ditindaklanjuti pembinanya", attention.fostered, ""),
        ("Pertanyaan tindak lanjut yang belum dijawab", attention.questions, ""),
        ("Pertanyaan yang lewat tanpa jawaban pekan lalu", attention.lapsed, ""),
        ("Inovasi yang tidak atau segera tidak mempunyai pelaksana", attention.staffing, ""),
        ("Pelindungan kekayaan intelektual yang segera berakhir", attention.rights, ""),
    )
    return tuple((label, f"{count}{more}") for label, count, more in counts if count)


def _forecast(forecast: Forecast) -> tuple[tuple[str, str], ...]:
    label = f"Prakiraan {forecast.days} hari ke depan"
    if forecast.messages is None:
        return ((label, "tidak diketahui"),)
    persons = "" if forecast.persons is None else f" kepada {forecast.persons} orang"
    price = (
        "tidak diketahui (tidak ada daftar harga untuk hari-hari itu)" if forecast.cost is None else _money(forecast)
    )
    return ((label, f"{forecast.messages} pesan{persons}"), ("Prakiraan biaya", price))


def _money(forecast: Forecast) -> str:
    amount = indonesian.number(forecast.cost) if forecast.cost is not None else ""
    return f"Rp{amount}" if forecast.currency == "IDR" else f"{forecast.currency} {amount}"


def _brief(details: ReportDetails) -> str:
    late, waiting, untold = len(details.late), len(details.waiting), len(details.untold)
    return f"{late} melewati tenggat, {waiting} menunggu verifikasi, {untold} belum dapat diberi tahu."
