"""Which languages an embedding model reads, and what to tell a person whose articles are in others.

The lists are those that the models' authors publish. Of a model that is not listed nothing is said.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.language import name_of

_ENGLISH = frozenset({"en"})

_PARAPHRASE = frozenset(
    "ar bg ca cs da de el en es et fa fi fr gl gu he hi hr hu hy id it ja ka ko ku lt lv mk mn mr "
    "ms my nb nl no pl pt ro ru sk sl sq sr sv th tr uk ur vi zh".split()
)
"""Reimers & Gurevych 2020, "Making Monolingual Sentence Embeddings Multilingual"."""

_DISTILUSE_1 = frozenset("ar de en es fr it ko nl pl pt ru tr zh".split())

_LABSE = frozenset(
    "af am ar as az be bg bn bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi "
    "hr ht hu hy id ig is it ja jv ka kk km kn ko ku ky la lb lo lt lv mg mk ml mn mr ms mt my nb "
    "ne nl no or pa pl pt ro ru rw si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt ug uk ur "
    "uz vi xh yi yo zh zu".split()
)
"""Feng et al. 2022, "Language-agnostic BERT Sentence Embedding"."""

_XLM_R = frozenset(
    "af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he "
    "hi hr hu hy id is it ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my nb ne nl no "
    "om or pa pl ps pt ro ru sa sd si sk sl so sq sr su sv sw ta te th tl tr ug uk ur uz vi xh yi "
    "zh".split()
)
"""Conneau et al. 2020; below multilingual E5 (Wang et al. 2024)."""

_SUGGESTED = ("paraphrase-multilingual-MiniLM-L12-v2", "LaBSE")
"""From the smaller to the larger; the first that reads all that is missing is named."""

_MODELS = {
    "all-minilm-l6-v2": _ENGLISH,
    "all-minilm-l12-v2": _ENGLISH,
    "all-mpnet-base-v2": _ENGLISH,
    "all-distilroberta-v1": _ENGLISH,
    "bge-base-en-v1.5": _ENGLISH,
    "bge-large-en-v1.5": _ENGLISH,
    "bge-small-en-v1.5": _ENGLISH,
    "distiluse-base-multilingual-cased-v1": _DISTILUSE_1,
    "distiluse-base-multilingual-cased-v2": _PARAPHRASE,
    "e5-base-v2": _ENGLISH,
    "e5-large-v2": _ENGLISH,
    "e5-small-v2": _ENGLISH,
    "labse": _LABSE,
    "multi-qa-minilm-l6-cos-v1": _ENGLISH,
    "multi-qa-mpnet-base-cos-v1": _ENGLISH,
    "multi-qa-mpnet-base-dot-v1": _ENGLISH,
    "multilingual-e5-base": _XLM_R,
    "multilingual-e5-large": _XLM_R,
    "multilingual-e5-small": _XLM_R,
    "paraphrase-minilm-l6-v2": _ENGLISH,
    "paraphrase-multilingual-minilm-l12-v2": _PARAPHRASE,
    "paraphrase-multilingual-mpnet-base-v2": _PARAPHRASE,
}


def uncovered(counts: Mapping[str, int], model: str) -> dict[str, int]:
    """Those languages, with their numbers of articles, that the model is known not to read.

    >>> uncovered({"en": 5, "ar": 3}, "sentence-transformers/all-MiniLM-L6-v2")
    {'ar': 3}
    >>> uncovered({"ar": 3}, "a-model-of-my-own")
    {}
    """
    known = _MODELS.get(_base(model))
    return {code: n for code, n in counts.items() if known and code and code not in known}


def notice(gaps: Mapping[str, int], model: str) -> str:
    """What to tell a person about languages that their model does not read; "" if there are none.

    Args:
        gaps: languages with their numbers of articles, see `uncovered`.
        model: the embedding model's name.
    """
    if not gaps:
        return ""
    (code, most), *others = sorted(gaps.items(), key=lambda gap: (-gap[1], gap[0]))
    parts = [f"{_are(most, ' article')} in {name_of(code)}"]
    parts += [f"{_are(count)} in {name_of(code)}" for code, count in others]
    listed = ", ".join(parts[:-1]) + " and " * bool(others) + parts[-1]
    which = "languages that" if others else "which"
    how = "it by its" if not others and most == 1 else "them by their"
    said = (
        f"{listed}, {which} the embedding model {model} does not cover; "
        f"search finds {how} words only."
    )
    better = next((m for m in _SUGGESTED if not uncovered(gaps, m)), "")
    if better:
        said += f" A model that does: {better} (ASSISTANT_EMBEDDING, then `assistant rebuild`)."
    return said


def _are(count: int, noun: str = "") -> str:
    plural = "s" if noun and count != 1 else ""
    return f"{count:,}{noun}{plural} {'is' if count == 1 else 'are'}"


def _base(model: str) -> str:
    return model.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
