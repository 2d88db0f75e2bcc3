"""The sample articles, and the two libraries that never mix."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant, Settings
from assistant.samples import sample_articles
from index import Article, Library

ARTICLES = sample_articles()


def test_there_are_enough_and_all_say_what_they_are() -> None:
    assert len(ARTICLES) >= 16
    for article in ARTICLES:
        assert article.title
        assert article.source
        assert isinstance(article.meta["fictional"], bool)
    real = [article for article in ARTICLES if not article.meta["fictional"]]
    assert all("lebanon" in article.tags for article in real)
    assert 3 <= len(real) <= 4
    assert any(len(article.text.split()) >= 3000 for article in ARTICLES)


@pytest.mark.real
def test_samples_answer_while_the_own_library_is_empty(
    sample_library: Library, tmp_path: Path
) -> None:
    assistant = Assistant(Settings(store=str(tmp_path / "own")))
    assert assistant.uses_samples
    answer = assistant.ask("How long was the proposed truce between Israel and Hezbollah?")
    assert answer.short.startswith("21 days")
    assert "United States and France" in answer.text
    assert answer.notices[0].kind == "samples"
    assert not answer.citations[0].fictional

    assistant.own.add(Article("The mayor of Quillby opened a library on Monday.", key="1"))
    assert not assistant.uses_samples
    answer = assistant.ask("What did the mayor of Quillby open?")
    assert answer.notices == ()
    assert "library" in answer.text
    assert len(assistant.library.articles()) == 1
    assert len(sample_library.articles()) == len(ARTICLES)


@pytest.mark.real
def test_a_fictional_source_says_so(sample_library: Library) -> None:
    assistant = Assistant(Settings(), sample_library)
    answer = assistant.ask("How many dockers were on strike in Marisk?")
    assert answer.citations[0].fictional
    assert "(fictional)" in str(answer)


@pytest.mark.real
def test_opening_them_again_embeds_nothing(sample_library: Library) -> None:
    from assistant.samples import sample_library as opened

    def unexpected(progress: object) -> None:
        raise AssertionError("samples were added again")

    assert opened(Settings(), on_progress=unexpected).articles()
