"""Candidates in the order of how well they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import candidate, evidence

from assistant.errors import SettingsError
from assistant.reader import Reader
from assistant.reader.confidence import Found
from assistant.rescore import CrossEncoderRescorer, ReaderRescorer, rescorer, score
from assistant.state import Source

FERRY = "The ferry sails to Orlan every day. Tickets are cheap."
HYMN = "Ada Lind wrote the hymn of Orlan in 1902."
QUESTION = "Who wrote the hymn of Orlan?"


def sources(*texts: str, prior: float = 0.5) -> list[Source]:
    return [replace(source, prior=prior) for source in evidence(*texts).sources]


@pytest.mark.real
def test_the_reader_puts_first_what_answers() -> None:
    ranked, look = ReaderRescorer().order(QUESTION, sources(FERRY, HYMN, prior=0.8))
    assert [(source.number, source.text) for source in ranked] == [(1, HYMN), (2, FERRY)]
    assert ranked[0].hit.score > 0.5 > ranked[1].hit.score
    assert [source.prior for source in ranked] == [0.8, 0.8]
    assert look is not None
    places = {HYMN[s.start : s.end] for s in look.seen if s.article == ranked[0].article.id}
    assert "Ada Lind" in places


class Blind(Reader):
    """Sees nothing in any passage."""

    def look(
        self,
        question: str,
        passages: Sequence[str],
        *,
        headers: Sequence[str] | None = None,
        priors: Sequence[float] | None = None,
    ) -> list[Found]:
        return []


def test_without_a_place_the_order_is_that_of_retrieval() -> None:
    found = [replace(s, prior=p) for s, p in zip(sources(FERRY, HYMN), (0.2, 0.9), strict=True)]
    ranked, _ = ReaderRescorer(Blind()).order(QUESTION, found)
    assert [source.text for source in ranked] == [HYMN, FERRY]
    assert ReaderRescorer(Blind()).order(QUESTION, [])[0] == []


def test_what_was_seen_and_retrieved_both_count() -> None:
    weak, strong = candidate(0, 0, 3, -5.0), candidate(0, 0, 3, 9.0)
    assert score(0.9, strong) > score(0.9, weak) > score(0.9, None)
    assert score(0.9, weak) > score(0.2, weak)
    assert 0 <= score(0.0, None) < score(1.0, strong) <= 1


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of a few untrained weights, saved as hub models are."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    from index.embed import shipped_model

    folder = tmp_path_factory.mktemp("cross-encoder")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=30522,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
    )
    config.num_labels = 1
    BertForSequenceClassification(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(shipped_model())).save_pretrained(folder)
    return folder


@pytest.mark.real
def test_a_cross_encoder_of_ones_own_decides(cross_encoder: Path) -> None:
    from sentence_transformers import CrossEncoder

    given = sources(FERRY, HYMN)
    ranked, look = rescorer(str(cross_encoder)).order(QUESTION, given)
    assert look is None
    own = CrossEncoder(str(cross_encoder), num_labels=1)
    pairs = [(QUESTION, f"{source.article.title}\n{source.text}") for source in given]
    values = [float(value) for value in own.predict(pairs)]
    better = given[values.index(max(values))]
    assert ranked[0].text == better.text
    assert all(0 <= source.hit.score <= 1 for source in ranked)
    assert rescorer(str(cross_encoder)).order(QUESTION, []) == ([], None)


@pytest.mark.real
def test_a_cross_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    named = CrossEncoderRescorer(str(tmp_path))
    with pytest.raises(SettingsError, match=r"cannot load the cross-encoder .*ASSISTANT_RERANKER"):
        named.order(QUESTION, sources(FERRY))
