"""Follow-ups that are made to stand alone, and questions that are left untouched."""

import pytest
from condense_cases import Case, cases
from condense_score import score
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.follow_up.condense import condense, leans
from assistant.state import Query
from assistant.types import Answer, Claim, Turn, Understood


def turn(question: str, said: str, short: str = "") -> Turn:
    return Turn(question, said, Answer(question, (Claim(said),), short))


TRUCE = turn("Who proposed the truce?", "Ilse Brandt proposed it.", "Ilse Brandt")
ROCKETS = turn("How many rockets hit Israel in May?", "Forty.", "Forty")
REJECTED = turn("Who rejected the truce?", "Israel rejected it.", "Israel")


@pytest.mark.parametrize(
    "question",
    [
        "And who rejected it?",
        "Why?",
        "What about Lebanon?",
        "When did he say so?",
        "and how many were there",
        "Who killed him?",
        "tell me more",
        "no, the mayor",
        "not Israel, Hezbollah",
        "who abstained?",
        "in June?",
        "which one was chosen?",
    ],
)
def test_follow_ups_lean(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who proposed the truce?",
        "How many rockets did Hezbollah fire at Israel?",
        "What did Macron say about his proposal?",
        "Did the mayor say she would resign?",
        "How many people were there in Tyre this year?",
        "Why did the bank in Sarn close its doors in March?",
        "But is climate change a danger to frogs in general?",
        "So who won the Booker prize in 1987?",
        "Will it rain in Lisbon tomorrow?",
        "Is the tax laid on the income of a firm, not on its wealth?",
        "Who designed the new port?",
        "hungary treaty rivers",
        "thanks",
        "",
        "?!",
    ],
)
def test_questions_that_stand_alone_do_not(question: str) -> None:
    assert not leans(question)
    assert condense(Query(f" {question}\n", (ROCKETS, TRUCE))) == question


def test_a_word_of_the_question_before_shows_that_a_question_leans() -> None:
    before = turn("Who paid for the visit of King Rurik?", "Kest.", "Kest")
    assert not leans("Who opposes the visit?")
    assert leans("Who opposes the visit?", (before,))
    assert condense(Query("Who opposes the visit?", (before,))) == (
        "Who opposes the visit of King Rurik?"
    )


@pytest.mark.parametrize(
    ("before", "question", "standing"),
    [
        (TRUCE, "and who rejected it?", "Who rejected the truce?"),
        (TRUCE, "How old is she?", "How old is Ilse Brandt?"),
        (TRUCE, "who else?", "Who else proposed the truce?"),
        (REJECTED, "why?", "Why did Israel reject the truce?"),
        (REJECTED, "when was that?", "When did Israel reject the truce?"),
        (ROCKETS, "What about Lebanon?", "How many rockets hit Lebanon in May?"),
        (ROCKETS, "not Israel, Lebanon", "How many rockets hit Lebanon in May?"),
        (ROCKETS, "and in June?", "How many rockets hit Israel in June?"),
        (ROCKETS, "the month before?", "How many rockets hit Israel in April?"),
        (
            ROCKETS,
            "no, I meant the Post's figure",
            "How many rockets hit Israel in May according to the Post?",
        ),
        (
            turn("How many died in the Varra fire, at first count, according to the Post?", "3."),
            "And in the end?",
            "How many died in the Varra fire in the end?",
        ),
        (
            turn("How much did Ada Quill say the work would cost?", "9 crowns.", "9 crowns"),
            "Why was it stopped?",
            "Why was the work stopped?",
        ),
        (
            turn("What made the difference to Ada Quill?", "A box of votes from Ostra Hill."),
            "When does she start?",
            "When does Ada Quill start?",
        ),
        (
            turn("Did Kest sign the pact?", "No.", "No"),
            "why not?",
            "Why did Kest not sign the pact?",
        ),
        (
            turn("Where does Ada Quill live?", "In Vell.", "Vell"),
            "How many people work there?",
            "How many people work in Vell?",
        ),
        (
            turn("When did the volcano erupt?", "In 1902.", "1902"),
            "Who was king then?",
            "Who was king in 1902?",
        ),
        (
            turn("Which towns applied?", "Vell and Ostra.", "Vell and Ostra"),
            "Which was chosen?",
            "Which of Vell and Ostra was chosen?",
        ),
        (
            turn("Who wants to merge the schools?", "Ada Quill.", "Ada Quill"),
            "When will they open the new airport in Ostra?",
            "When will they open the new airport in Ostra?",
        ),
    ],
)
def test_a_follow_up_is_written_out(before: Turn, question: str, standing: str) -> None:
    assert condense(Query(question, (before,))).startswith(standing)


def test_words_in_brackets_where_no_rule_fits() -> None:
    assert condense(Query("Why?", (turn("hungary treaty rivers", "Signed."),))) == (
        "Why? (hungary treaty rivers)"
    )


def test_a_chain_of_follow_ups_keeps_the_subject() -> None:
    understood = Understood("Who rejected the truce?")
    answer = Answer("Who rejected it?", short="Israel", understood=understood)
    before = Turn("Who rejected it?", "Israel.", answer)
    assert condense(Query("Why?", (before,))) == "Why did Israel reject the truce?"


def test_history_without_answers_is_understood_turn_by_turn() -> None:
    history = (Turn("Who proposed the truce?", "France."), Turn("and who rejected it?", "Israel."))
    assert "truce" in condense(Query("Why?", history))


def test_without_history_nothing_changes() -> None:
    assert condense(Query(" Why? ")) == "Why?"


@pytest.mark.parametrize("case", [c for c in cases() if c.wanted is None], ids=lambda c: c.question)
def test_no_question_of_the_table_that_stands_alone_is_touched(case: Case) -> None:
    assert condense(Query(case.question, case.history)) == case.question


def test_the_table_is_written_out_as_well_as_it_was() -> None:
    found = score(list(cases()))
    assert found.follow_ups == 162
    assert found.words > 0.8
    assert found.form > 0.9
    assert found.whole > 0.7


PIECES = st.sampled_from(
    """and but no, not who what which why when where how many else about it he she they his their
    there then that the same figure year before one ones of Vell Israel, 2019 May the a tax mayor
    did was is does hit rejected ? . ( ) ' " [1] Ädil 雨 \\1 \\g<0>""".split()
)
TEXT = st.text(max_size=60) | st.lists(PIECES, max_size=12).map(" ".join)
TURNS = st.builds(turn, TEXT, TEXT, TEXT) | st.builds(Turn, TEXT, TEXT)


@settings(max_examples=400, deadline=None)
@given(TEXT, st.lists(TURNS, max_size=3))
def test_any_conversation_gives_a_question(question: str, history: list[Turn]) -> None:
    made = condense(Query(question, tuple(history)))
    assert bool(made) == bool(question.strip())
    if not leans(question, history):
        assert made == question.strip()


@settings(deadline=None)
@given(TEXT)
def test_any_first_question_is_untouched(question: str) -> None:
    assert condense(Query(question)) == question.strip()
