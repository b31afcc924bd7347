"""The kinds of documents that the portal stores. Each package brings its own `KINDS`; here they are joined."""

from __future__ import annotations

from shared.ports.store import Kind

KINDS: tuple[Kind, ...] = ()
