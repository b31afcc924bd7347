"""A page as its reader sees it: links, forms with their fields, the error summary, and where it shows markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from services.portal.pages.forms import MULTIPART

PROBE = "data-probe"
"""An attribute that no page has: an element with it was made by what somebody typed."""

_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_NOT_SHOWN = frozenset({"hidden", "password", "file", "submit"})


@dataclass
class Field:
    """kind: of an input, or `select`, `textarea`, `submit`; value: as the form is opened with; options: that may be
    chosen; sent: whether a browser would send it as it is, as it does not with a box that is not ticked."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    sent: bool = True
    id: str = ""

    @property
    def is_typed(self) -> bool:
        """Whether a person types it, and sees it again after a refusal."""
        return self.kind not in {*_NOT_SHOWN, "select", "radio", "checkbox"}


@dataclass
class FoundForm:
    """A form. action: its address, which may have a query; method: `get` or `post`."""

    action: str
    method: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)

    def field(self, name: str) -> Field | None:
        """The first field of a name."""
        return next((each for each in self.fields if each.name == name), None)

    def opened(self) -> list[tuple[str, str]]:
        """What a browser sends if nobody changes anything: the first button is pressed, no file is chosen."""
        button = next((each for each in self.fields if each.kind == "submit" and each.name), None)
        return [
            (each.name, each.value)
            for each in self.fields
            if each.name and (each is button or (each.sent and each.kind not in {"submit", "file"}))
        ]


@dataclass
class ReadPage:
    """links: addresses within the portal; summary: what the error summary's links lead to (ids) and say; probes: the
    elements that typed markup has become."""

    links: list[str] = field(default_factory=list)
    forms: list[FoundForm] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    summary: list[tuple[str, str]] = field(default_factory=list)
    summary_text: str = ""
    probes: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)


def read_page(text: str) -> ReadPage:
    """The page."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = ReadPage()
        self._form: FoundForm | None = None
        self._area: Field | None = None
        self._select: Field | None = None
        self._chosen = False
        self._option: str | None = None
        self._depth = 0
        self._summary_at = 0
        self._link: list[str] | None = None
        self._heading: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if PROBE in given:
            self.page.probes.append(self.get_starttag_text() or tag)
        if tag not in _VOID:
            self._depth += 1
        if "id" in given:
            self.page.ids.add(given["id"])
        if "error-summary" in given.get("class", "").split():
            self._summary_at = self._depth
        for name in ("href", "hx-get", "src"):
            if given.get(name, "").startswith("/") and not given[name].startswith("/static/"):
                self.page.links.append(given[name])
        if tag == "a" and self._summary_at and given.get("href", "").startswith("#"):
            self._link = [given["href"][1:], ""]
        if tag == "h1":
            self._heading = []
        if "hx-post" in given and self._form is not None:
            self.page.forms.append(FoundForm(given["hx-post"], "post", multipart=False, fields=self._form.fields))
        self._take(tag, given)

    def _take(self, tag: str, given: dict[str, str]) -> None:
        if tag == "form":
            multipart = given.get("enctype") == MULTIPART
            self._form = FoundForm(given.get("action", ""), given.get("method", "get").lower(), multipart)
            self.page.forms.append(self._form)
        elif self._form is None:
            return
        elif tag == "input":
            kind, ticked = "hidden" if "hidden" in given else given.get("type", "text"), "checked" in given
            if given.get("autocomplete") == "one-time-code":
                kind = "password"  # as secret
            value = given.get("value", "on" if kind == "checkbox" else "")
            sent = ticked or kind not in {"radio", "checkbox"}
            self._form.fields.append(Field(given.get("name", ""), kind, value, [], sent, given.get("id", "")))
        elif tag == "button" and given.get("type", "submit") == "submit":
            self._form.fields.append(Field(given.get("name", ""), "submit", given.get("value", "")))
        elif tag == "textarea":
            self._area = Field(given.get("name", ""), "textarea", id=given.get("id", ""))
            self._form.fields.append(self._area)
        elif tag == "select":
            self._select, self._chosen = Field(given.get("name", ""), "select", id=given.get("id", "")), False
            self._form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            value = given.get("value", "")
            if "selected" in given or not self._select.options:
                self._select.value = value
            self._select.options.append(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data
        if self._link is not None:
            self._link[1] += data
        if self._summary_at:
            self.page.summary_text += data
        if self._heading is not None:
            self._heading.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")  # as HTML says of the first line break
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "a" and self._link is not None:
            self.page.summary.append((self._link[0], self._link[1].strip()))
            self._link = None
        elif tag == "h1" and self._heading is not None:
            self.page.headings.append("".join(self._heading).strip())
            self._heading = None
        if self._depth == self._summary_at:
            self._summary_at = 0
        self._depth -= 1
