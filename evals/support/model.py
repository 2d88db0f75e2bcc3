"""The support model as a torch module: the encoder, and whether the words carry the statement.

A second head says of each token of the statement whether it is one that the words do not carry
(as in Clark et al. 2020); it helps the first to look at single words, and is not shipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.reader.windows import PAD, SEP
from assistant.support.frame import Frame, frame
from evals.support.pairs import Pair

UNKNOWN = -1.0
"""Label of a token of which nothing is known."""


class SupportModel(nn.Module):
    """Ids of statement and words to logits of "carried" and, for each token, of "false"."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.false = nn.Linear(width, 1)
        self.carried = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor]:
        """Shapes (n,) and (n, tokens)."""
        hidden = self.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        return self.carried(hidden[:, 0]).squeeze(-1), self.false(hidden).squeeze(-1)


@dataclass(frozen=True)
class Input:
    """A frame with its label, and a label for each of its tokens."""

    frame: Frame
    carried: bool
    false: tuple[float, ...]


def encoded(pairs: Sequence[Pair], tokenizer: Any) -> list[Input]:
    """The pairs as the model reads them."""
    found = []
    for begin in range(0, len(pairs), 2048):
        part = pairs[begin : begin + 2048]
        claims = tokenizer.encode_batch([p.claim for p in part], add_special_tokens=False)
        heads = tokenizer.encode_batch(
            [f"{p.title}:" if p.title else "" for p in part], add_special_tokens=False
        )
        texts = tokenizer.encode_batch([p.premise for p in part], add_special_tokens=False)
        for pair, claim, head, text in zip(part, claims, heads, texts, strict=True):
            made = frame(claim.ids, head.ids, text.ids)
            labels = [UNKNOWN] * len(made.ids)
            if pair.carried or pair.false[0] >= 0:
                start, end = pair.false
                for at, (left, right) in enumerate(claim.offsets[: made.ids.index(SEP) - 1]):
                    labels[at + 1] = float(left < end and start < right)
            found.append(Input(made, pair.carried, tuple(labels)))
    return found


def batches(inputs: Sequence[Input], tokens: int, rng: Any) -> list[list[Input]]:
    """Inputs of like length together, `tokens` at most in each batch, padding included."""
    cut: list[list[Input]] = []
    for begin in range(0, len(inputs), 4096):
        pool = sorted(inputs[begin : begin + 4096], key=lambda one: len(one.frame.ids))
        made: list[list[Input]] = [[]]
        for one in pool:
            if made[-1] and len(one.frame.ids) * (len(made[-1]) + 1) > tokens:
                made.append([])
            made[-1].append(one)
        rng.shuffle(made)
        cut += made
    return cut


def tensors(inputs: Sequence[Input]) -> dict[str, Tensor]:
    """A padded batch: ids, mask, types, carried and, for each token, false."""
    shape = (len(inputs), max(len(one.frame.ids) for one in inputs))
    ids = torch.full(shape, PAD)
    mask, types = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
    false = torch.full(shape, UNKNOWN)
    for row, one in enumerate(inputs):
        length = len(one.frame.ids)
        ids[row, :length] = torch.tensor(one.frame.ids)
        mask[row, :length] = 1
        types[row, :length] = torch.tensor(one.frame.types)
        false[row, :length] = torch.tensor(one.false)
    carried = torch.tensor([float(one.carried) for one in inputs])
    return {"ids": ids, "mask": mask, "types": types, "carried": carried, "false": false}


def loss_of(logits: tuple[Tensor, Tensor], batch: dict[str, Tensor]) -> Tensor:
    """Cross-entropy of the statement, and of its tokens as far as they are known."""
    whole = F.binary_cross_entropy_with_logits(logits[0].float(), batch["carried"])
    known = batch["false"] >= 0
    # Few tokens are false: each counts as much as eight that are not.
    each = F.binary_cross_entropy_with_logits(
        logits[1].float()[known],
        batch["false"][known],
        pos_weight=torch.tensor(8.0, device=known.device),
    )
    return whole + 0.5 * each
