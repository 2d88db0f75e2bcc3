from __future__ import annotations

from dataclasses import replace

import pytest
from helpers import RALLY, TRUCE

from assistant import Answer, Assistant, Citation, Claim, Conversation, Settings, Turn, Understood
from assistant.outdated import Outdated, affected, remaining
from assistant.types import Disagreement, Value
from index import Article, Change, Hit, Library, Passage, Scope

SETTINGS = Settings(keyless=True)


def citation(article: str, version: str = "v1", number: int = 1, title: str = "") -> Citation:
    return Citation(number, article, version, 0, 9, "It rained", title=title or article)


def answer(*cited: Citation, question: str = "What happened?") -> Answer:
    claims = tuple(Claim("It rained.", (one,)) for one in cited)
    return Answer(question, claims, understood=Understood(question))


def hit(article: str) -> Hit:
    return Hit(Passage(f"{article}/v1/0", article, "v1", 0, 9, "It rained"), 1.0)


RAIN, SNOW = citation("rain", title="Rain"), citation("snow", number=2, title="Snow")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ([], Outdated()),
        ([Change(1, "removed", "wind", "v1")], Outdated()),
        ([Change(1, "removed", "rain", "v1")], Outdated(removed=True)),
        ([Change(1, "removed", "rain", "v9")], Outdated(removed=True)),
        ([Change(1, "changed", "rain", "v1")], Outdated(changed=("Rain",))),
        ([Change(1, "changed", "rain", "v2")], Outdated()),
        (
            [Change(1, "changed", "snow", "v1"), Change(2, "changed", "rain", "v1")],
            Outdated(changed=("Rain", "Snow")),
        ),
        (
            [Change(1, "changed", "rain", "v1"), Change(2, "removed", "snow", "v1")],
            Outdated(removed=True, changed=("Rain",)),
        ),
    ],
)
def test_an_answer_is_affected_by_what_it_quotes(changes: list[Change], expected: Outdated) -> None:
    assert affected(answer(RAIN, SNOW), changes) == expected


def test_what_other_articles_say_counts_as_quoted() -> None:
    snow = Value("snow", Claim("It snowed.", (SNOW,)))
    found = replace(answer(RAIN), disagreement=Disagreement("contradiction", (snow,)))
    assert affected(found, [Change(1, "removed", "snow", "v1")]).removed


def test_what_quotes_a_removed_article_is_dropped_and_the_rest_keeps_nothing_of_it() -> None:
    before = [answer(RAIN), None, replace(answer(SNOW), hits=(hit("snow"), hit("rain")))]
    dropped, nothing, kept = remaining(before, [Change(1, "removed", "rain", "v1")])
    assert dropped is None
    assert nothing is None
    assert kept == replace(answer(SNOW), hits=(hit("snow"),))


def test_without_removals_every_answer_stays_the_same() -> None:
    before = [answer(RAIN), None, replace(answer(SNOW), hits=(hit("rain"),))]
    assert remaining(before, [Change(1, "changed", "rain", "v1")]) == before


def test_what_a_later_question_took_from_a_dropped_answer_is_forgotten() -> None:
    scope = Scope(tags=("weather",))
    plain = answer(SNOW, question="Did it snow?")
    leaning = replace(
        answer(SNOW, question="And there?"), understood=Understood("And there? (Hollin)", scope)
    )
    removal = [Change(1, "removed", "rain", "v1")]
    after = remaining([leaning, answer(RAIN), plain, leaning], removal)
    assert after[0] == leaning
    assert after[2] == plain
    assert after[3] == replace(leaning, understood=Understood("", scope))


@pytest.fixture
def filled(library: Library) -> Library:
    library.add([Article(TRUCE, title="Truce", key="1"), Article(RALLY, title="Rally", key="2")])
    return library


def test_a_conversation_forgets_what_was_removed(filled: Library) -> None:
    conversation = Conversation(Assistant(SETTINGS, filled))
    turns = conversation.turns
    first = conversation.ask("Who proposed the truce?")
    other = conversation.ask("How many people do organisers expect?")
    quoted = first.citations[0].article_id
    assert quoted not in {citation.article_id for citation in other.citations}
    pair = Turn("What else?", "Nothing.")
    conversation.turns.append(pair)
    filled.remove(quoted)
    follow_up = conversation.ask("And who rejected it?")
    assert "truce" not in follow_up.understood.question
    kept = [turn.question for turn in turns]
    assert kept == ["How many people do organisers expect?", "What else?", "And who rejected it?"]
    hits = [hit for turn in turns if turn.answer for hit in turn.answer.hits]
    assert quoted not in {hit.passage.article_id for hit in hits}


def test_a_conversation_does_not_mind_what_was_removed_before_it_began(filled: Library) -> None:
    (article,) = (a for a in filled.articles() if a.title == "Truce")
    filled.remove(article.id)
    filled.add(article)
    conversation = Conversation(Assistant(SETTINGS, filled))
    conversation.ask("Who proposed the truce?")
    conversation.ask("And who rejected it?")
    conversation.ask("How many people do organisers expect?")
    assert len(conversation.turns) == 3
