"""Bad input for a form, drawn: what broken browsers, hurried people and attackers send."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, quote_from_bytes

from services.portal.pages import csrf
from services.portal.pages.forms import MEDIA_TYPE, MULTIPART
from tests.support.portal_forms.page import PROBE, FoundForm

LONG = "x" * 100_000
MARKUP = f"""'"><b {PROBE}>x</b><!--</textarea><b {PROBE}></b>"""
BAD_TEXTS = (
    *(
        "",
        " \u00a0\u3000\u200b",
        "a",
        "\x01\x1b[31m\x7f",
        "a\x00b",
        "\ud800",
        "\udc00\ud800",
        LONG,
        "e" + "\u0301" * 500,
    ),
    *("1e400", "NaN", "-1", "Infinity", "9" * 400, "0", "1,5", "1.234,5", "²", "٣", "-0", "0x10", "1_000"),
    *("0000-00-00", "2026-02-30", "2026-12-31", "2026-12-31T23:59", "9999-12-31", "31-12-2026", "24.00", "99:99"),
    *("../../etc/passwd", "a/b", "..", "%2e%2e%2f", "?x=1", "#x", "id;x", "https://", "javascript:alert(1)"),
    *("{{7*7}} ${7*7} %s %(x)s {0}", "satu\r\nBcc: semua@satu.example", "\u202egnp.exe", "\U0001f600" * 50),
    *('{"$gt": ""}', "[]", "null", "true", "on", MARKUP, f"a{MARKUP}@x.example", f"https://{MARKUP}"),
)
BAD_IDS = (
    *("1", "..", ".", "%2e%2e", "..%2f..", "a%2Fb", "%3Fx=1", "%23x", "%00", "%0d%0ax", "x%ED%A0%80", "%FF", "-1"),
    *("9" * 400, "9999", "0", "%20", "x" * 3000, "00000000-0000-4000-8000-000000000000", quote("²"), quote(MARKUP)),
)
KINDS = (
    *("bad fields",) * 8,
    *("missing", "doubled", "empty", "unknown fields", "too many fields", "noise", "no secret", "wrong secret"),
    *("wrong media type", "wrong version", "wrong path", "cut", "as it was opened"),
)
_VERSIONS = ('"1"', "1", "W/x", "x" * 5000, "\u2603", '"9999999999999"', "a\r\nb: c", "*", "")
_WITHOUT_SECRET = frozenset({"no secret", "wrong secret"})
_FILLED, _OTHER_PATH = 0.5, 0.2
_TOKENS = frozenset({"versi", "version", "asal", "key", "kunci"})


@dataclass
class Sent:
    """What is sent, and what of it. fields: as typed; whole: the form's own secret and encoding are right, so that an
    answer is about the fields; cut: only this many bytes of the body arrive, then the connection ends."""

    action: str
    media_type: str
    body: bytes
    fields: list[tuple[str, str]] = field(default_factory=list)
    whole: bool = True
    cut: int | None = None


def drawn(dice: random.Random, form: FoundForm, action: str, ids: list[str]) -> tuple[str, Sent]:
    """A kind, and a form of it. ids: of other people's things."""
    kind = dice.choice(KINDS)
    fields = _filled(dice, form) if dice.random() < _FILLED else form.opened()
    texts = [*BAD_TEXTS, *ids]
    fields = _changed(dice, kind, fields, texts)
    if kind == "wrong path":
        action = _elsewhere(dice, action, ids)
    secret = form.field(csrf.FIELD) is None or kind not in _WITHOUT_SECRET
    whole = secret and kind not in {"wrong path", "too many fields"}
    return kind, _encoded(dice, kind, form, Sent(action, "", b"", fields, whole))


def _changed(dice: random.Random, kind: str, fields: list[tuple[str, str]], texts: list[str]) -> list[tuple[str, str]]:
    own = [each for each in fields if each[0] != csrf.FIELD]
    secret = [each for each in fields if each[0] == csrf.FIELD]
    match kind:
        case "bad fields":
            for _ in range(dice.choice((1, 1, 2, len(own)))):
                own = _replaced(dice, own, texts)
        case "missing":
            own = [each for each in own if dice.random() < _FILLED]
        case "doubled":
            own += [(name, dice.choice(texts)) for name, _ in own]
        case "empty":
            own = [(name, value if name in _TOKENS else "") for name, value in own]
        case "unknown fields":
            own += [(dice.choice(("", "x", "a.b.c", "__proto__", "level-99", "rows.", LONG)), "1") for _ in range(20)]
        case "too many fields":
            own += [(f"x{n}", "1") for n in range(2_100)]
        case "wrong version":
            own = [(name, dice.choice(_VERSIONS) if name in _TOKENS else value) for name, value in own]
    if kind in _WITHOUT_SECRET:
        secret = [(csrf.FIELD, dice.choice(texts))] if kind == "wrong secret" else []
    return [*secret, *own]


