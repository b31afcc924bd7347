"""Logs, metrics, traces, readiness, and failpoints for fault tests."""
