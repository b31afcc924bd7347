"""Fixtures for all tests: the real servers, each started at its first use and stopped at the end."""

from __future__ import annotations

pytest_plugins = ["tests.servers.mongo", "tests.servers.rabbit", "tests.servers.smtp", "tests.servers.browser"]
