"""`python -m evals`: the command line of everything that measures; each command has its module."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from assistant import Answer, Assistant, Settings, Turn
from assistant.errors import AssistantError, InputError
from evals.cases import KINDS, load_sets, sets
from evals.checked import judge_with
from evals.citations import judge_record
from evals.gate import load_thresholds, shortfalls
from evals.locate import Located, locate, names
from evals.report import Report
from evals.run import Row, run
from index import Article, Hit

COMMANDS = {
    "citations": "how well the citation check tells what passages carry, by hand and by rule",
    "copies": "how many near copies are found, on texts varied by rule",
    "retrieval": "search alone and re-scored, on a public set in SQuAD or BEIR form",
    "scale": "how search grows from 1,000 to 100,000 passages, beside dense search alone",
    "speed": "how fast adding, searching, asking and importing are, as ratios on this machine",
}
"""Further commands: the module `evals.<name>` has `main(arguments)`, which gives an exit code."""

SHOWN = ("embedding", "keyless", "model", "temperature", "passages", "threshold", "strict")
"""Settings that a report names; never a key, an address or a folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for: 0 well, 1 a failure or under a threshold, 2 wrong use."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    try:
        if arguments and arguments[0] in COMMANDS:
            command = importlib.import_module(f"evals.{arguments[0]}")
            return int(command.main(arguments[1:]))
        return evaluate(arguments)
    except AssistantError as error:
        print(f"evals: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("evals: stopped; nothing was written", file=sys.stderr)
        return 1


def evaluate(arguments: Sequence[str]) -> int:
    """Ask the sets' questions and report; with `--check`, compare with the thresholds."""
    options = _parser().parse_args(arguments)
    settings = Settings(keyless=not options.model)
    if options.model and not settings.has_model:
        raise InputError(
            "no language model is configured: set OPENAI_API_KEY, or OPENAI_BASE_URL for a "
            "compatible server, or leave out --model"
        )
    whole = not (options.set or options.kind or options.limit is not None)
    if options.check and (options.model or not whole):
        raise InputError(
            "the thresholds are for all sets without a language model: leave out SET, --model, "
            "--kind and --limit, or --check"
        )
    thresholds = load_thresholds() if options.check else {}
    cases = [case for case in load_sets(options.set) if options.kind in (None, case.kind)]
    cases = cases[: options.limit]
    if not cases:
        raise InputError("no case is left to run; choose another set, --kind or --limit")
    assistant, located, slugs = _prepare(cases, settings)
    rows, complete = _ask(located, assistant, slugs)
    about = {
        "version": _version(),
        "complete": complete,
        "judge": judge_record(),
        "settings": {name: _name(getattr(settings, name)) for name in SHOWN},
    }
    report = Report(about, rows)
    report.write(options.out)
    if options.json:
        print(json.dumps(report.to_dict(), ensure_ascii=False, indent=1))
    else:
        console = Console()
        if not console.is_terminal:
            console.width = 150  # a file or a log does not wrap
        report.show(console)
    if not complete:
        print(f"evals: stopped after {len(rows)} of {len(cases)} cases", file=sys.stderr)
        return 1
    missed = shortfalls(report.figures, thresholds)
    for line in missed:
        print(f"evals: {line}", file=sys.stderr)
    return 1 if missed else 0


def _prepare(
    cases: Sequence[Any], settings: Settings
) -> tuple[Assistant, list[Located], dict[str, str]]:
    """The assistant over the sample articles, the cases with their places, and articles' names."""
    from assistant.samples import sample_library

    if sys.stderr.isatty():
        print("Opening the sample articles …", file=sys.stderr)
    library = sample_library(settings)
    articles = library.articles()
    slugs = {article.id: min(names(article), key=len) for article in articles}
    return Assistant(settings, library), locate(cases, articles), slugs


def _ask(
    located: Sequence[Located], assistant: Assistant, slugs: dict[str, str]
) -> tuple[list[Row], bool]:
    """All rows, or those that were there when a person interrupted."""
    assistant.retrieve(located[0].case.question)  # loads the models, so that no answer pays for it
    progress = Console(stderr=True)
    rows: list[Row] = []

    def ask(question: str, history: Sequence[Turn], today: date | None) -> Answer:
        day: dict[str, Any] = {} if today is None else {"today": today}
        return assistant.ask(question, history=history, **day)

    def search(question: str) -> list[Hit]:
        return assistant.retrieve(question, k=5)

    def article(name: str, version: str) -> Article:
        return assistant.library.get(name, version)

    answered = run(located, ask, slugs, search, judge_with(article))
    try:
        rows.extend(
            track(
                answered,
                "Asking",
                total=len(located),
                console=progress,
                disable=not progress.is_terminal,
            )
        )
    except KeyboardInterrupt:
        return rows, False
    return rows, True


def _parser() -> argparse.ArgumentParser:
    commands = "\n".join(f"  {name:<12}{told}" for name, told in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m evals",
        description="Ask questions with known answers over the sample articles, and report.",
        epilog=f"sets: {', '.join(sets())}\n\nother commands (--help tells more):\n{commands}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("set", nargs="*", metavar="SET", help="a set or a JSONL file; else all")
    answerer = parser.add_mutually_exclusive_group()
    answerer.add_argument("--keyless", action="store_true", help="no language model (the default)")
    answerer.add_argument("--model", action="store_true", help="with the language model configured")
    parser.add_argument("--limit", type=_positive, metavar="N", help="only the first N cases")
    parser.add_argument("--kind", choices=KINDS, help="only questions of this kind")
    parser.add_argument("--check", action="store_true", help="fail if under a threshold")
    parser.add_argument(
        "--out", type=Path, default=Path("eval-output"), metavar="DIR", help="else eval-output/"
    )
    parser.add_argument("--json", action="store_true", help="figures as JSON on standard output")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _name(value: Any) -> Any:
    """A model may be given as a folder, whose place is nobody's business."""
    return Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("cited-assistant")
    except PackageNotFoundError:
        return "unknown"


if __name__ == "__main__":
    sys.exit(main())
