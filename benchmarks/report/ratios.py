"""The ratios of the last two runs, so that a fall is seen."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from benchmarks.report.section import Ratio, Section


class Run(BaseModel):
    """The ratios of one run, by name."""

    commit: str = ""
    ratios: dict[str, Ratio] = {}


class Kept(BaseModel):
    """The last run and the one before."""

    last: Run = Run()
    before: Run = Run()

    @classmethod
    def read(cls, path: Path) -> Kept:
        """From a file; empty when there is none."""
        return cls.model_validate_json(path.read_bytes()) if path.exists() else cls()

    def followed_by(self, sections: list[Section], commit: str) -> Kept:
        """After another run. A ratio that it did not measure stays as it was."""
        measured = {name: ratio for section in sections for name, ratio in section.ratios.items()}
        return Kept(last=Run(commit=commit, ratios={**self.last.ratios, **measured}), before=self.last)

    def write(self, path: Path) -> None:
        """As JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    def fallen(self) -> list[str]:
        """A sentence for each ratio that fell by more than the spreads of both runs."""
        return [
            f"{name}: {before.value:.3g} → {now.value:.3g} (spreads {before.spread:.0%} and {now.spread:.0%})"
            for name, now in sorted(self.last.ratios.items())
            if (before := self.before.ratios.get(name)) is not None
            and now.value < before.value * (1 - max(before.spread + now.spread, _LEAST_SPREAD))
        ]


_LEAST_SPREAD = 0.1
"""Between two runs of one commit ratios differ by so much, however close the rounds of each were."""
