"""Synthetic letters as offices write them, some with planted defects. All from one seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from textwrap import wrap

from services.registry.evidence.precheck.precheck import Declared, Item
from services.registry.evidence.window import window_of
from shared.indonesian import day
from tests.support.precheck import wording
from tests.support.precheck.pdfs import pdf_of, scan_of
from tests.support.precheck.written import in_words

YEAR = 2026  # of the assessment
_ROWS = ("16", "17", "20", "22", "23", "24", "28", "32")
_FONTS = ("Helvetica", "Times-Roman", "Courier", "Times-Bold")

_NOISY = 0.08  # of the files
_CONFUSED = {
    "l": "I",
    "I": "l",
    "i": "l",
    "O": "0",
    "o": "0",
    "0": "O",
    "1": "l",
    "5": "S",
    "e": "c",
    "a": "o",
    "n": "r",
}


@dataclass(frozen=True)
class Facts:
    """What a letter says. number, dated: None where the line was left open; cited: a number that it refers to."""

    number: str | None
    dated: date | None
    subject: str
    title: str | None
    place: str
    office: str
    cited: str | None = None


@dataclass(frozen=True)
class Case:
    """A file, what was declared of it, and the items of which the declaration is wrong. scan: it has no text; open: the
    items of which nobody can say whether they are wrong."""

    pdf: bytes
    declared: Declared
    wrong: frozenset[Item]
    scan: bool = False
    open: frozenset[Item] = frozenset()


def case_of(seed: int) -> Case:
    """The file of that seed."""
    random = Random(seed)
    title = random.choice(wording.TITLES)
    place, office = random.choice(wording.PLACES), random.choice(wording.OFFICES)
    dated = date(YEAR - random.choice((0, 0, 1)), 1, 2) + timedelta(days=random.randrange(360))
    subject = random.choice(wording.SUBJECTS).format(title=title, office=office, year=dated.year)
    facts = Facts(_number(random, dated.year), dated, subject, title, place, office)
    row = random.choice(_ROWS)
    declared = Declared(
        row=row,
        number=facts.number,
        dated=dated,
        subject=_as_typed(random, subject),
        title=title,
        window=window_of(row, YEAR),
    )
    if random.random() < 0.05:
        return Case(
            scan_of(random.randint(1, 3), "Dokumen ini ditandatangani secara elektronik"),
            declared,
            frozenset(),
            scan=True,
        )
    wrong, unclear = frozenset[Item](), frozenset[Item]()
    if random.random() < 0.6:
        facts, declared, wrong, unclear = _planted(random, facts, declared)
    return Case(_pdf(random, facts), declared, wrong, open=unclear)


def _planted(
    random: Random, facts: Facts, declared: Declared
) -> tuple[Facts, Declared, frozenset[Item], frozenset[Item]]:
    """One or two defects."""
    wrong, unclear = set[Item](), set[Item]()
    items = [Item.NUMBER, Item.DATED, Item.SUBJECT, Item.TITLE] + ([Item.YEARS] if declared.window else [])
    chosen = random.sample(items, random.choice((1, 1, 2)))
    if {Item.DATED, Item.YEARS} <= set(chosen):
        chosen.remove(Item.YEARS)
    for item in chosen:
        wrong.add(item)
        match item:
            case Item.NUMBER:
                facts = _other_number(random, facts)
            case Item.DATED if facts.dated is not None:
                kept = random.random() < 0.3
                moved = facts.dated + timedelta(days=random.choice((-31, -10, -1, 1, 7, 30)))
                facts = replace(facts, dated=None if kept else moved)
                unclear.add(Item.YEARS)
            case Item.SUBJECT:
                facts = replace(facts, subject=random.choice(wording.OTHER_SUBJECTS))
            case Item.TITLE:
                before, facts = facts, _other_title(random, facts)
                wrong |= {Item.SUBJECT} if facts.subject != before.subject else set()
            case Item.YEARS if facts.dated is not None:
                old = facts.dated.replace(year=facts.dated.year - random.choice((4, 5)), day=min(facts.dated.day, 28))
                facts, declared = replace(facts, dated=old), declared.model_copy(update={"dated": old})
            case _:
                wrong.discard(item)
    return facts, declared, frozenset(wrong), frozenset(unclear)


def _other_number(random: Random, facts: Facts) -> Facts:
    number = facts.number or ""
    if (chance := random.random()) < 0.25:
        return replace(facts, number=None)
    places = [place for place, sign in enumerate(number) if sign.isdigit()][:-4]
    place = random.choice(places or [0])
    other = f"{number[:place]}{(int(number[place]) + random.randint(1, 8)) % 10}{number[place + 1 :]}"
    return replace(facts, number=other, cited=number if chance > 0.8 else None)


def _other_title(random: Random, facts: Facts) -> Facts:
    """Another innovation, or none; the subject names it too."""
    others = [
        each
        for each in wording.TITLES
        if not set(each.casefold().split()) & set((facts.title or "").casefold().split())
    ]
    other = random.choice(others) if random.random() < 0.6 else None
    subject = facts.subject.replace(facts.title or "", other or "Pelayanan Publik")
    return replace(facts, title=other, subject=subject)


def _number(random: Random, year: int) -> str:
    return random.choice(wording.NUMBERS).format(
        n=random.randint(1, 999),
        k=random.randint(1, 14),
        m=random.randint(1, 9),
        unit=random.choice(wording.UNITS),
        roman=random.choice(wording.ROMAN),
        year=year,
    )


def _as_typed(random: Random, subject: str) -> str:
    """As an officer types it: in capitals, in small letters, or without a word."""
    words = subject.split()
    if len(words) > 6 and random.random() < 0.2:
        del words[random.randrange(1, len(words) - 1)]
    text = " ".join(words)
    return random.choice((text, text, text.upper(), text.lower(), text.capitalize()))


def _pdf(random: Random, facts: Facts) -> bytes:
    lines = random.choice((_decree, _letter, _assignment, _agreement, _report))(random, facts)
    width = random.choice((62, 70, 78))
    wrapped = [part for line in lines for part in (wrap(line, width) or [""])]
    if random.random() < _NOISY:
        wrapped = [_noisy(random, line) for line in wrapped]
    per_page = random.choice((24, 30, 42))
    pages = [wrapped[start : start + per_page] for start in range(0, len(wrapped), per_page)]
    if random.random() < 0.3:
        pages = [[*page, "", f"- {number} -"] for number, page in enumerate(pages, 1)]
    return pdf_of(*pages, font=random.choice(_FONTS))


def _noisy(random: Random, line: str) -> str:
    """As a scanner's text recognition gives it: a hundredth of the signs are taken for others."""
    return "".join(_CONFUSED.get(sign, sign) if random.random() < 0.01 else sign for sign in line)


