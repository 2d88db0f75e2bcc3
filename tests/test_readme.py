"""The README's Python examples run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"


@pytest.mark.real
def test_the_python_examples_run(tmp_path: Path) -> None:
    text = README.read_text(encoding="utf-8")
    example = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    done = subprocess.run(
        [sys.executable, "-c", example],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "1 added"
    assert "The United States and France proposed a truce of 21 days. [1]" in lines
    assert "True" in lines
    assert any(line.startswith("Ada Weir ") for line in lines)


def test_every_setting_is_in_the_readme() -> None:
    from assistant import Settings

    text = README.read_text(encoding="utf-8")
    for name in Settings.model_fields:
        variable = {"api_key": "OPENAI_API_KEY", "base_url": "OPENAI_BASE_URL"}.get(
            name, f"ASSISTANT_{name.upper()}"
        )
        assert f"`{variable}`" in text
