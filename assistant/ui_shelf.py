"""The list of articles, the reader and the report of an upload as HTML; see `assistant.ui_html`."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import ui_html as html
from index import AddReport, Article, Progress

MAX_LISTED = 300
"""Articles that the list shows at most; a browser gets slow beyond some thousands."""

MAX_READ = 200_000
"""Characters of one article that are shown at most."""


def header(note: str) -> str:
    """The head of the page with a note on where questions go."""
    return (
        f'<header><h1>Assistant</h1><p class="quiet">{html.flat(note)}</p>'
        '<a class="jump" href="#library">Articles</a></header>'
    )


def shelf(articles: Sequence[Article], samples: bool) -> str:
    """The list of the articles; each opens by a button that carries its id as `data-id`."""
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
    rows = "".join(
        f'<li><button type="button" data-id="{html.escape(a.id)}"><span class="title" dir="auto">'
        f"{html.flat(a.title or 'Untitled')}</span>{html.about_article(a)}</button></li>"
        for a in articles[:MAX_LISTED]
    )
    more = len(articles) - MAX_LISTED
    rest = f'<p class="quiet">and {more:,} more</p>' if more > 0 else ""
    return f'<p class="count">{count}</p>{note}<ul class="shelf">{rows}</ul>{rest}'


def reader(article: Article) -> str:
    """The full text of an article, below a button that leads back to the list."""
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
        f'{html.about_article(article, author=True)}{origin}<div class="text" dir="auto">'
        f"{html.lines(article.text[:MAX_READ])}</div>{cut}</article>"
    )


def adding(step: Progress) -> str:
    """How far an upload has come; a single article has no steps that could be counted."""
    many = step.total > 1
    words = f"Adding article {min(step.done + 1, step.total)} of {step.total}" if many else "Adding"
    value = f' value="{step.done}" max="{step.total}"' if many else ""
    return (
        f'<div class="notice report" role="status"><p>{words}… <bdi>{html.flat(step.current)}</bdi>'
        f'</p><progress aria-label="Progress"{value}></progress></div>'
    )


def report(added: AddReport) -> str:
    """What became of an upload, with the reason for each failure."""
    failures = "".join(
        f"<li><bdi>{html.flat(f.source)}</bdi>: {html.flat(f.reason)}</li>" for f in added.failed
    )
    words = html.flat(str(added))
    kind = "problem" if added.failed and not (added.added or added.updated) else "notice"
    listed = f'<ul class="failures">{failures}</ul>' if failures else ""
    told = f"<p>{html.flat(added.notice)}</p>" if added.notice else ""
    return f'<div class="{kind} report" role="status"><p>{words}</p>{listed}{told}</div>'
