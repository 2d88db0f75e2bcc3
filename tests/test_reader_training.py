"""How the reader is made: what it is trained on, that training learns and goes on, the export."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from assistant.reader.windows import MOST, OVERLAP, Window, window, windows
from evals import splits
from evals.reader.examples import Example, _joined
from evals.reader.plan import Encoder, Group, Input, batches, groups
from evals.reader.swaps import cut_passage, keys, swap_passage, swap_question

CONTEXT = (
    "The lighthouse at Port Ambel was built in 1874 by Clara Voss. It burned for three days in "
    "1902. Ivo Marran rebuilt the tower in 1911 with granite from Sollby."
)


def example(question: str, answer: str, context: str = CONTEXT, data: str = "squad1") -> Example:
    start = context.index(answer)
    return Example(
        data, question, context, "Port Ambel", "Port Ambel", (answer,), start, start + len(answer)
    )


EXAMPLES = [
    example("Who built the lighthouse at Port Ambel in 1874?", "Clara Voss"),
    example("When did Ivo Marran rebuild the tower?", "1911"),
    example("Where did the granite come from?", "Sollby"),
    example("How long did it burn in 1902?", "three days"),
]


def test_a_windows_text_is_where_it_says() -> None:
    text = list(range(1000, 1700))
    found = windows([7, 8], [9], text)
    assert found[0].begin == 0
    assert found[-1].begin + found[-1].count == len(text)
    for one in found:
        assert len(one.ids) <= MOST
        assert (
            list(one.ids[one.first : one.first + one.count])
            == text[one.begin : one.begin + one.count]
        )
        assert one.types.index(1) == 4  # [CLS] 7 8 [SEP] | 9 ...
    for one, following in pairwise(found):
        assert one.begin + one.count - following.begin == OVERLAP


def test_a_long_question_and_header_leave_room_for_the_text() -> None:
    one = window(list(range(200, 400)), list(range(500, 600)), list(range(1000, 1400)))
    assert len(one.ids) == MOST
    assert one.count > 200


def test_keys_are_years_numbers_and_names() -> None:
    found = {(key.text, key.sort) for key in keys("When did Ivo Marran sell 40 boats in May 1911?")}
    assert found == {("Ivo Marran", "name"), ("40", "number"), ("May", "month"), ("1911", "year")}


@pytest.mark.parametrize("seed", range(20))
def test_a_swapped_question_differs_and_has_no_answer(seed: int) -> None:
    rng = random.Random(seed)
    made = swap_question(EXAMPLES[0], ["Edda Holm", "Kings Reach"], rng)
    assert made is not None
    assert made.question != EXAMPLES[0].question
    assert (made.answers, made.start, made.kind) == ((), -1, "swapped")
    assert made.context == CONTEXT


@pytest.mark.parametrize("seed", range(20))
def test_a_swapped_passage_keeps_the_answers_words(seed: int) -> None:
    made = swap_passage(EXAMPLES[0], ["Edda Holm"], random.Random(seed))
    assert made is not None
    assert made.question == EXAMPLES[0].question
    assert made.context != CONTEXT
    assert "Clara Voss" in made.context


def test_a_cut_passage_lacks_the_answer() -> None:
    start = CONTEXT.index(" Ivo") + 1
    made = cut_passage(EXAMPLES[1], (start, len(CONTEXT)))
    assert made is not None
    assert "1911" not in made.context


def test_tokens_are_joined_as_people_write() -> None:
    text, offsets = _joined(["He", "said", ",", "``", "no", "''", "-LRB-", "twice", "-RRB-", "."])
    assert text == 'He said, "no" (twice).'
    assert text[slice(*offsets[4])] == "no"


def test_every_kept_part_follows_the_rule() -> None:
    for title in ("Normans", "Huguenot", "Dog", "Warsaw"):
        assert splits.part_of(title) == splits.drawn(title)


def test_parts_are_about_what_was_meant() -> None:
    parts = [splits.drawn(f"title {number}") for number in range(4000)]
    assert 0.65 < parts.count("train") / 4000 < 0.71
    assert 0.17 < parts.count("test") / 4000 < 0.23


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    from index.embed import shipped_tokenizer

    return Encoder(shipped_tokenizer())


def planned(encoder: Encoder, seed: int = 1) -> list[Group]:
    far = example("Who sold the mill?", "Edda Holm", "Edda Holm sold the mill to Kings Reach.")
    return groups([*EXAMPLES, far], encoder, seed)


def test_the_plan_points_at_the_answers(encoder: Encoder) -> None:
    answers = {e.answers[0].lower() for e in EXAMPLES} | {"edda holm"}
    found = [one for group in planned(encoder) for one in group]
    assert any(not one.answerable for one in found)
    for one in found:
        if one.answerable:
            assert encoder.tokenizer.decode(one.ids[one.start : one.end + 1]) in answers
            assert one.first <= one.start <= one.end < len(one.ids) - 1


def test_the_plan_is_the_same_for_the_same_seed(encoder: Encoder) -> None:
    assert planned(encoder) == planned(encoder)
    assert planned(encoder) != planned(encoder, 2)


def test_batches_hold_every_group_once_and_no_more_tokens_than_said(encoder: Encoder) -> None:
    found = planned(encoder)
    cut = batches(found, 300, 1)
    assert sorted(map(str, found)) == sorted(str(group) for batch in cut for group in batch)
    for batch in cut:
        longest = max(len(one.ids) for group in batch for one in group)
        assert len(batch) == 1 or longest * sum(map(len, batch)) <= 300


@pytest.mark.real
def test_training_learns_stops_and_goes_on(encoder: Encoder, tmp_path: Path) -> None:
    import torch

    from evals.reader.model import loss_of, taught, tensors
    from evals.reader.train import Recipe, averaged, train

    torch.manual_seed(0)
    own = tuple(
        found
        for one in EXAMPLES
        if (found := encoder.input(one, random.Random(1), crop=False)) is not None
    )
    wrong = Input(own[0].ids, own[0].first, 0, 0)
    batch: list[Group] = [(own[0],), (own[1],), (own[2], wrong), (own[3],)]
    recipe = Recipe(average=0.5, dropout=0.0, warmup=0.1)
    whole = train([batch] * 16, recipe, tmp_path / "whole.pt")

    first = train([batch] * 16, recipe, tmp_path / "parts.pt", until=7)
    second = train([batch] * 16, recipe, tmp_path / "parts.pt")
    for name, value in whole.state_dict().items():
        assert torch.allclose(value, second.state_dict()[name], atol=1e-3), name
    kept = averaged([tmp_path / "parts.pt"])
    inputs = [found for group in batch for found in group]

    def loss(model: torch.nn.Module) -> float:
        made = tensors(inputs)
        with torch.no_grad():
            return loss_of(model(made["ids"], made["mask"], made["types"]), made, batch).item()

    assert loss(kept) < 0.7 * loss(first)

    def apart(model: torch.nn.Module) -> float:
        made = tensors(inputs)
        with torch.no_grad():
            feed = (made["ids"], made["mask"], made["types"])
            return taught(model(*feed), kept(*feed), made).item()

    calm = replace(recipe, rate=2e-5, head_rate=1e-4)
    parts = [tmp_path / "parts.pt"]
    pupil = train([batch] * 8, replace(calm, teach=1.0), tmp_path / "pupil.pt", begin=parts)
    begun = train([batch] * 8, calm, tmp_path / "begun.pt", begin=parts)
    assert apart(kept) <= apart(pupil) < apart(begun)
    both = averaged([tmp_path / "parts.pt", tmp_path / "begun.pt"]).state_dict()
    for name, value in kept.state_dict().items():
        assert torch.allclose(both[name], (value + begun.state_dict()[name]) / 2, atol=1e-6), name


@pytest.mark.real
def test_the_export_reads_like_the_module(encoder: Encoder, tmp_path: Path) -> None:
    import numpy as np
    import onnxruntime
    import torch

    from evals.reader.export import export
    from evals.reader.model import fresh, tensors
    from evals.reader.quantise import quantise
    from index.embed import shipped_model

    torch.manual_seed(0)
    model = fresh(shipped_model()).eval()
    inputs = [one for group in planned(encoder)[:3] for one in group]
    made = tensors(inputs)
    with torch.no_grad():
        start, _, answerable = model(made["ids"], made["mask"], made["types"])
    export(model, tmp_path / "fp32.onnx")
    frames = [Window(one.ids, one.first, 0, 0) for one in inputs]
    quantise(tmp_path / "fp32.onnx", tmp_path / "int8.onnx", frames)
    feed = {name: made[name].numpy() for name in ("ids", "mask", "types")}
    inside = made["mask"].bool().numpy()
    for name, close in (("fp32", 1e-4), ("int8", 0.2)):
        session = onnxruntime.InferenceSession(str(tmp_path / f"{name}.onnx"))
        found = session.run(None, feed)
        assert np.abs(found[0] - start.numpy())[inside].max() < close
        assert np.abs(found[2] - answerable.numpy()).max() < close
    assert (tmp_path / "int8.onnx").stat().st_size < 26_000_000
