"""Loads the trusted root certificates once per process, in all tests. HTTP clients share the TLS context that each
would make for itself. It takes 20 ms, and most tests make several clients, which speak to loopback without TLS."""

from __future__ import annotations

import os
import ssl
from functools import cache

import httpcore2

_load = httpcore2.default_ssl_context


def default_ssl_context(*, _trust_env: bool = True) -> ssl.SSLContext:
    """As httpcore2's."""
    return _loaded(_trust_env, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _loaded(trust_env: bool, _file: str | None, _folder: str | None) -> ssl.SSLContext:
    return _load(_trust_env=trust_env)


httpcore2.default_ssl_context = default_ssl_context
