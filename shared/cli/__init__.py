"""The satu command line, a module per family of commands."""

import shared.cli.late_models
import shared.cli.without_rich  # noqa: F401 - both before a module of the command line imports models or structlog