def _decree(random: Random, facts: Facts) -> list[str]:
    number = _printed_number(random, facts, upper=True)
    heading = random.choice(("KEPUTUSAN", "K E P U T U S A N", "PERATURAN"))
    laws = random.sample(wording.LAWS, 3)
    return [
        f"BUPATI {facts.place.upper()}",
        "",
        f"{heading} BUPATI {facts.place.upper()}",
        random.choice(("NOMOR {0}", "NOMOR : {0}", "Nomor: {0}", "NOMOR  :  {0}")).format(number),
        random.choice(("TENTANG", "T E N T A N G", "tentang")),
        _subject(random, facts),
        "DENGAN RAHMAT TUHAN YANG MAHA ESA",
        f"BUPATI {facts.place.upper()},",
        f"Menimbang : a. {wording.BODY[0]} {_named(random, facts)};",
        f"b. {wording.BODY[1]};",
        *(f"{'Mengingat : ' if not place else ''}{place + 1}. {law};" for place, law in enumerate(laws)),
        *_cited(facts),
        "MEMUTUSKAN:",
        f"KESATU : {_sentence(random)}.",
        f"KEDUA : {_sentence(random)}.",
        f"KETIGA : {wording.BODY[3]}.",
        f"Ditetapkan di {wording.SEATS[facts.place]}",
        f"pada tanggal {_printed_date(random, facts)}",
        f"BUPATI {facts.place.upper()},",
        "ttd.",
    ]


def _letter(random: Random, facts: Facts) -> list[str]:
    about = random.choice(("Hal", "Perihal"))
    return [
        f"PEMERINTAH KABUPATEN {facts.place.upper()}",
        facts.office.upper(),
        "Jalan Arteri Supadio Km 12, Telepon 0561-721234, Kode Pos 78391",
        f"{wording.SEATS[facts.place]}, {_printed_date(random, facts)}",
        f"Nomor : {_printed_number(random, facts)}",
        "Sifat : Biasa",
        "Lampiran : 1 (satu) berkas",
        f"{about} : {_subject(random, facts)}",
        "Yth. Kepala Perangkat Daerah",
        "di tempat",
        f"Sehubungan dengan pelaksanaan {_named(random, facts)}, bersama ini kami sampaikan hal-hal berikut.",
        f"Memperhatikan {random.choice(wording.LAWS)}, {_sentence(random)}.",
        *_cited(facts),
        f"{_sentence(random)}.",
        "Demikian disampaikan, atas perhatiannya diucapkan terima kasih.",
        f"Kepala {facts.office},",
    ]


