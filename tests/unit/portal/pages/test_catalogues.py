"""Every visible text is a message, and every message is in a catalogue."""

from __future__ import annotations

import ast
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typing_extensions import override

from services.portal.pages import messages as tool
from services.portal.pages.environment import FOLDER, environment
from services.portal.pages.language import DEFAULT, NAMES, _, catalogues, is_translated, ngettext, read, speaking

TEMPLATES = sorted(FOLDER.rglob("*.html"))
OTHERS = [code for code in NAMES if code != DEFAULT]
WORD = re.compile(r"[^\W\d_]{2,}")
READ_OUT = ("aria-label", "title", "alt", "placeholder", "data-lost")
BY_ITSELF = {
    "Satu Inovasi",
    "Sinergi Kreasi",
    "htmx",
    "PDF",
    "CSV",
    "JSON",
    "XLSX",
    "WhatsApp",
    "QR",
    "OPD",
    "SPD",
    "IID",
}
"""Names, which are the same in every language."""

_TRANSLATED = re.compile(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", re.DOTALL)
_JINJA = re.compile(r"{#.*?#}|{{.*?}}|{%.*?%}", re.DOTALL)


class _Texts(HTMLParser):
    """Collects what a reader sees, or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in READ_OUT and value]

    @override
    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    @override
    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


def untranslated(template: str) -> list[str]:
    """Texts of a template that are no messages."""
    texts = _Texts()
    texts.feed(_JINJA.sub("", _TRANSLATED.sub("", template)))
    found = [" ".join(each.split()) for each in texts.found]
    return [each for each in found if WORD.search(_without_names(each))]


def _without_names(text: str) -> str:
    text = re.sub(r'[a-z-]+="[^"]*"', "", text)  # an attribute that a macro makes
    for name in BY_ITSELF:
        text = re.sub(rf"\b{name}\b", "", text)
    return text


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(FOLDER)))
def test_every_visible_text_of_a_template_is_a_message(file: Path) -> None:
    assert untranslated(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Halo</p>", ["Halo"]),
        ("<p>{% trans %}Halo{% endtrans %} {{ _('Dunia') }}, 3 × 4 %</p>", []),
        ('<p aria-label="Menu utama">{{ x }}</p>', ["Menu utama"]),
        ("<p>{% if a %}Terlambat{% endif %}</p>", ["Terlambat"]),
        ("<script>let words = 1;</script><h1>Satu Inovasi</h1>", []),
    ],
)
def test_a_text_that_is_no_message_is_found(template: str, found: list[str]) -> None:
    assert untranslated(template) == found


@pytest.mark.parametrize("language", OTHERS)
def test_the_catalogues_have_every_message_and_no_other(language: str) -> None:
    wanted = tool.updated(language)

    assert {file: file.read_bytes() for file in catalogues(language)} == wanted, "run `make locale`"


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    broken = [
        each.id
        for file in catalogues(language)
        for each in read(file)
        if each.id and is_translated(each) and placeholders(each.id) != placeholders(each.string)
    ]

    assert broken == []


def placeholders(text: object) -> list[str]:
    parts = [text] if isinstance(text, str) else list(text) if isinstance(text, tuple | list) else []
    return sorted(
        {found for each in parts if isinstance(each, str) for found in re.findall(r"%\(\w+\)[a-z]|{\w*}", each)}
    )


def test_no_message_is_inside_an_f_string_where_extraction_does_not_see_it() -> None:
    inside = [
        f"{file.relative_to(tool.PORTAL)}:{node.lineno}"
        for file in tool.PORTAL.rglob("*.py")
        for text in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for node in ast.walk(text)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"_", "ngettext"}
    ]

    assert inside == []


def test_every_template_can_be_read() -> None:
    templates = environment()

    assert [name for name in templates.list_templates() if templates.get_template(name) is None] == []


def test_the_language_of_the_request_decides() -> None:
    assert _("Keluar") == "Keluar"
    with speaking("en"):
        assert _("Keluar") == "Sign out"
        assert _("sesuatu yang tidak ada") == "sesuatu yang tidak ada"
        with speaking("xx", None):
            assert _("Keluar") == "Keluar"
    assert ngettext("hari", "hari", 3) == "hari"
