"""A changed text is a new version, and some whole texts to read."""

from __future__ import annotations

import json
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import pytest

from services.notifications.contacts.channel_name import ChannelName
from services.notifications.messages.texts.check import preview
from services.notifications.messages.texts.samples import samples
from services.notifications.messages.texts.whatsapp import whatsapp_templates
from tests.unit.notifications.messages.texts.sample_messages import sample_messages

VERSIONS = files("services.notifications") / "templates" / "versions.json"
WHOLE = Path(__file__).parent / "whole"
READ = ("duty before-14", "duty overdue", "innovation returned", "deadline moved", "report weekly")


def digests() -> dict[str, str]:
    """`<template>@<version>` → digest of all sample texts made with it, and of a submitted template."""
    parts = {f"{each.name}@{each.version}": [str(each.submission())] for each in whatsapp_templates().values()}
    for sample in sample_messages():
        message = sample.message
        parts.setdefault(message.stamp, []).append(f"{message.subject}\n{message.text}\n{message.html}")
    return {stamp: sha256("\0".join(texts).encode()).hexdigest() for stamp, texts in sorted(parts.items())}


def test_a_changed_text_has_a_new_version() -> None:
    published: dict[str, str] = json.loads(VERSIONS.read_text("utf-8"))
    now = digests()

    changed = {stamp: digest for stamp, digest in now.items() if published.get(stamp, digest) != digest}
    new = {stamp: digest for stamp, digest in now.items() if stamp not in published}

    assert changed == {}, "raise the version of these templates, then run renew.py"
    assert new == {}, "run renew.py"


def test_every_template_is_used_by_a_text() -> None:
    used = {sample.message.template for sample in sample_messages()}

    assert used == {*whatsapp_templates(), "email"}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize("channel", ChannelName)
def test_a_whole_text_is_as_it_was_read(name: str, channel: ChannelName) -> None:
    message = preview([samples()[name]], channel)

    assert f"{message.subject}\n\n{message.text}" == whole_text(name, channel).read_text("utf-8")


def whole_text(name: str, channel: ChannelName) -> Path:
    """The file of a whole text; `renew.py` writes it."""
    return WHOLE / f"{name.replace(' ', '-')}.{channel}.txt"
