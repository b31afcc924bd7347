"""The satu command line, a module per family of commands."""

import shared.cli.without_rich  # noqa: F401 - before a module of the command line imports structlog
