"""Recognises passwords that whoever guesses tries first: words that everybody chooses, with figures around them. Pure.

NIST SP 800-63B §3.1.1.2 wants new passwords compared with those that are commonly used. The words are our own choice
for Indonesian offices, not a copy of a list of breached passwords.
"""

from __future__ import annotations

import re

_TEXT = (
    "password passwd pass kata sandi katasandi rahasia qwerty qwertyuiop asdf asdfgh asdfghjkl zxcvbnm abc "
    "abcd abcdef admin administrator operator kurator user guest tamu login masuk welcome selamat datang "
    "letmein test coba indonesia nusantara garuda pancasila merdeka bismillah alhamdulillah jakarta sayang "
    "cinta iloveyou aku kamu satu inovasi satuinovasi daerah iga sekda bupati gubernur walikota pemda pemkab "
    "pemkot pemprov dinas badan kantor bagian bappeda bapperida brida kabupaten kota provinsi kecamatan "
    "januari februari maret april mei juni juli agustus september oktober november desember "
)
WORDS = frozenset(_TEXT.split())
MOST_WORDS = 3
"""A phrase of more words than these is hard to guess, however common each is."""

_SIGNS = str.maketrans("4@310!5$7", "aaeioisst")
_OTHER = re.compile(r"[\W\d_]+")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LONGEST_WORD = max(map(len, WORDS))


def is_guessable(plain: str) -> bool:
    """Whether nothing is left of it without figures, signs and common words. plain: case-folded."""
    readings = {_OTHER.sub("", plain), _OTHER.sub("", _AROUND.sub("", plain).translate(_SIGNS))}
    return any(_is_common(reading, MOST_WORDS) for reading in readings)


def _is_common(letters: str, left: int) -> bool:
    if not letters:
        return True
    longest = min(len(letters), _LONGEST_WORD)
    return left > 0 and any(
        letters[:length] in WORDS and _is_common(letters[length:], left - 1) for length in range(1, longest + 1)
    )
