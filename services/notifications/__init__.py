"""Obligations, alerts, messages, channels; the only home of phone numbers and mail addresses."""
