"""Runs the command line: what a command raises becomes one line and an exit code.

Exit codes: 0 done or answered, 1 failure, 2 wrong use, 3 the articles do not say; 130 and 141 as a
shell counts a process that Ctrl-C or a closed pipe ended. The commands are in
`assistant.commands`, `assistant.commands_store`, `assistant.commands_local` and
`assistant.commands_receipt`.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence

import typer

from assistant.cli_options import Session
from assistant.cli_output import Output, write_json
from assistant.commands_receipt import app
from assistant.errors import AssistantError
from assistant.first_time import on_first
from assistant.qa import Assistant
from assistant.settings import Settings
from index.gate import on_wait

INTERRUPTED = 130
NOBODY_READS = 141


def main() -> None:
    """Run this process's command line and end the process with the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that cannot show a character gets a `?`
            stream.reconfigure(errors="replace")
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], make: Callable[[Settings], Assistant] = Assistant) -> int:
    """Run one command and return its exit code.

    Args:
        arguments: what follows `assistant` on the command line.
        make: makes the assistant from its settings.
    """
    session = Session(make, debug=os.environ.get("ASSISTANT_DEBUG", "") not in ("", "0"))
    before = on_wait.set(lambda words: Output().note(words))
    unsaid = on_first.set(lambda words: Output().note(words))
    try:
        code = _invoke(arguments, session)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        # What is still buffered must not fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except (Exception, KeyboardInterrupt) as error:
        if session.debug:
            traceback.print_exc()
        text, code = _explain(error)
        if "--json" in arguments:
            document = {"error": text, "kind": type(error).__name__}
            write_json(document, one_line="--watch" in arguments)
        else:
            Output().note(f"error: {text}")
        return code
    finally:
        on_first.reset(unsaid)
        on_wait.reset(before)


def _invoke(arguments: Sequence[str], session: Session) -> int:
    # Typer's own `main` would draw boxes around errors and swallow Ctrl-C.
    command = typer.main.get_command(app)
    try:
        with command.make_context("assistant", list(arguments), obj=session) as context:
            command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    return 0


def _explain(error: BaseException) -> tuple[str, int]:
    """One line on what went wrong and what to do, and the exit code."""
    if isinstance(error, AssistantError):
        return " ".join(str(error).split()), error.exit_code
    if isinstance(error, KeyboardInterrupt):
        stopped = f"stopped {error}".rstrip()
        return f"{stopped}; run the same command again to go on", INTERRUPTED
    if isinstance(error, typer.Abort):
        return "nothing was changed", 1
    if hasattr(error, "format_message"):  # wrong use; its class moved between Typer's versions
        context = getattr(error, "ctx", None)
        path = context.command_path if context else "assistant"
        text = " ".join(error.format_message().replace("Value error, ", "").split()).rstrip(".")
        return f"{text[:1].lower()}{text[1:]}; see `{path} --help`", 2
    reason = " ".join(str(error).split())[:300] or "no reason given"
    return f"{type(error).__name__}: {reason}; ASSISTANT_DEBUG=1 shows where", 1
