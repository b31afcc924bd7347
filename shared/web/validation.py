"""Converts pydantic's errors into flaws: dotted paths and sentences in Bahasa Indonesia."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shared.faults import MOST_FLAWS, Flaw, Invalid

_SENTENCES: dict[str, str] = {
    "missing": "wajib diisi",
    "extra_forbidden": "isian ini tidak dikenal",
    "json_invalid": "bukan JSON yang benar",
    "model_attributes_type": "harus berupa objek",
    "model_type": "harus berupa objek",
    "dict_type": "harus berupa objek",
    "list_type": "harus berupa daftar",
    "tuple_type": "harus berupa daftar",
    "string_type": "harus berupa teks",
    "string_unicode": "harus berupa teks Unicode yang utuh",
    "string_too_short": "paling sedikit {min_length} karakter",
    "string_too_long": "paling banyak {max_length} karakter",
    "string_pattern_mismatch": "bentuknya tidak sesuai",
    "int_type": "harus berupa bilangan bulat",
    "int_parsing": "harus berupa bilangan bulat",
    "int_from_float": "harus berupa bilangan bulat",
    "float_type": "harus berupa bilangan",
    "float_parsing": "harus berupa bilangan",
    "decimal_type": "harus berupa bilangan",
    "decimal_parsing": "harus berupa bilangan",
    "decimal_max_digits": "paling banyak {max_digits} angka",
    "decimal_max_places": "paling banyak {decimal_places} angka di belakang koma",
    "decimal_whole_digits": "paling banyak {whole_digits} angka di depan koma",
    "finite_number": "harus berupa bilangan berhingga",
    "bool_type": "harus true atau false",
    "bool_parsing": "harus true atau false",
    "enum": "harus salah satu dari: {expected}",
    "literal_error": "harus salah satu dari: {expected}",
    "greater_than_equal": "paling sedikit {ge}",
    "greater_than": "harus lebih dari {gt}",
    "less_than_equal": "paling banyak {le}",
    "less_than": "harus kurang dari {lt}",
    "too_short": "paling sedikit {min_length} butir",
    "too_long": "paling banyak {max_length} butir",
    "date_type": "harus berupa tanggal, misalnya 2026-12-31",
    "date_parsing": "harus berupa tanggal, misalnya 2026-12-31",
    "date_from_datetime_parsing": "harus berupa tanggal, misalnya 2026-12-31",
    "date_from_datetime_inexact": "harus berupa tanggal tanpa jam",
    "datetime_parsing": "harus berupa waktu ISO 8601",
    "timezone_aware": "harus menyebut zona waktu",
    "url_parsing": "harus berupa alamat web lengkap",
    "url_scheme": "harus berawal http:// atau https://",
    "uuid_parsing": "harus berupa UUID",
}
_PARTS = frozenset({"body", "query", "path", "header", "cookie"})


def invalid_of(errors: Sequence[Mapping[str, Any]]) -> Invalid:
    """Pydantic's errors as one fault, in its order. Paths begin inside the body, query or other part."""
    return Invalid([_flaw(error) for error in errors[:MOST_FLAWS]], more=max(0, len(errors) - MOST_FLAWS))


def _flaw(error: Mapping[str, Any]) -> Flaw:
    kind = str(error["type"])
    return Flaw(_field(error), kind.replace("_", "-"), _sentence(kind, error))


def _field(error: Mapping[str, Any]) -> str:
    path = [str(part) for part in error["loc"]]
    if error["type"] == "json_invalid" or path == ["body"]:
        return "body"
    if path and path[0] in _PARTS:
        path = path[1:]
    return ".".join(path) or "body"


def _sentence(kind: str, error: Mapping[str, Any]) -> str:
    template = _SENTENCES.get(kind)
    if template is None:
        return str(error["msg"]).removeprefix("Value error, ")
    try:
        return template.format_map(dict(error.get("ctx") or {}))
    except KeyError:
        return str(error["msg"])
