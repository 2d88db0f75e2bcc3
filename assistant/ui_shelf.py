"""The list of articles, the reader and the report of an upload as HTML; see `assistant.ui_html`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant import ui_html as html
from assistant.errors import InputError
from assistant.ui_adding import Upload
from index import AddReport, Article, differences

MAX_LISTED = 300
"""Articles that the list shows at most; a browser gets slow beyond some thousands."""

MAX_READ = 200_000
"""Characters of one article that are shown at most."""

MAX_TOLD = 5
"""Near copies that a report of an upload names at most; the list shows them all."""

MAX_TAGS = 30
"""Tags of one article at most."""

MAX_CHANGES = 200
"""Sentences of one change of an article that are shown at most."""

LONGEST_TAG = 60
"""Characters of a tag at most."""


def header(note: str) -> str:
    """The head of the page with a note on where questions go."""
    return (
        f'<header><h1>Assistant</h1><p class="quiet">{html.flat(note)}</p>'
        '<a class="jump" href="#library">Articles</a></header>'
    )


def shelf(articles: Sequence[Article], samples: bool, groups: Sequence[Sequence[str]] = ()) -> str:
    """The list of the articles; each opens by a button that carries its id as `data-id`.

    Args:
        articles: what is listed.
        samples: whether these are the sample articles.
        groups: ids of near copies, the earliest first: the others stand below it, as its outlets.
    """
    if not articles:
        return '<p class="quiet">No articles yet. Add your own to begin.</p>'
    count = f"{len(articles)} article{'s' * (len(articles) != 1)}"
    note = ""
    if samples:
        count = f"{len(articles)} sample articles"
        note = (
            '<p class="samples">These are sample articles. Add your own to replace them.'
            " The ones marked fictional are invented.</p>"
        )
    known = {article.id: article for article in articles[:MAX_LISTED]}
    copies = {group[0]: group[1:] for group in groups if group[0] in known}
    below = {name for names in copies.values() for name in names}
    rows = "".join(
        f"<li>{_entry(a)}{_copies([known[n] for n in copies.get(a.id, ()) if n in known])}</li>"
        for a in known.values()
        if a.id not in below
    )
    more = len(articles) - MAX_LISTED
    rest = f'<p class="quiet">and {more:,} more</p>' if more > 0 else ""
    return f'<p class="count">{count}</p>{note}<ul class="shelf">{rows}</ul>{rest}'


def reader(
    article: Article,
    note: str = "",
    copies: Sequence[Article] = (),
    versions: Sequence[Article] = (),
) -> str:
    """The full text of an article, below a button that leads back to the list, and its tags.

    Args:
        article: what is shown.
        note: what became of a change of its tags, as HTML.
        copies: near copies of it.
        versions: all of its versions, the current one first.
    """
    address = html.link(article.url)
    origin = (
        f'<p class="origin"><a href="{html.escape(address)}" target="_blank"'
        ' rel="noopener noreferrer">Open the original</a></p>'
    ) * bool(address)
    cut = (
        f'<p class="notice">Only the first {MAX_READ:,} of {len(article.text):,} characters.</p>'
        if len(article.text) > MAX_READ
        else ""
    )
    return (
        '<button type="button" class="back" data-id="">All articles</button>'
        f'<article class="reader"><h3 dir="auto">{html.flat(article.title or "Untitled")}</h3>'
        f"{html.about_article(article, author=True)}{origin}"
        f"{tags_form('Tags', article.id, article.tags)}{note}{_copies(copies)}{_history(versions)}"
        f'<div class="text" dir="auto">{html.lines(article.text[:MAX_READ])}</div>{cut}</article>'
    )


def tags_form(label: str, name: str = "", tags: Sequence[str] = ()) -> str:
    """A field for tags with a button that saves them for the article of that id."""
    return (
        f'<form class="tagging" data-article="{html.escape(name)}"><label>{html.flat(label)}'
        f' <input name="tags" value="{html.flat(", ".join(tags))}" dir="auto" autocomplete="off"'
        ' placeholder="separated by commas"></label><button type="submit">Save</button></form>'
    )


def parse_tags(text: str) -> tuple[str, ...]:
    """Tags from a field in which commas separate them.

    >>> parse_tags(" strike,  harbour ,,strike")
    ('strike', 'harbour')

    Raises:
        InputError: there are too many, or one is too long.
    """
    named = (" ".join(part.split()) for part in text.split(","))
    tags = tuple(dict.fromkeys(tag for tag in named if tag))
    if len(tags) > MAX_TAGS:
        raise InputError(f"{len(tags)} tags are too many for one article; {MAX_TAGS} are the limit")
    for tag in tags:
        if len(tag) > LONGEST_TAG:
            raise InputError(
                f"the tag {html.shorten(tag, 30)!r} has {len(tag):,} characters, the limit is "
                f"{LONGEST_TAG}; separate tags with commas"
            )
    return tags


def adding(upload: Upload) -> str:
    """How far an upload has come; a single article has no steps that could be counted."""
    step = upload.progress
    many = step.total > 1
    value = f' value="{step.done}" max="{step.total}"' if many else ""
    told = [f"{step.done} of {step.total} articles done"] if many else []
    if upload.stopping:
        told.append("stopping…")
    elif upload.waiting:
        told.append(f"{upload.waiting}…")
    elif upload.pace:
        told.append(upload.pace)
    return (
        f'<div class="notice report adding"><p>Adding <bdi>{html.flat(step.current)}</bdi>…</p>'
        f'<progress aria-label="Progress"{value}></progress>'
        f'<p class="pace">{html.flat(html.sentence(" · ".join(told)))}</p></div>'
    )


def report(added: AddReport) -> str:
    """What became of an upload, the reason for each failure, and a field to tag what is new."""
    failures = "".join(
        f"<li><bdi>{html.flat(f.source)}</bdi>: {html.flat(f.reason)}</li>" for f in added.failed
    )
    words = html.sentence(html.flat(str(added)))
    if added.stopped:
        words += ". Add the files again to go on."
    kind = "problem" if added.failed and not (added.added or added.updated) else "notice"
    listed = f'<ul class="failures">{failures}</ul>' if failures else ""
    told = "".join(
        f"<p><bdi>{html.flat(one.title or 'Untitled')}</bdi> is nearly the same as"
        f" <bdi>{html.flat(added.copies[one.id].label)}</bdi>.</p>"
        for one in [one for one in added.added if one.id in added.copies][:MAX_TOLD]
    )
    told += f"<p>{html.flat(added.notice)}</p>" if added.notice else ""
    new = len(added.added)
    label = "Tags for the new article" if new == 1 else f"Tags for the {new} new articles"
    form = tags_form(label) if new else ""
    return f'<div class="{kind} report" role="status"><p>{words}</p>{listed}{told}</div>{form}'


def _entry(article: Article) -> str:
    return (
        f'<button type="button" data-id="{html.escape(article.id)}"><span class="title" dir="auto">'
        f"{html.flat(article.title or 'Untitled')}</span>{html.about_article(article)}"
        f"{_tags(article.tags)}</button>"
    )


def _copies(copies: Sequence[Article]) -> str:
    """Near copies of an article, each a button with the name of its outlet."""
    rows = "".join(
        f'<button type="button" class="copy" data-id="{html.escape(copy.id)}" dir="auto">'
        f"{html.flat(copy.source or copy.title or 'Untitled')}</button>"
        for copy in copies
    )
    return f'<p class="copies"><span class="about">Nearly the same in:</span> {rows}</p>' * bool(
        rows
    )


def _history(versions: Sequence[Article]) -> str:
    """What each version changed, the newest first, folded away."""
    if len(versions) < 2:
        return ""
    steps = "".join(
        f"<h4>{newer.added:%Y-%m-%d %H:%M}</h4><ul>{_changes(older, newer)}</ul>"
        for newer, older in pairwise(versions)
    )
    return f'<details class="history"><summary>{len(versions)} versions</summary>{steps}</details>'


def _changes(older: Article, newer: Article) -> str:
    found = differences(older, newer)
    rows = ""
    for one in found[:MAX_CHANGES]:
        tag = "del" if one.kind == "removed" else "ins"
        words = f"{one.fact}: {one.text}" if one.fact else one.text
        rows += f'<li dir="auto"><{tag}>{html.flat(words)}</{tag}></li>'
    more = len(found) - MAX_CHANGES
    return rows + (f"<li>and {more:,} more</li>" if more > 0 else "")


def saved(words: str) -> str:
    """A line that says what was saved."""
    return f'<p class="notice saved" role="status">{html.flat(words)}</p>'


def _tags(tags: Sequence[str]) -> str:
    named = ", ".join(f"<bdi>{html.flat(tag)}</bdi>" for tag in tags)
    return f'<span class="about">Tags: {named}</span>' if named else ""
