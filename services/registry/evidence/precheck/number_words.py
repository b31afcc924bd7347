"""Whole numbers in Indonesian words, below ten thousand."""

from __future__ import annotations

_DIGITS = {
    word: value
    for value, word in enumerate(
        (
            *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh"),
            "sebelas",
        )
    )
}
_ONES = {"seratus": 100, "seribu": 1000}
_SCALES = {"belas": 10, "puluh": 10, "ratus": 100, "ribu": 1000}


def number_of(words: str) -> int | None:
    """`dua ribu dua puluh enam`: 2026; None for anything else."""
    total, ones = 0, None
    for word in words.casefold().replace("duaribu", "dua ribu").split():
        if word in _DIGITS and ones is None:
            ones = _DIGITS[word]
        elif word in _ONES and ones is None:
            total += _ONES[word]
        elif word in _SCALES and ones is not None:
            total += ones + 10 if word == "belas" else ones * _SCALES[word]
            ones = None
        else:
            return None
    total += ones or 0
    return total or None
