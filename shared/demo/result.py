"""What came of the demo's steps."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class ScenarioResult:
    """agencies: the sample's key → the agency's id; passed: how many steps passed; failed: a sentence for each step
    that did not."""

    agencies: dict[str, str] = field(default_factory=dict)
    passed: int = 0
    failed: list[str] = field(default_factory=list)

    def expect(self, passed: bool, step: str) -> None:
        """Count the step."""
        if passed:
            self.passed += 1
        else:
            self.failed.append(step)
