"""What is said about a deadline: it was moved or cancelled, or the registry is behind with reporting on it."""

from __future__ import annotations

from datetime import date

from services.notifications.messages.texts.details import DeadlineDetails
from services.notifications.messages.texts.statement import Statement, Urgency
from services.notifications.messages.texts.wording import listed, moment, shortened, time_left, with_basis
from shared import indonesian
from shared.contracts.vocabulary import Zone

MOST_IDS = 50  # in one message


def deadline_statement(details: DeadlineDetails, region: str, zone: Zone, today: date) -> Statement:
    """By what happened. region: the name of the regional government."""
    match details.alert.reason.what:
        case "moved":
            return _moved(details, region, zone, today)
        case "cancelled":
            return _cancelled(details, region, zone)
        case _:
            return _behind(details, region, zone)


def _moved(details: DeadlineDetails, region: str, zone: Zone, today: date) -> Statement:
    new = moment(details.new, details.new_hour, zone) if details.new else "waktu lain"
    left = time_left(details.new, details.new_hour, zone, today) if details.new else ""
    same_day = details.old == details.new
    old = moment(details.old, details.old_hour, zone) if details.old else "waktu semula"
    change = f"Tenggat kewajiban inovasi tahun {details.year} berubah dari {old} menjadi {new}"
    subject = new if same_day or details.new is None else indonesian.day(details.new)
    return Statement(
        alert=details.alert,
        urgency=Urgency.MOVED,
        days=(details.new - today).days if details.new else 0,
        subject=f"Tenggat inovasi {details.year} berubah menjadi {subject}",
        heading=f"Tenggat inovasi tahun {details.year} berubah",
        paragraphs=(
            with_basis(change, details.basis),
            f"Tenggat semula tidak berlaku lagi. {left}".rstrip(),
        ),
        facts=(("Tenggat semula", old), ("Tenggat baru", new), *_agencies(details)),
        template="satu_tenggat_berubah",
        variables=(_whom(details, region), str(details.year), f"berubah dari {old} menjadi {new}"),
        brief=_brief(details),
    )


def _cancelled(details: DeadlineDetails, region: str, zone: Zone) -> Statement:
    old = moment(details.old, details.old_hour, zone) if details.old else ""
    which = f"Tenggat kewajiban inovasi tahun {details.year}{f', {old},' if old else ''} dibatalkan"
    return Statement(
        alert=details.alert,
        urgency=Urgency.MOVED,
        days=0,
        subject=f"Tenggat inovasi {details.year} dibatalkan",
        heading=f"Tenggat inovasi tahun {details.year} dibatalkan",
        paragraphs=(
            with_basis(which, details.basis),
            (
                f"Selama belum ada tenggat baru, tidak ada kewajiban inovasi untuk tahun {details.year}. Inovasi yang "
                "sudah disampaikan tetap tercatat."
            ),
        ),
        facts=(*((("Tenggat semula", old),) if old else ()), *_agencies(details)),
        template="satu_tenggat_berubah",
        variables=(_whom(details, region), str(details.year), f"dibatalkan{f' (semula {old})' if old else ''}"),
        brief=_brief(details),
    )


def _behind(details: DeadlineDetails, region: str, zone: Zone) -> Statement:
    deadline = details.new or details.old
    hour = details.new_hour if details.new else details.old_hour
    when = f", {moment(deadline, hour, zone)}," if deadline else ""
    count = len(details.missing)
    lacking = f"{count} inovasi yang disampaikan sebelum tenggat" if count else "laporan penyampaian sampai tenggat"
    shown = details.missing[:MOST_IDS]
    return Statement(
        alert=details.alert,
        urgency=Urgency.BEHIND,
        days=0,
        subject=f"Data penyampaian inovasi {details.year} belum lengkap diterima",
        heading=f"Data penyampaian inovasi tahun {details.year} belum lengkap diterima",
        paragraphs=(
            (
                f"Tenggat kewajiban inovasi tahun {details.year}{when} telah lewat, tetapi {lacking} belum diterima "
                "bagian pemberitahuan. Karena itu belum ada perangkat daerah yang dinyatakan melewati tenggat."
            ),
            (
                "Perangkat daerah tidak diberi tahu tentang hal ini. Mohon beri tahu operator sistem; keadaan ini "
                "pulih sendiri setelah datanya diterima."
            ),
            *((f"Nomor inovasinya: {', '.join(shown)}{_and_more(count - len(shown))}.",) if shown else ()),
        ),
        template="satu_pemberitahuan_kurator",
        variables=(region, f"data penyampaian inovasi tahun {details.year} belum lengkap diterima"),
        brief=f"Yang belum diterima: {lacking}. Mohon beri tahu operator sistem.",
    )


def _and_more(count: int) -> str:
    return f" dan {count} lainnya" if count > 0 else ""


def _brief(details: DeadlineDetails) -> str:
    return f"Dasar: {shortened(details.basis)}." if details.basis else "Mohon disesuaikan dengan rencana Saudara."


def _agencies(details: DeadlineDetails) -> tuple[tuple[str, str], ...]:
    return (("Perangkat daerah", listed(details.agencies, "perangkat daerah")),) if details.agencies else ()


def _whom(details: DeadlineDetails, region: str) -> str:
    names = [shortened(name, 40) for name in details.agencies]
    return listed(names, "perangkat daerah") or region
