"""Dates in words, as agreements have them."""

from __future__ import annotations

from datetime import date

from shared.indonesian import day

_ONES = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")


def number_in_words(number: int) -> str:
    """`dua puluh enam`; below ten thousand."""
    if number < len(_ONES):
        return _ONES[number]
    if number < 20:
        return f"{_ONES[number - 10]} belas"
    for scale, word, one in ((1000, "ribu", "seribu"), (100, "ratus", "seratus"), (10, "puluh", "")):
        if number >= scale:
            times, rest = divmod(number, scale)
            head = one if times == 1 and one else f"{number_in_words(times)} {word}"
            return f"{head} {number_in_words(rest)}" if rest else head
    raise AssertionError


def in_words(dated: date) -> str:
    """`tanggal tiga bulan Desember tahun dua ribu dua puluh enam`."""
    month = day(dated).split()[1]
    return f"tanggal {number_in_words(dated.day)} bulan {month} tahun {number_in_words(dated.year)}"
