"""Articles that are local only: not one word of them reaches a model on another machine."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

import pytest
from conftest import FakeEmbedder
from openai_server import Reply, scripted_server
from wire import HOST, Wire, wire, words_of

from assistant import NO_ANSWER, Answer, Assistant, Conversation, Restarted, Settings, Token, Turn
from assistant.types import Event
from index import LOCAL_ONLY, Article, Library
from prompts import load_prompt

OPEN = [
    Article(
        "The Tarn bridge opened on Friday. Mayor Ilse Brandt cut the ribbon. The bridge cost 40 "
        "million crowns, the council said.",
        title="Bridge opens",
        source="Harbour Post",
        author="Mona Reed",
        published=date(2024, 3, 1),
        key="bridge",
    ),
    Article(
        "The union of the dockers warned of a strike in April. Its leader wants more pay. The "
        "port owns a tunnel that cost 12 million crowns.",
        title="Union warns",
        source="Harbour Post",
        author="Mona Reed",
        published=date(2024, 3, 20),
        key="union",
    ),
]
SECRET = [
    Article(
        "Contractor Zanthor Keld hid cracks in the bridge. Inspector Yevra Lomund wrote the memo "
        "about the cracks in winter. She told a colleague that plinthium was used.",
        title="Velmora dossier",
        source="Quillfax",
        author="Odrin Pesk",
        published=date(2024, 3, 5),
        tags=(LOCAL_ONLY,),
        key="memo",
    ),
    Article(
        "The bridge cost 61 million crowns, engineer Brixa Tolliver said. She signed the invoice "
        "in a tavern called Grundle.",
        title="Obrenn interview",
        source="Nightjar Circular",
        author="Ursk Dalloway",
        published=date(2024, 3, 9),
        tags=("sources",),
        key="interview",
    ),
]

QUESTIONS = [
    "Who cut the ribbon?",
    "What did the bridge cost?",
    "Who wrote the memo about the cracks?",
    "Who cut the ribbon, and what did the bridge cost?",
    "Who wrote the memo, and what did she tell a colleague?",
    "Who wrote the memo about the cracks, and did she warn of a strike?",
    "How much did the bridge and the tunnel cost?",
    "Which was dearer, the bridge or the tunnel?",
    "Which paper reports the higher cost of the bridge?",
    "How many articles mention the bridge?",
    "What do the articles say about the bridge?",
    "The bridge opened on Friday. What did it cost?",
    "What was written about the bridge in March?",
    "According to the Harbour Post, what did the bridge cost?",
    "What is the latest on the bridge?",
    "What did the articles of 5 March 2024 say?",
    "Who painted the harbour?",
]
FOLLOW_UPS = [
    ["Who hid cracks in the bridge?", "And when?", "Did he cut the ribbon?"],
    ["Who wrote the memo about the cracks?", "What did she tell a colleague?", "And why?"],
    ["Who cut the ribbon?", "What did the bridge cost?", "And the tunnel?", "Who said so?"],
    ["What did the bridge cost?", "Who said so?", "How many articles mention her?", "And him?"],
    ["How many articles mention the cracks?", "Which of them?", "What about the tunnel?"],
]
TYPED = words_of(*QUESTIONS, *(q for turns in FOLLOW_UPS for q in turns))
PROMPTS = words_of(*(load_prompt(name).text for name in ("answer", "condense", "filters")))


def told(article: Article) -> set[str]:
    """The words of an article, and of what is known about it."""
    return words_of(article.text, article.title, article.source, article.author)


KNOWN = TYPED | PROMPTS | set().union(*map(told, OPEN))
SECRETS = set().union(*map(told, SECRET)) - KNOWN
assert {"zanthor", "velmora", "quillfax", "odrin", "plinthium", "brixa", "61"} <= SECRETS


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Two articles that may be sent and two that may not; do not change it."""
    opened = Library.open(tmp_path_factory.mktemp("private"), embedding=FakeEmbedder())
    opened.mark_local("Sources")
    opened.add([*OPEN, *SECRET])
    yield opened
    opened.close()


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with wire(monkeypatch) as made:
        yield made


def private(answer: Answer) -> str:
    """What is said to have been kept back."""
    return " ".join(notice.text for notice in answer.notices if notice.kind == "private")


def names(answer: Answer) -> set[str]:
    return {citation.title for citation in answer.citations}


