"""What a long proof came to is kept, and nothing else."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from proofs import Table, is_full, record, sized


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where proofs in full are recorded here."""
    monkeypatch.setenv("SOAK", "full")
    path = tmp_path / "results" / "soak.json"
    monkeypatch.setattr("proofs.RESULT", path)
    return path


def entries(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_a_proof_in_full_is_recorded_beside_the_others(kept: Path) -> None:
    record("kills", {"tries": 7})
    record("damage", {"files": 3, "words": "é"})
    record("kills", {"tries": 9})
    assert list(entries(kept)) == ["damage", "kills"]
    entry = entries(kept)["kills"]
    assert entry["figures"] == {"tries": 9}
    assert len(entry["date"]) == 10
    assert {"processor", "cores", "python"} <= set(entry["machine"])
    assert [path.name for path in kept.parent.iterdir()] == ["soak.json"]


def test_a_sample_is_not_recorded(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_full()
    assert sized(1, 100) == 100
    monkeypatch.delenv("SOAK")
    record("kills", {"tries": 7})
    assert not kept.exists()
    assert sized(1, 100) == 1


def test_proofs_that_end_together_lose_none(kept: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: record(f"proof {number}", {"n": number}), range(40)))
    assert len(entries(kept)) == 40


def test_a_table_is_recorded_when_its_last_row_is_there(kept: Path) -> None:
    table = Table("attacks", 3)
    table.add("a bomb", "refused", "it grows")
    table.add("a script", "read", "Rain.")
    assert not kept.exists()
    table.add("a link", "refused", "it leads out")
    assert entries(kept)["attacks"]["figures"] == {
        "count": {"refused": 2, "read": 1},
        "refused": {"a bomb": "it grows", "a link": "it leads out"},
        "read": {"a script": "Rain."},
    }
