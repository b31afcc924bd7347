"""An import that a release had begun is finished by the next one: its checked rows are in the file store in their
former form. Samples: `imports/steps.<number>.jsonl`, a step in each line, in the order in which they are applied."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from services.registry.imports.agencies import AgencyImport
from services.registry.imports.commitments import CommitmentImport
from services.registry.imports.innovations import InnovationImport
from services.registry.imports.planned import Step
from services.registry.imports.planned_steps import PlannedSteps
from services.registry.imports.sheet_import import Plan
from tests.support.registry_service import running_registry
from tests.support.tables import imported

SAMPLE = Path(__file__).parent / "imports" / "steps.1.jsonl"
SHA256 = "8ca3f940de50b915d0c98feac22cd18ea190468f3ef6d0e6f4ddabd471c2a7d8"
KINDS = {"agencies": AgencyImport, "innovations": InnovationImport, "commitments": CommitmentImport}
TABLES = {
    "agencies": b"Nama,Jenis\nDinas Lain,Dinas\n",
    "innovations": b"OPD,Tahun,Judul\nDinas Kesehatan,2026,Lain\n",
    "commitments": b"OPD,Tahun,Nomor perjanjian,Tanggal perjanjian\nDinas Kesehatan,2026,1,2026-01-02\n",
}


def steps(sheet: str) -> list[Step]:
    lines = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    return [Step.model_validate_json(json.dumps(line["step"])) for line in lines if line["sheet"] == sheet]


async def test_former_steps_are_applied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with running_registry(tmp_path) as registry:
        await registry.region()
        for sheet, kind in KINDS.items():
            former = steps(sheet)

            async def planned(*_: object, former: list[Step] = former) -> Plan:
                kept = PlannedSteps()
                for step in former:
                    kept.append(step)
                return Plan(steps=kept)

            with monkeypatch.context() as patched:
                patched.setattr(kind, "plan", planned)
                done = await imported(registry, sheet, TABLES[sheet], key=sheet, name="tabel.csv")

            assert (done["status"], done["place"], done["skipped"]) == ("done", len(former), 0)
        names = sorted([row["profile.name"] async for row in registry.store.scan("innovation", {}, ("profile.name",))])
        retired = [row["retired_on"] async for row in registry.store.scan("agency", {}, ("retired_on",))]

    assert names == ["Dua", "Satu", "Tiga"]
    assert sorted(str(day) for day in retired) == ["2025-03-01", "None", "None", "None"]


def test_the_sample_was_not_changed() -> None:
    assert hashlib.sha256(SAMPLE.read_bytes()).hexdigest() == SHA256
