"""Collections to search, with questions and the texts that are relevant to each, from public forms.

SQuAD form (Rajpurkar et al. 2016): data[].paragraphs[].{context, qas[].question}; every paragraph
is a text, relevant to its own questions. BEIR form (Thakur et al. 2021): a folder with
`corpus.jsonl`, `queries.jsonl` and `qrels/<split>.tsv`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from assistant.errors import InputError
from evals.splits import Part, part_of
from evals.trec import Qrels, read_qrels
from index import Article
from index.types import digest


@dataclass(frozen=True)
class Query:
    """A question; `gains` are the relevant articles' ids, `part` is None where nothing is split."""

    id: str
    text: str
    gains: Mapping[str, float]
    part: Part | None = None


@dataclass(frozen=True)
class Collection:
    """Texts as articles, each under its id in the public set (`Article.key`), and the queries."""

    articles: tuple[Article, ...]
    queries: tuple[Query, ...]


def read(path: Path, *, titled: bool = True, split: str = "test") -> Collection:
    """A file in SQuAD form or a folder in BEIR form.

    Args:
        path: the file or folder.
        titled: give texts their document's title; in SQuAD form it decides their part.
        split: in BEIR form, which qrels.

    Raises:
        InputError: it cannot be read or has another form.
    """
    return (
        read_beir(path, titled=titled, split=split)
        if path.is_dir()
        else read_squad(path, titled=titled)
    )


def read_squad(path: Path, *, titled: bool = True) -> Collection:
    """Distinct paragraphs and answerable questions of a file in SQuAD form; see `read`."""
    try:
        data = _Squad.model_validate_json(path.read_bytes()).data
    except OSError as error:
        raise InputError(f"cannot read {str(path)!r} ({error.strerror}); check the path") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{path.name} is not in SQuAD form: {place}: {first['msg']}") from None
    articles: dict[str, Article] = {}
    queries: list[Query] = []
    for document in data:
        title = document.title.replace("_", " ") if titled else ""
        for paragraph in document.paragraphs:
            article = Article(paragraph.context, title=title, key=digest(paragraph.context))
            articles.setdefault(article.id, article)
            part = part_of(title or paragraph.context)
            for asked in paragraph.qas:
                if not asked.is_impossible:
                    name = asked.id or f"q{len(queries)}"
                    queries.append(Query(name, asked.question, {article.id: 1.0}, part))
    return Collection(tuple(articles.values()), tuple(queries))


def read_beir(folder: Path, *, titled: bool = True, split: str = "test") -> Collection:
    """Texts and judged queries of a folder in BEIR form; see `read`.

    Texts without a word are left out, as nothing can be found in them.
    """
    articles = {
        row["_id"]: Article(
            row["text"], title=str(row.get("title") or "") if titled else "", key=row["_id"]
        )
        for row in _rows(folder / "corpus.jsonl")
        if row["text"].strip()
    }
    judged = read_qrels(folder / "qrels" / f"{split}.tsv")
    queries = tuple(
        Query(row["_id"], row["text"], _gains(judged[row["_id"]], articles))
        for row in _rows(folder / "queries.jsonl")
        if row["_id"] in judged
    )
    return Collection(tuple(articles.values()), queries)


def drawn_from(collection: Collection, part: Part | None) -> Collection:
    """The collection with the queries of one part only."""
    kept = tuple(query for query in collection.queries if part in (None, query.part))
    return replace(collection, queries=kept)


def qrels_of(collection: Collection) -> Qrels:
    """What is relevant, by the public ids."""
    keys = {article.id: article.key for article in collection.articles}
    return {
        query.id: {keys[name]: gain for name, gain in query.gains.items()}
        for query in collection.queries
    }


def _gains(judged: Mapping[str, float], articles: Mapping[str, Article]) -> dict[str, float]:
    return {articles[name].id: gain for name, gain in judged.items() if name in articles}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, each with the strings `_id` and `text`.

    Raises:
        InputError: it cannot be read, or a line has another form.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = json.loads(line)
                strings = isinstance(row, dict) and [row.get("_id"), row.get("text")]
                if not strings or not all(isinstance(value, str) for value in strings):
                    raise InputError(
                        f"{path.name}, line {number}: needs an object with the strings _id and text"
                    )
                yield row
    except OSError as error:
        raise InputError(
            f"cannot read {str(path)!r} ({error.strerror}); the folder must be in BEIR form, or "
            "name a file in SQuAD form"
        ) from error
    except ValueError as error:
        raise InputError(f"{path.name} is not JSONL in UTF-8 ({error}); mend that line") from None


class _Question(BaseModel):
    question: str
    id: str = ""
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]


class _Document(BaseModel):
    title: str = ""
    paragraphs: list[_Paragraph]


class _Squad(BaseModel):
    data: list[_Document]
