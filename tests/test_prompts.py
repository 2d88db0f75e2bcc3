"""Prompt files and their variables, checked both ways."""

from pathlib import Path

import pytest

import prompts
from prompts import VARIABLES, PromptError, load_prompt

FILES = Path(prompts.__file__).parent


@pytest.mark.parametrize("name", sorted(VARIABLES))
def test_every_prompt_has_exactly_its_variables(name: str) -> None:
    prompt = load_prompt(name)
    filled = prompt.fill(**{variable: f"<{variable}>" for variable in VARIABLES[name]})
    assert all(f"<{variable}>" in filled for variable in VARIABLES[name])
    assert len(prompt.hash) == 12


def test_every_file_is_declared() -> None:
    assert {path.stem for path in FILES.glob("*.md")} == set(VARIABLES)


def test_braces_in_values_stay() -> None:
    filled = load_prompt("condense").fill(conversation="{question} {x}", question="Why?")
    assert "{question} {x}" in filled


@pytest.mark.parametrize("values", [{}, {"question": "x"}, {"question": "x", "other": "y"}])
def test_missing_or_unknown_variables_are_refused(values: dict[str, str]) -> None:
    with pytest.raises(PromptError, match=r"\{conversation\}, \{question\}"):
        load_prompt("condense").fill(**values)


def test_unknown_prompt() -> None:
    with pytest.raises(PromptError, match="no prompt 'nothing'"):
        load_prompt("nothing")


def test_a_persons_own_file_comes_first(tmp_path: Path) -> None:
    (tmp_path / "condense.md").write_text("{conversation} then {question}")
    assert load_prompt("condense", tmp_path).text == "{conversation} then {question}"
    assert load_prompt("answer", tmp_path) == load_prompt("answer")


@pytest.mark.parametrize("text", ["{question}", "{question} {conversation} {more}", "{question"])
def test_an_own_file_with_other_variables_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "condense.md").write_text(text)
    with pytest.raises(PromptError, match=r"condense\.md"):
        load_prompt("condense", tmp_path)