def _assignment(random: Random, facts: Facts) -> list[str]:
    return [
        f"PEMERINTAH KABUPATEN {facts.place.upper()}",
        facts.office.upper(),
        random.choice(("SURAT TUGAS", "SURAT PERINTAH", "SURAT PENUGASAN")),
        random.choice(("Nomor : {0}", "NOMOR: {0}", "No. {0}", "Nomor {0}")).format(_printed_number(random, facts)),
        f"Perihal : {_subject(random, facts)}",
        f"Dasar : 1. {random.choice(wording.LAWS)};",
        *_cited(facts),
        "MEMERINTAHKAN:",
        "Kepada : 1. Pelaksana pertama; 2. Pelaksana kedua",
        f"Untuk : melaksanakan {_named(random, facts)} dan {_sentence(random)}.",
        f"Dikeluarkan di {wording.SEATS[facts.place]}",
        f"pada tanggal : {_printed_date(random, facts)}",
        f"Kepala {facts.office}",
    ]


def _agreement(random: Random, facts: Facts) -> list[str]:
    spoken = in_words(facts.dated) if facts.dated else "tanggal .......... bulan .......... tahun .........."
    shown = f" ({facts.dated:%d-%m-%Y})" if facts.dated and random.random() < 0.5 else ""
    return [
        "PERJANJIAN KERJA SAMA",
        f"ANTARA PEMERINTAH KABUPATEN {facts.place.upper()} DENGAN UNIVERSITAS CONTOH",
        "TENTANG",
        _subject(random, facts),
        f"Nomor : {_printed_number(random, facts)}",
        "Nomor : 12/UN.0/KS/2019",
        f"Pada hari ini, {spoken}{shown}, bertempat di {wording.SEATS[facts.place]}, kami yang bertanda tangan",
        "di bawah ini, selanjutnya disebut PARA PIHAK, sepakat:",
        f"Pasal 1: PARA PIHAK melaksanakan {_named(random, facts)}.",
        f"Pasal 2: {_sentence(random)}.",
        *_cited(facts),
        f"Pasal 3: {_sentence(random)}.",
    ]


def _report(random: Random, facts: Facts) -> list[str]:
    return [
        "LAPORAN",
        _named(random, facts).upper(),
        f"Nomor: {_printed_number(random, facts)}",
        f"Tanggal: {_printed_date(random, facts)}",
        f"Judul: {_subject(random, facts)}",
        "BAB I PENDAHULUAN",
        *(f"{_sentence(random)}." for _ in range(random.randint(4, 30))),
        "BAB II HASIL",
        f"Pelaksanaan {_named(random, facts)} menunjukkan bahwa {_sentence(random)}.",
        *_cited(facts),
        *(f"{_sentence(random)}." for _ in range(random.randint(2, 20))),
    ]


def _subject(random: Random, facts: Facts) -> str:
    return random.choice((facts.subject, facts.subject.upper(), facts.subject.upper()))


def _named(random: Random, facts: Facts) -> str:
    if facts.title is None:
        return "pelayanan kepada masyarakat"
    return random.choice(("inovasi {0}", "inovasi “{0}”", "{0}", "inovasi daerah {0}")).format(
        random.choice((facts.title, facts.title, facts.title.upper()))
    )


def _sentence(random: Random) -> str:
    return random.choice(wording.BODY)


def _cited(facts: Facts) -> list[str]:
    return [f"Menindaklanjuti surat Nomor {facts.cited} tanggal 4 Januari 2026."] if facts.cited else []


def _printed_number(random: Random, facts: Facts, *, upper: bool = False) -> str:
    if facts.number is None:
        return random.choice((f"      /          /{YEAR}", "...................", ""))
    number = facts.number.upper() if upper else facts.number
    return random.choice(
        (number, number, number.replace("/", " / "), number.replace("/", "/ "), number.replace("-", "–"))
    )


def _printed_date(random: Random, facts: Facts) -> str:
    if facts.dated is None:
        return random.choice((f"           {YEAR}", f"....... Januari {YEAR}", ""))
    it = facts.dated
    plain = day(it)
    return random.choice(
        (
            *(plain, plain, plain, plain.upper(), f"{it.day:02}{plain[len(str(it.day)) :]}", plain.replace(" ", "  ")),
            *(
                f"{it:%d-%m-%Y}",
                f"{it.day}/{it.month}/{it.year}",
                f"{it:%d.%m.%Y}",
                plain.replace("November", "Nopember"),
            ),
        )
    )
