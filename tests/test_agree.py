"""What speaks against a sentence: names, numbers, opposites, yes and no, doubts and speakers."""

from __future__ import annotations

import pytest

from assistant.agree import objections
from assistant.slots import exchanged, misplaced

TRUCE = "The United States and France proposed a truce of 21 days."
STRIKE = "The strike killed 28 civilians, according to the ministry."
RALLY = "Hezbollah may hold a rally in Tyre on Friday."


def reasons(sentence: str, *texts: str, about: str = "") -> str:
    return "; ".join(one.reason for one in objections(sentence, texts, texts, about))


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("The American and French governments proposed a 21-day truce.", TRUCE),
        ("A truce of twenty-one days was proposed by the U.S. and France.", TRUCE),
        ("The strike killed 28 civilians, the ministry said.", STRIKE),
        ("According to the ministry, 28 civilians were killed.", STRIKE),
        ("A rally may be held by Hezbollah in Tyre.", RALLY),
        ("Hezbollah might hold a rally on Friday.", RALLY),
        ("The mayor was elected in 2019.", "The mayor, who was elected in 2019, said it held."),
        ("Israel did not accept the proposal.", "Israel rejected the proposal."),
        ("Israeli jets hit Lebanese towns.", "Jets from Israel hit towns in Lebanon."),
        ("The Wolves were beaten by the Bears.", "The Bears beat the Wolves in Leeds."),
        ("The WHO sent help.", "The World Health Organization sent help."),
        ("Of the three, Rome and Oslo agreed.", "Of the three, Oslo and Rome agreed."),
    ],
)
def test_nothing_speaks_against_what_is_said(sentence: str, text: str) -> None:
    assert reasons(sentence, text) == ""


@pytest.mark.parametrize(
    ("sentence", "text", "reason"),
    [
        ("They proposed a truce of 12 days.", TRUCE, "the source has no 12"),
        ("The United States and Germany proposed it.", TRUCE, "the source does not name Germany"),
        ("Austria sent aid.", "Then Australia sent aid.", "the source does not have Austria"),
        ("The strike killed 28 civilians.", STRIKE, "the source says it as somebody’s words"),
        ("Hezbollah will hold a rally in Tyre.", RALLY, "the source says it as doubtful"),
        (
            "The hall was used for storing food.",
            "The hall was reportedly used for storing food.",
            "the source says it as doubtful",
        ),
        (
            "Israel accepted the proposal.",
            "Israel rejected the proposal.",
            "the source says the opposite of “accepted”",
        ),
        (
            "The truce was not proposed by France.",
            "France proposed the truce.",
            "the source does not deny it",
        ),
        (
            "The Wolves beat the Bears in Leeds.",
            "The Bears beat the Wolves in Leeds.",
            "the source says this of another than Wolves",
        ),
        (
            "The strike killed 21 civilians in the town.",
            "A truce of 21 days was near. The strike killed 28 civilians in the town.",
            "the source says this of another than 21",
        ),
    ],
)
def test_what_speaks_against_it_is_told(sentence: str, text: str, reason: str) -> None:
    assert reason in reasons(sentence, text)


def test_the_date_of_the_article_may_be_told() -> None:
    text = "Israel rejected the proposal."
    about = "Truce, Daily Note, 27 September 2024"
    assert reasons("On 27 September 2024 Israel rejected the proposal.", text, about=about) == ""
    assert "27" in reasons("Israel rejected 27 proposals.", text, about=about)


def test_a_name_in_the_place_of_another_is_found_wherever_it_stands() -> None:
    text = "Mayor Ada Weir opened the bridge in Hull. The engineer Tom Lund had drawn it in Leeds."
    assert misplaced("Tom Lund opened the bridge in Hull.", [text]) is not None
    assert misplaced("Ada Weir opened the bridge in Hull.", [text]) is None
    assert exchanged("Mayor Ada Weir opened the bridge in Leeds.", [text]) == "Leeds"
    assert exchanged("Mayor Ada Weir opened the bridge in Hull.", [text]) == ""
