"""The commands that the registry adds to `satu`. They run where its data is."""

from __future__ import annotations

import typer

from services.registry.cli import commitment, continuation, ideas, redact
from services.registry.evidence.precheck import command as precheck
from services.registry.exports.package import command as package
from services.registry.files import command as files
from services.registry.innovation.likeness import command as likeness


def commands(app: typer.Typer) -> None:
    """Add the commands to `satu`."""
    files.commands(app)
    package.commands(app)
    precheck.commands(app)
    continuation.commands(app)
    commitment.commands(app)
    ideas.commands(app)
    redact.commands(app)
    likeness.commands(app)
