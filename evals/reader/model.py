"""The reader as a torch module: the encoder, where an answer starts and ends, and whether one is.

Start and end are softmaxes over the tokens, of which the first stands for "not here" (Devlin et
al. 2019); a second head says whether the passage answers, from that first token.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.reader.windows import PAD, SEP
from evals.reader.plan import Group, Input

BLOCKED = -1e4
"""Logit of a token that no answer may start or end at."""


class ReaderModel(nn.Module):
    """Input ids to start, end and answerable logits."""

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.span = nn.Linear(width, 2)
        self.answerable = nn.Sequential(nn.Linear(width, width), nn.Tanh(), nn.Linear(width, 1))

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Shapes (n, tokens), (n, tokens) and (n,)."""
        hidden = self.encoder(
            input_ids=ids, attention_mask=mask, token_type_ids=types
        ).last_hidden_state
        start, end = self.span(hidden).unbind(-1)
        return start, end, self.answerable(hidden[:, 0]).squeeze(-1)


def fresh(folder: Path, dropout: float = 0.1) -> ReaderModel:
    """The embedding model with new heads; no dropout in attention, which is slow on a CPU."""
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(
        str(folder),
        attn_implementation="eager",
        attention_probs_dropout_prob=0.0,
        hidden_dropout_prob=dropout,
        add_pooling_layer=False,
        dtype=torch.float32,
    )
    encoder.embeddings.word_embeddings.requires_grad_(False)
    return ReaderModel(encoder)


def tensors(inputs: Sequence[Input]) -> dict[str, Tensor]:
    """A padded batch: ids, mask, types, allowed (the text and the first token), start, end."""
    longest = max(len(i.ids) for i in inputs)
    n = len(inputs)
    ids = torch.full((n, longest), PAD)
    mask = torch.zeros((n, longest), dtype=torch.long)
    types = torch.zeros((n, longest), dtype=torch.long)
    allowed = torch.zeros((n, longest), dtype=torch.bool)
    for row, found in enumerate(inputs):
        length = len(found.ids)
        ids[row, :length] = torch.tensor(found.ids)
        mask[row, :length] = 1
        types[row, found.ids.index(SEP) + 1 : length] = 1
        allowed[row, found.first : length - 1] = True
        allowed[row, 0] = True
    start = torch.tensor([i.start for i in inputs])
    end = torch.tensor([i.end for i in inputs])
    return {
        "ids": ids,
        "mask": mask,
        "types": types,
        "allowed": allowed,
        "start": start,
        "end": end,
    }


Logits = tuple[Tensor, Tensor, Tensor]
"""Start, end and answerable, as `ReaderModel` gives them."""


def loss_of(logits: Logits, batch: dict[str, Tensor], groups: Sequence[Group]) -> Tensor:
    """Each passage by itself with "not here" as a choice, and the passages of a group together."""
    allowed = batch["allowed"]
    start = logits[0].float().masked_fill(~allowed, BLOCKED)
    end = logits[1].float().masked_fill(~allowed, BLOCKED)
    each = (F.cross_entropy(start, batch["start"]) + F.cross_entropy(end, batch["end"])) / 2
    answers = F.binary_cross_entropy_with_logits(
        logits[2].float(), (batch["start"] > 0).to(start.dtype)
    )
    shared: list[Tensor] = []
    row = 0
    for group in groups:
        if len(group) > 1:
            rows = slice(row, row + len(group))
            offset = next(i for i, found in enumerate(group) if found.answerable) * start.shape[1]
            for scores, place in ((start, batch["start"]), (end, batch["end"])):
                flat = scores[rows].clone()
                flat[:, 0] = BLOCKED
                target = offset + place[rows].max()
                shared.append(F.cross_entropy(flat.reshape(1, -1), target[None]))
        row += len(group)
    together = torch.stack(shared).mean() if shared else start.new_zeros(())
    return each + 0.25 * together + 0.3 * answers


SOFT = 2.0
"""Temperature at which a teacher's distributions are learned from."""


def taught(logits: Logits, teacher: Logits, batch: dict[str, Tensor]) -> Tensor:
    """How far the distributions are from a teacher's (Hinton et al. 2015)."""
    allowed = batch["allowed"]
    total = torch.zeros((), device=allowed.device)
    for own, other in zip(logits[:2], teacher[:2], strict=True):
        near = F.log_softmax(own.float().masked_fill(~allowed, BLOCKED) / SOFT, -1)
        far = F.log_softmax(other.float().masked_fill(~allowed, BLOCKED) / SOFT, -1)
        total = total + SOFT**2 * F.kl_div(near, far, log_target=True, reduction="batchmean") / 2
    answers = F.binary_cross_entropy_with_logits(
        logits[2].float(), torch.sigmoid(teacher[2].float())
    )
    return total + 0.3 * answers
