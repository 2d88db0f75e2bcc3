"""The command that checks a receipt again: verify. It adds itself to the others."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli_options import Json, Store
from assistant.cli_output import Output
from assistant.commands_local import app
from assistant.errors import LoadError
from assistant.qa import Assistant
from assistant.receipt_format import MOST_BYTES, Receipt, read_receipt
from assistant.render import STATUS_WORDS
from assistant.samples import sample_library
from assistant.verification import ClaimCheck, Verification, verify
from index import Library

__all__ = ["app"]


@app.command("verify", epilog="Example:  assistant verify receipt.json")
def verify_receipt(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="RECEIPT", hidden=True)],
    store: Store = "",
    as_json: Json = False,
) -> None:
    """Check the receipt of an answer again.

    RECEIPT is a file that `assistant ask --receipt` wrote, or - for stdin. Its quotes are looked up
    in your articles, its sentences held against them; nothing is sent anywhere. Exit code 1 if
    something in it does not hold, 2 if it is no receipt.
    """
    data = _read(file)
    receipt, _ = read_receipt(data)
    assistant, out = context.obj.open(store=store), Output(as_json)
    done = verify(data, _library(assistant, receipt))
    out.say(_told(done), {"holds": done.holds, **asdict(done)})
    raise typer.Exit(0 if done.holds else 1)


def _read(file: str) -> bytes:
    """The bytes of a receipt, not many more than one may have.

    Raises:
        LoadError: it cannot be opened.
    """
    if file == "-":
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with Path(file).expanduser().open("rb") as opened:
            return opened.read(MOST_BYTES + 1)
    except (OSError, ValueError, RuntimeError) as error:  # a NUL in it, an unknown ~user
        reason = getattr(error, "strerror", None) or error
        raise LoadError(f"cannot open {file!r} ({reason}); check the path") from error


def _library(assistant: Assistant, receipt: Receipt) -> Library:
    """The library that the receipt is from: the samples, if it says that they answered."""
    if any(notice.kind == "samples" for notice in receipt.notices):
        return sample_library(assistant.settings)
    return assistant.own


def _told(done: Verification) -> str:
    """A line for the document, for each sentence, and for the whole."""
    lines = [f"receipt    {_flat(done.question)} ({done.written}, {_who(done)})"]
    lines += [f"damaged    {problem}" for problem in done.problems]
    lines += [_line(claim) for claim in done.claims]
    failing = sum(not claim.holds for claim in done.claims)
    if done.holds:
        lines.append("Everything holds." if done.claims else "It quotes nothing.")
    elif failing:
        lines.append(f"Sentences that do not hold: {failing} of {len(done.claims)}.")
    else:
        lines.append("The document does not hold.")
    return "\n".join(lines)


def _line(claim: ClaimCheck) -> str:
    marks = "".join(f"[{number}]" for number in claim.quotes)
    status = STATUS_WORDS.get(claim.status) or ("not sure" if claim.nearest else "")
    known = " ".join(part for part in (_flat(claim.text), marks, status and f"({status})") if part)
    return f"{claim.verdict:<10} {known}" + (f": {_flat(claim.reason)}" if claim.reason else "")


def _who(done: Verification) -> str:
    return "built-in reader" if done.answered_by in ("", "keyless") else _flat(done.answered_by)


def _flat(text: str) -> str:
    return " ".join(text.split())
