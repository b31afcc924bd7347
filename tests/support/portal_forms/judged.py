"""What must hold of the answer to any form at all."""

from __future__ import annotations

from urllib.parse import urljoin

import httpx2

from tests.support.portal_forms.bad import Sent
from tests.support.portal_forms.page import FoundForm, ReadPage, read_page

ACCEPTED = frozenset({200, 204, 303})
REFUSED = frozenset({400, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429})
_INVALID, _SHORTEST = 422, 3
_TRACES = ("Traceback (most recent call last)", 'File "/', "pydantic", "KeyError", "ValidationError")


def judged(answer: httpx2.Response, sent: Sent, form: FoundForm, stored: list[str], *, in_parts: bool) -> list[str]:
    """What is wrong with an answer. form: as it was before; stored: the commands that owners carried out; in_parts: a
    form whose right fields are kept although others are refused, as those that are saved while typing."""
    status = answer.status_code
    if status not in ACCEPTED | REFUSED:
        return [f"status {status}"]
    found = [f"{each!r} is shown" for each in _TRACES if each in answer.text]
    if len(stored) > 1:
        found.append(f"{len(stored)} commands of one form: {stored}")
    if status in REFUSED and stored and not in_parts:
        found.append(f"refused with {status}, yet carried out: {stored}")
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return found
    page = read_page(answer.text)
    found += [f"markup was reflected: {each}" for each in page.probes]
    if status == _INVALID and sent.whole:
        found += _names_its_fields(page) + _keeps_what_was_typed(answer, page, sent, form)
    elif status in REFUSED and not any(page.headings) and not answer.request.headers.get("hx-request"):
        found.append(f"status {status} without a heading")
    return found


def seen(answer: httpx2.Response) -> list[str]:
    """What is wrong with the answer to any address at all."""
    if answer.status_code not in ACCEPTED | REFUSED:
        return [f"status {answer.status_code}"]
    found = [f"{each!r} is shown" for each in _TRACES if each in answer.text]
    if answer.headers.get("content-type", "").startswith("text/html"):
        found += [f"markup was reflected: {each}" for each in read_page(answer.text).probes]
    return found


def _names_its_fields(page: ReadPage) -> list[str]:
    if not page.summary_text:
        return ["422 without an error summary"]
    found = [f"the summary leads to #{id}, which is not there" for id, _ in page.summary if id not in page.ids]
    return [*found, *(f"nothing is said of #{id}" for id, text in page.summary if len(text) < _SHORTEST)]


def _keeps_what_was_typed(answer: httpx2.Response, page: ReadPage, sent: Sent, form: FoundForm) -> list[str]:
    action = str(answer.url.path)
    again = [each for each in page.forms if urljoin(action, each.action or action).partition("?")[0] == action]
    found: list[str] = []
    gone: list[str] = []
    for each in form.fields:
        given = [value for name, value in sent.fields if name == each.name]
        if not each.name or not each.is_typed or len(given) != 1 or not _plain(given[0]):
            continue  # an emptied field may be offered with its default again
        shown = [field.value for it in again for field in it.fields if field.name == each.name and field.is_typed]
        if not shown:
            gone.append(each.name)
        elif _plain(given[0]) not in {_plain(value) for value in shown}:
            found.append(f"{each.name}: {given[0][:40]!r} was typed, {shown[0][:40]!r} is shown")
    return [*found, f"these fields are gone: {gone}"] if gone else found


def _plain(text: str) -> str:
    """As a browser shows a text that the portal has cleaned: without NUL and lone surrogates, one kind of space."""
    seen = text.replace("\x00", "").replace("\r\n", "\n").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return " ".join(seen.split())
