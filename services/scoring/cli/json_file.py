"""Reads and writes JSON for the commands of scoring: decimals stay exact, a repeated key is an error."""

from __future__ import annotations

import json
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from shared.faults import Flaw, Invalid

LARGEST = 16 * 1024 * 1024  # bytes
_MOST_DIGITS = 40  # of one number; no measurement has more


def read_json(file: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    """The value of a JSON file (`-`: standard input). Raises Invalid: missing, too large, not JSON, a repeated key."""
    name = "stdin" if str(file) == "-" else file.name
    try:
        if str(file) == "-":
            text = sys.stdin.buffer.read(LARGEST + 1)
        else:
            with file.open("rb") as opened:
                text = opened.read(LARGEST + 1)
    except OSError as error:
        raise Invalid([Flaw(name, "unreadable", f"tidak dapat dibaca: {error.strerror}")]) from error
    if len(text) > LARGEST:
        raise Invalid([Flaw(name, "too-large", f"lebih besar dari {LARGEST} byte")])
    return parsed(text, name)


def parsed(text: bytes, name: str) -> Any:  # noqa: ANN401 - whatever it holds
    """The value of JSON bytes; decimals stay exact. name: the file's name in flaws. Raises Invalid."""
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        unique = dict(pairs)
        if len(unique) < len(pairs):
            twice.extend(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        return unique

    def refused(word: str) -> NoReturn:
        raise ValueError(f"{word} bukan angka JSON")

    try:
        value = json.loads(
            text.decode("utf-8-sig"),
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=refused,
            object_pairs_hook=once,
        )
    except UnicodeDecodeError as error:
        raise Invalid([Flaw(name, "encoding", f"bukan UTF-8 pada byte {error.start}")]) from error
    except json.JSONDecodeError as error:
        message = f"bukan JSON: {error.msg} (baris {error.lineno}, kolom {error.colno})"
        raise Invalid([Flaw(name, "json", message)]) from error
    except (ValueError, RecursionError) as error:
        message = "terlalu dalam" if isinstance(error, RecursionError) else str(error)
        raise Invalid([Flaw(name, "json", message)]) from error
    if twice:
        raise Invalid([Flaw(name, "twice", f"kunci {key!r} ada dua kali") for key in sorted(set(twice))])
    return value


def number(value: Decimal) -> int | float:
    """A decimal as a JSON number (at most 15 digits, so the text stays exact)."""
    return int(value) if value == value.to_integral_value() else float(value)


def _decimal(text: str) -> Decimal:
    if len(text) > _MOST_DIGITS:
        raise ValueError("angka terlalu panjang")
    value = Decimal(text)
    if abs(value.adjusted()) > _MOST_DIGITS:
        raise ValueError(f"angka {text} terlalu besar atau terlalu kecil")
    return value


def _whole(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("angka terlalu panjang")
    return int(text)