def asked_for(dice: random.Random, address: str, names: Sequence[str], ids: list[str]) -> str:
    """An address with drawn values for these names of a query; sometimes a part of its path is another one."""
    path, _, query = address.partition("?")
    if dice.random() < _OTHER_PATH:
        return _elsewhere(dice, path, ids)
    texts = [each for each in (*BAD_TEXTS, *ids) if len(each) < len(LONG)]
    drawn = [f"{name}={_quoted(dice.choice(texts))}" for name in dice.choices(names, k=dice.randrange(1, 5))]
    return f"{path}?{'&'.join([*([query] if query and dice.random() < _FILLED else []), *drawn])}"


def _filled(dice: random.Random, form: FoundForm) -> list[tuple[str, str]]:
    """As if a person had answered everything, with what fits a field's kind."""
    fits = {"date": "2025-06-01", "email": "petugas@dinas.example", "number": "3", "url": "https://dinas.example/x"}
    filled: list[tuple[str, str]] = []
    for each in form.fields:
        if not each.name or each.kind in {"submit", "file"}:
            continue
        if each.kind == "select":
            filled.append((each.name, dice.choice(each.options or [""])))
        elif each.kind in {"radio", "checkbox"}:
            filled += [(each.name, each.value)] if each.sent or dice.random() < 0.5 else []
        else:
            filled.append((each.name, each.value or fits.get(each.kind, "Contoh 12")))
    buttons = [(each.name, each.value) for each in form.fields if each.kind == "submit" and each.name]
    return [*filled, *([dice.choice(buttons)] if buttons else [])]


def _replaced(dice: random.Random, fields: list[tuple[str, str]], texts: list[str]) -> list[tuple[str, str]]:
    if not fields:
        return fields
    at = dice.randrange(len(fields))
    return [*fields[:at], (fields[at][0], dice.choice(texts)), *fields[at + 1 :]]


def _elsewhere(dice: random.Random, action: str, ids: list[str]) -> str:
    """Another address: one of its parts that has a digit is replaced, or its last one."""
    parts = action.partition("?")[0].split("/")
    places = [at for at, part in enumerate(parts) if any(sign.isdigit() for sign in part)] or [len(parts) - 1]
    parts[dice.choice(places)] = dice.choice([*BAD_IDS, *ids])
    return "/".join(parts)


def _encoded(dice: random.Random, kind: str, form: FoundForm, sent: Sent) -> Sent:
    if form.multipart:
        sent.media_type, sent.body = f"{MULTIPART}; boundary=batas", _multipart(dice, kind, form, sent.fields)
    else:
        sent.media_type, sent.body = MEDIA_TYPE, "&".join(f"{_quoted(n)}={_quoted(v)}" for n, v in sent.fields).encode()
    if kind == "wrong media type":
        sent.whole = False
        sent.media_type = dice.choice(("application/json", "text/plain", "x", f"{MULTIPART}; boundary=", MULTIPART, ""))
        if dice.random() < 0.5:
            sent.body = json.dumps(dict(sent.fields)).encode()
    elif kind == "noise":
        sent.whole = False
        sent.body = dice.choice(
            (b"", b"%", b"%zz=%", b"&&&===", b"\xff\xfe\x00", b"=", dice.randbytes(500), sent.body[:40])
        )
    elif kind == "cut" and len(sent.body) > 1:
        sent.whole = False
        at = dice.randrange(1, len(sent.body))
        if dice.random() < 0.5:
            sent.cut = at
        else:
            sent.body = sent.body[:at]
    return sent


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))


def _multipart(dice: random.Random, kind: str, form: FoundForm, fields: list[tuple[str, str]]) -> bytes:
    parts = [
        f'--batas\r\nContent-Disposition: form-data; name="{quote(name[:200])}"\r\n\r\n'.encode()
        + value.encode("utf-8", "surrogatepass")
        + b"\r\n"
        for name, value in fields
    ]
    for each in form.fields:
        if each.kind == "file" and not (kind == "missing" and dice.random() < 0.5):
            name = dice.choice(("a.pdf", "", "../../x.pdf", "x" * 3000, "a%22b.xlsx", "\U0001f600.csv", "CON", "a.exe"))
            content = dice.choice((b"", b"x", b"%PDF-1.4\n%%EOF", b"PK\x03\x04" + b"\0" * 100, dice.randbytes(3000)))
            parts.append(
                f'--batas\r\nContent-Disposition: form-data; name="{each.name}"; filename="{name}"\r\n'
                "Content-Type: application/octet-stream\r\n\r\n".encode()
                + content
                + b"\r\n"
            )
    return b"".join(parts) + b"--batas--\r\n"
