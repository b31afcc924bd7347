"""Property tests judge the code, not how fast a busy machine draws its examples."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("satu", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("satu")
