"""A message as a channel hands it over."""

from __future__ import annotations

from dataclasses import dataclass

from shared.contracts.message import Alert


@dataclass(frozen=True)
class RenderedMessage:
    """message: `<person>/<n>`; mail: the id that stays the same when the message is handed over again; alerts: those
    that it contains, the most urgent first; to, name: personal data, for the provider only; template, version: what
    the text was made of, `stamp` is stored with the attempt; variables: of a provider's template, `{{1}}` first, empty
    for e-mail; language: of that template; link: the address in the text, empty when there is none; reply_to: the
    address of the curator's office, empty: the channel's own."""

    message: str
    mail: str
    alerts: tuple[Alert, ...]
    to: str
    name: str
    subject: str
    text: str
    html: str
    template: str = ""
    version: int = 0
    variables: tuple[str, ...] = ()
    language: str = "id"
    link: str = ""
    reply_to: str = ""

    @property
    def provider_template(self) -> str:
        """The name under which a provider knows this version of the template."""
        return f"{self.template}_v{self.version}" if self.version else self.template

    @property
    def stamp(self) -> str:
        """`<template>@<version>`."""
        return f"{self.template}@{self.version}" if self.template else ""