REPLY = Reply(("The bridge cost 40 million crowns ", "[1]. Mayor Ilse Brandt cut the ribbon [2]."))
SCRIPTS = {
    "answers": [REPLY],
    "abstains": [Reply((NO_ANSWER,))],
    "fails": [Reply(status=500)],
    "fails at first": [Reply(status=500), Reply(status=429), REPLY],
    "breaks off": [Reply(("The bridge cost ",), cut=True)],
    "garbage": [Reply(garbage=True)],
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_question_sends_a_word_of_them(remote: Wire, shelf: Library, script: str) -> None:
    remote.server.replies[:] = SCRIPTS[script]
    retries = 2 if script == "fails at first" else 0
    strict = script == "answers"
    assistant = Assistant(remote.settings(retries=retries, strict=strict), shelf)
    for question in QUESTIONS[:: {"answers": 1, "abstains": 6}.get(script, 99)]:
        assistant.ask(question)
        assert remote.leaks(SECRETS) == [], question
    assert remote.leaks({"ribbon", "brandt", "harbour"})  # the wire is watched


@pytest.mark.parametrize("turns", FOLLOW_UPS, ids=lambda turns: turns[0])
def test_no_conversation_sends_a_word_of_them(
    remote: Wire, shelf: Library, turns: Sequence[str]
) -> None:
    assistant = Assistant(remote.settings(), shelf)
    conversation = Conversation(assistant)
    for number, question in enumerate(turns):
        remote.server.replies[:] = SCRIPTS["answers" if number == 1 else "abstains"]
        conversation.ask(question)
        assert remote.leaks(SECRETS) == [], question
    pairs = [(turn.question, turn.text) for turn in conversation.turns[:-1]]
    assistant.ask(turns[-1], history=pairs)
    assert remote.leaks(SECRETS) == []


async def test_a_stream_that_is_stopped_sends_no_word_of_them(remote: Wire, shelf: Library) -> None:
    remote.server.replies.append(Reply(("The bridge cost 40", " million"), stall=30))
    events = Assistant(remote.settings(), shelf).stream("What did the bridge cost?")
    async for event in events:
        if isinstance(event, Token):
            break
    await events.aclose()
    assert remote.leaks(SECRETS) == []
    assert remote.leaks({"ribbon"})


def test_the_model_gets_the_others_and_the_answer_says_how_many_it_did_not(
    remote: Wire, shelf: Library
) -> None:
    remote.server.say("Mayor Ilse Brandt cut the ribbon [1].")
    answer = Assistant(remote.settings(), shelf).ask("Who cut the ribbon of the bridge?")
    assert (answer.answered_by, names(answer)) == ("test-model", {"Bridge opens"})
    assert [claim.status for claim in answer.claims] == ["supported"]
    assert f"2 passages of articles marked local_only were not sent to {HOST}." in private(answer)
    assert 'number="1" title="Bridge opens' in remote.prompt()
    assert 'number="3"' not in remote.prompt()


def test_a_better_match_that_is_kept_back_is_told(remote: Wire, shelf: Library) -> None:
    remote.server.say("The bridge cost 40 million crowns, the council said [1].")
    question = "What did the bridge cost, according to engineer Brixa Tolliver?"
    answer = Assistant(remote.settings(), shelf).ask(question)
    assert "the best match among them" in private(answer)
    assert [claim.status for claim in answer.claims] == ["supported"]
    assert names(answer) == {"Bridge opens"}


async def test_where_the_others_do_not_answer_the_reader_reads_all(
    remote: Wire, shelf: Library
) -> None:
    remote.server.say("The articles", " do not say", ".")
    assistant = Assistant(remote.settings(), shelf)
    events: list[Event] = [one async for one in assistant.stream("Who hid cracks in the bridge?")]
    text = "".join(event.text for event in events if isinstance(event, Token))
    assert NO_ANSWER not in text
    assert [event.notice.kind for event in events if isinstance(event, Restarted)] == ["private"]
    answer = events[-1].answer  # type: ignore[union-attr]
    assert (answer.answered_by, answer.abstained) == ("keyless", False)
    assert "Zanthor Keld" in answer.short
    assert "The others do not answer: the built-in reader read all." in private(answer)
    assert answer.usage["total_tokens"] == 18


def test_a_reply_that_only_begins_so_is_the_models_own(remote: Wire, shelf: Library) -> None:
    remote.server.say("The articles do not say who paid. The bridge cost 40 million crowns [1].")
    answer = Assistant(remote.settings(), shelf).ask("What did the bridge cost, and who paid?")
    assert answer.answered_by == "test-model"
    assert len(answer.claims) == 2


def test_a_model_that_fails_leaves_all_to_the_reader(remote: Wire, shelf: Library) -> None:
    remote.server.replies.append(Reply(status=500))
    answer = Assistant(remote.settings(), shelf).ask("Who hid cracks in the bridge?")
    assert (answer.answered_by, names(answer)) == ("keyless", {"Velmora dossier"})
    assert [notice.kind for notice in answer.notices] == ["fallback", "private"]


def test_nothing_but_such_passages_is_no_request_for_an_answer(
    remote: Wire, library: Library
) -> None:
    remote.server.say("Never said.")
    library.add([OPEN[1], SECRET[0]])
    settings = remote.settings(passages=1)
    answer = Assistant(settings, library).ask("Who hid cracks in the bridge?")
    assert (answer.answered_by, names(answer)) == ("keyless", {"Velmora dossier"})
    assert private(answer).startswith(f"No passage was sent to {HOST}")
    assert remote.leaks({"passages", *SECRETS}) == []


@pytest.mark.parametrize(
    ("question", "scope"),
    [
        ("Who hid cracks in March?", {"articles": [SECRET[0].id, SECRET[1].id]}),
        ("Who hid cracks in March?", {"tags": [LOCAL_ONLY]}),
        ("What did it cost in March?", {"tags": ["sources"]}),
        ("According to Quillfax, who hid cracks in the bridge?", {}),
        ("What did Ursk Dalloway write about the cost of the bridge?", {}),
        ("What do the articles say about the cracks?", {"tags": [LOCAL_ONLY]}),
        ("How many articles mention the cracks?", {"tags": [LOCAL_ONLY]}),
        ("Who painted the harbour in March?", {"tags": [LOCAL_ONLY]}),
    ],
)
def test_a_scope_of_nothing_else_makes_no_request_at_all(
    remote: Wire, shelf: Library, question: str, scope: dict[str, list[str]]
) -> None:
    history = [("What did the council say about the bridge?", "It cost 40 million crowns.")]
    answer = Assistant(remote.settings(), shelf).ask(question, history=history, **scope)  # type: ignore[arg-type]
    assert remote.heard == b""
    assert answer.answered_by == "keyless"
    assert f"Nothing was sent to {HOST}" in private(answer)


def test_what_leans_on_such_an_answer_stays_here(remote: Wire, shelf: Library) -> None:
    """Even where the passages found for it might be sent: the question itself might not."""
    remote.server.say(NO_ANSWER)
    conversation = Conversation(Assistant(remote.settings(), shelf))
    conversation.ask("Who hid cracks in the bridge?")
    before = len(remote.heard)
    answer = conversation.ask("Did he cut the ribbon?")
    assert "Zanthor Keld" in answer.understood.question
    assert len(remote.heard) == before
    assert f"Nothing was sent to {HOST}: the question refers to" in private(answer)
    conversation.ask("What did the council say about the cost of the Tarn bridge?")
    assert len(remote.heard) > before


def test_so_does_what_leans_on_a_question_understood_by_one(remote: Wire, shelf: Library) -> None:
    """The conversation began without a model, when nothing had to be kept from one."""
    before = Conversation(Assistant(Settings(keyless=True, threshold=0.0), shelf))
    before.ask("Who hid cracks in the bridge?")
    before.ask("Did he cut the ribbon?")
    second = before.turns[1]
    assert second.answer is not None
    assert "Zanthor Keld" in second.answer.understood.question
    # What it was read from may be sent; what it was understood as may not.
    public = [hit for hit in second.answer.hits if hit.passage.article_id == OPEN[0].id]
    answer = replace(second.answer, hits=tuple(public), claims=())
    history = [before.turns[0], replace(second, answer=answer)]
    Assistant(remote.settings(), shelf).ask("And when?", history=history)
    assert remote.leaks(SECRETS) == []


def test_what_leans_on_other_answers_goes_on(remote: Wire, shelf: Library) -> None:
    remote.server.say("Mayor Ilse Brandt cut the ribbon [1].")
    conversation = Conversation(Assistant(remote.settings(), shelf))
    conversation.ask("Who cut the ribbon?")
    remote.server.replies[:] = [Reply(("When did Ilse Brandt cut the ribbon?",)), REPLY]
    answer = conversation.ask("And when did she?")
    assert answer.understood.question == "When did Ilse Brandt cut the ribbon?"
    assert answer.answered_by == "test-model"


def test_of_plain_pairs_the_questions_alone_are_sent(remote: Wire, shelf: Library) -> None:
    remote.server.replies[:] = [Reply(("Who opened the Tarn bridge?",)), REPLY]
    history = [("When was the bridge opened?", "On Friday, says Grundle.")]
    assistant = Assistant(remote.settings(), shelf)
    answer = assistant.ask("And who opened it?", history=history)
    assert answer.understood.question == "Who opened the Tarn bridge?"
    assert "When was the bridge opened?" in remote.prompt(0)
    assert remote.leaks(SECRETS) == []
    sent = len(remote.server.requests)
    answer = assistant.ask("Did he resign?", history=[("Who hid cracks?", "Zanthor Keld did.")])
    assert len(remote.server.requests) == sent
    assert "refers to what may come from articles marked local_only" in private(answer)


def test_a_program_without_marks_sends_its_history_as_it_is(remote: Wire, library: Library) -> None:
    library.add(OPEN)
    remote.server.replies[:] = [Reply(("Who opened the Tarn bridge?",)), REPLY]
    Assistant(remote.settings(), library).ask(
        "And who opened it?", history=[("When was the bridge opened?", "On Friday, it says.")]
    )
    assert "On Friday, it says." in remote.prompt(0)


def test_names_of_their_outlets_and_authors_are_not_told(remote: Wire, shelf: Library) -> None:
    remote.server.say("{}")
    Assistant(remote.settings(), shelf).ask("What was written about the bridge in March?")
    assert "Outlets in the library: Harbour Post\\n" in remote.prompt(0)
    assert "Authors in the library: Mona Reed\\n" in remote.prompt(0)


def test_a_copy_that_may_be_sent_goes_under_its_own_name(remote: Wire, library: Library) -> None:
    """Only the marked article is protected: the same words elsewhere are another one's."""
    text = f"{OPEN[0].text} Hundreds walked over it, and a band from the port played all day."
    marked = Article(text, title="Who cut the ribbon", source="Quillfax", key="q")
    library.add([marked, Article(text, title="Opening", source="Harbour Post", key="h")])
    question, assistant = "Who cut the ribbon of the bridge?", Assistant(remote.settings(), library)
    assert [hit.passage.article_id for hit in assistant.retrieve(question)] == [marked.id]
    library.change_tags(marked.id, add=LOCAL_ONLY)
    remote.heard.clear()
    remote.server.say("Mayor Ilse Brandt cut the ribbon [1].")
    answer = assistant.ask(question)
    assert 'title="Opening" source="Harbour Post"' in remote.prompt()
    assert remote.leaks({"quillfax"}) == []
    assert answer.citations[0].also == ("Quillfax",)  # said here, sent nowhere


def test_marks_hold_from_the_next_question_on(remote: Wire, library: Library) -> None:
    library.add(OPEN)
    remote.server.say("The bridge cost 40 million crowns [1].")
    conversation = Conversation(Assistant(remote.settings(), library))
    conversation.ask("What did the bridge cost?")
    assert remote.leaks({"ribbon"})
    library.change_tags(OPEN[0].id, add="Local only")
    remote.heard.clear()
    conversation.ask("Who warned of a strike?")
    conversation.ask("And who cut the ribbon?")
    assert remote.leaks({"brandt", "crowns", "opens"}) == ["crowns"]  # the tunnel's
    library.change_tags(OPEN[0].id, remove="Local only")
    conversation.clear()
    conversation.ask("What did the bridge cost?")
    assert remote.leaks({"brandt"})


def test_a_model_on_this_machine_reads_everything(shelf: Library) -> None:
    with scripted_server() as server:
        server.say("Contractor Zanthor Keld hid cracks in the bridge [1].")
        settings = Settings(base_url=server.url, model="m", retries=0)
        answer = Assistant(settings, shelf).ask("Who hid cracks in the bridge?")
        assert (answer.answered_by, private(answer)) == ("m", "")
        assert "Zanthor" in str(server.requests)


def test_a_summary_asks_no_model(remote: Wire, shelf: Library) -> None:
    summary = Assistant(remote.settings(), shelf).summarize()
    assert {article.title for article in summary.articles} >= {"Velmora dossier"}
    assert remote.heard == b""


def test_search_asks_a_model_for_filters_alone(remote: Wire, shelf: Library) -> None:
    remote.server.say("{}")
    hits = Assistant(remote.settings(), shelf).retrieve("Who hid cracks in the bridge in March?")
    assert SECRET[0].id in {hit.passage.article_id for hit in hits}
    assert len(remote.server.requests) == 1
    assert remote.leaks(SECRETS) == []


def test_an_answer_that_rests_on_a_removed_one_is_not_sent(remote: Wire, library: Library) -> None:
    library.add([*OPEN, SECRET[0]])
    remote.server.say(NO_ANSWER)
    assistant = Assistant(remote.settings(), library)
    first = assistant.ask("Who hid cracks in the bridge?")
    library.remove(SECRET[0].id)
    turn = Turn(first.question, first.text, first)
    assistant.ask("And did he cut the ribbon?", history=[turn])
    assert remote.leaks(told(SECRET[0]) - KNOWN) == []


# Libraries and questions drawn at random

_SYLLABLES = ("ka", "lo", "mi", "ru", "te", "vo", "sha", "pre", "dun", "gol", "fer", "bax")


def _word(draw: random.Random, letter: str) -> str:
    return letter + "".join(draw.choices(_SYLLABLES, k=3))


def _drawn(draw: random.Random, number: int) -> Article:
    """An article whose names no other has, about a matter that all have in common."""
    person, place, thing = (_word(draw, f"{letter}{number}x") for letter in "pqr")
    cost = draw.randint(10_000, 99_999) * 100 + number
    lines = [
        f"{person.title()} built the dam at {place.title()}.",
        f"The dam cost {cost} crowns, {person.title()} said.",
        f"In May the {thing} of the dam broke.",
    ]
    draw.shuffle(lines)
    return Article(
        " ".join(lines),
        title=f"{thing.title()} breaks",
        source=_word(draw, f"s{number}x").title(),
        author=_word(draw, f"a{number}x").title(),
        published=date(2024, draw.randint(1, 12), 3),
        key=str(number),
    )


ASKED = [
    "Who built the dam?",
    "What did the dam cost?",
    "What broke in May?",
    "Who built the dam, and what did it cost?",
    "How many articles mention the dam?",
    "What do the articles say about the dam?",
    "Which paper reports a higher cost of the dam?",
    "And who said so?",
    "What about him?",
    "And in June?",
    "Why?",
]


@pytest.mark.parametrize("seed", range(2))
def test_whatever_is_marked_and_asked_no_word_of_it_is_sent(
    monkeypatch: pytest.MonkeyPatch, library: Library, seed: int
) -> None:
    draw = random.Random(seed)
    articles = [_drawn(draw, number) for number in range(9)]
    library.add(articles)
    library.mark_local("notes")
    common = words_of(*ASKED) | PROMPTS
    for _ in range(2):
        hidden = draw.sample(articles, draw.randint(1, 9))
        shown = [article for article in articles if article not in hidden]
        library.change_tags([a.id for a in articles], remove=[LOCAL_ONLY, "notes"])
        for article in hidden:
            library.change_tags(article.id, add=draw.choice([LOCAL_ONLY, "Notes"]))
        secrets = set().union(*map(told, hidden)) - set().union(common, *map(told, shown))
        with wire(monkeypatch) as remote:
            replies = [NO_ANSWER, "It was built [1].", "", "Who built the dam?"]
            remote.server.replies[:] = [Reply((draw.choice(replies),)) for _ in range(30)]
            conversation = Conversation(Assistant(remote.settings(), library))
            asked = draw.sample(ASKED, 2)
            for question in asked:
                conversation.ask(question)
            assert remote.leaks(secrets) == [], (seed, asked)
            if not shown:
                assert remote.heard == b""


def test_the_wire_would_show_a_leak(remote: Wire, library: Library) -> None:
    library.add([*OPEN, SECRET[1]])  # the tag is not marked here
    remote.server.say(json.dumps({}))
    Assistant(remote.settings(), library).ask("What did the bridge cost?")
    assert "tolliver" in remote.leaks(SECRETS)
