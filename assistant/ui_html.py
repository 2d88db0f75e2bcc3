"""Answers, citations and articles as HTML; pure functions that know nothing of Gradio.

Whatever came from an article, a model or a person passes through `escape`, which leaves neither
HTML nor Markdown alive: the chat component reads both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from urllib.parse import urlsplit

from assistant.render import DIFFER, LACKS, asked_instead, best_guess, confidence_words
from assistant.stated import told
from assistant.types import (
    NO_ANSWER,
    Answer,
    Checked,
    Citation,
    Claim,
    Disagreement,
    Event,
    Notice,
    Restarted,
    Status,
    Token,
    Value,
)
from index import Article, Passage

SURROUNDINGS = 250
"""Characters of the article shown before and after a quote, at most."""

MAX_ECHO = 1_000
"""Characters of a person's question that are shown again at most."""

STATUS_WORDS: Mapping[Status, str] = {
    "supported": "",
    "corrected": "source corrected",
    "partly": "only partly in the sources",
    "unsupported": "not in the sources",
}
"""What stands behind a sentence, by its status; the usual case needs no word."""

SURE = (
    "How likely this answer is right. Of the built-in reader’s answers shown with 80 %, about 80 %"
    " were right on questions held back to test it. Below a threshold it gives no answer; the"
    " setting ASSISTANT_THRESHOLD, from 0 to 1, moves it."
)
"""What is said of the confidence to whoever asks."""

# Every sign that HTML or Markdown could read as markup; letters, digits and spaces stay.
_SIGNS = re.compile(r"[!-/:-@\[-`{-~]")
# Invisible characters that reverse or embed what follows them, and other controls.
_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Excerpt:
    """Words of an article and what surrounds them: `before + quote + after`."""

    before: str
    quote: str
    after: str


@dataclass
class Partial:
    """An answer while it is being written; `prefix` makes its anchors unique on the page.

    Text may run ahead of the checks: a sentence gets its numbers when its check arrives.
    """

    prefix: str
    text: str = ""
    settled: str = ""
    waiting: str = ""
    notices: list[Notice] = field(default_factory=list)

    def feed(self, event: Event) -> bool:
        """Take in an event; tells whether there is something new to show."""
        waited, self.waiting = self.waiting, ""
        match event:
            case Token(text):
                self.text += text
            case Checked(claim):
                before, found, rest = self.text.partition(claim.text)
                if found:
                    self.settled += lines(before) + _sentence(claim, self.prefix)
                    self.text = rest
            case Restarted(notice):
                self.text = self.settled = ""
                self.notices.append(notice)
            case _:
                return bool(waited)
        return True

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been written so far."""
        return not (self.settled or self.text)

    def html(self, ending: str = "") -> str:
        """What has been written so far, then `ending`, which is HTML already."""
        text = self.settled + lines(self.text)
        if not text and not ending:
            words = sentence(self.waiting) if self.waiting else "Reading the articles"
            text = f'<span class="wait">{flat(words)}…</span>'
        body = f'<p class="said" dir="auto">{text}</p>' if text else ""
        return f'<div class="answer">{body}{_notices(self.notices)}{ending}</div>'


def escape(text: str) -> str:
    """Text that shows as it is, in HTML as in Markdown; direction overrides are left out.

    >>> escape("<b>*hi*</b>")
    '&#60;b&#62;&#42;hi&#42;&#60;&#47;b&#62;'
    """
    return _SIGNS.sub(lambda match: f"&#{ord(match[0])};", _CONTROLS.sub("", text))


def link(url: str) -> str:
    """The address if it is safe to follow (http or https with a host), else an empty string."""
    try:
        parts = urlsplit(url)
        return url if parts.scheme.lower() in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def day(value: date) -> str:
    """A date as people write it.

    >>> day(date(2025, 3, 4))
    '4 March 2025'
    """
    return f"{value.day} {value:%B %Y}"


def excerpt(text: str, start: int, end: int, width: int = SURROUNDINGS) -> Excerpt:
    """The words `text[start:end]` with up to `width` characters of the text on either side.

    Cut at word borders, with an ellipsis where the text goes on.

    >>> excerpt("It rained all day. The dam held. People cheered.", 19, 32, width=12)
    Excerpt(before='… all day. ', quote='The dam held.', after=' People…')
    """
    before, after = text[max(0, start - width) : start], text[end : end + width]
    if start > width:
        _, space, rest = before.partition(" ")
        before = f"… {rest}" if space and rest else f"…{before}"
    if end + width < len(text):
        rest, space, _ = after.rpartition(" ")
        after = f"{rest}…" if space and rest else f"{after}…"
    return Excerpt(before, text[start:end], after)


def shorten(text: str, longest: int = 60) -> str:
    """Text of at most about `longest` characters, cut at a word.

    >>> shorten("A satellite reaches orbit", 12)
    'A satellite…'
    """
    if len(text) <= longest:
        return text
    return (text[:longest].rpartition(" ")[0] or text[:longest]) + "…"


def sentence(text: str) -> str:
    """The text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def flat(text: str) -> str:
    """Escaped text in one line."""
    return escape(_SPACE.sub(" ", text))


def lines(text: str) -> str:
    """Escaped text that keeps its lines; blank lines would end an HTML block in Markdown."""
    return escape(text).replace("\n", "<br>")


def about_article(article: Article, author: bool = False) -> str:
    """Source, author where wanted, and date of an article in one quiet line."""
    names = [article.source, article.author if author else ""]
    source = ", ".join(name for name in names if name)
    return about(source, article.published, article.meta.get("fictional") is True)


def about(source: str, published: date | None, fictional: bool, locator: str = "") -> str:
    """Source, date and place in the original in one quiet line."""
    parts = [f"<bdi>{flat(part)}</bdi>" for part in (source, locator) if part]
    if published:
        parts.insert(1, f'<time datetime="{published.isoformat()}">{day(published)}</time>')
    line = " · ".join(parts)
    label = ' <span class="fictional">fictional</span>' * fictional
    return f'<span class="about">{line}{label}</span>' if line or label else ""


def question(text: str) -> str:
    """A person's question; a very long one is shown in part."""
    shown = text if len(text) <= MAX_ECHO else f"{text[:MAX_ECHO]}…"
    return f'<p class="asked" dir="auto">{lines(shown)}</p>'


def answer(
    found: Answer,
    excerpts: Mapping[int, Excerpt],
    nearest: Sequence[tuple[Article, Passage]] = (),
    prefix: str = "a",
    *,
    within: str = "",
    changed: Sequence[str] = (),
    without: Sequence[str] = (),
) -> str:
    """A finished answer: its sentences, what should be known about it, its sources.

    Args:
        found: the answer.
        excerpts: surroundings of each citation by its number; the quote stands alone without.
        nearest: passages to show when the articles do not say.
        prefix: makes the anchors unique on the page.
        within: the scope that was searched, in words; empty for everything.
        changed: titles of quoted articles whose text is another one since.
        without: kinds of filters that were taken off already.
    """
    scope = f'<p class="notice" dir="auto">Searched in: {flat(within)}</p>' * bool(within)
    scope += _understood(found, without, prefix)
    if found.abstained:
        said = " ".join(claim.text for claim in found.claims) or NO_ANSWER
        guess = best_guess(found)
        lacks = [notice for notice in found.notices if notice.kind in LACKS]
        body = f'<p class="said none" dir="auto">{flat(said)}</p>{_notices(lacks)}'
        body += f'<p class="notice">{flat(guess)}</p>' if guess else ""
        others = [notice for notice in found.notices if notice.kind not in LACKS]
        return _whole(body, others, scope + _nearest(nearest))
    short = f'<p class="short" dir="auto">{flat(found.short)}</p>' if found.short else ""
    body = (
        f"{short}{_said(found.claims, prefix)}{_confidence(found.confidence, prefix)}"
        f"{_differing(found.disagreement, prefix)}"
    )
    cards = "".join(
        card(c, excerpts.get(c.number, Excerpt("", c.quote, "")), prefix) for c in found.citations
    )
    body += "".join(
        f'<p class="notice" dir="auto">An article quoted here has changed since: {flat(title)}</p>'
        for title in changed
    )
    sources = f'<section class="sources"><h3>Sources</h3>{cards}</section>' if cards else ""
    others = [notice for notice in found.notices if notice.kind != "unsure_part"]
    return _whole(body, others, sources + scope)


def _said(claims: Sequence[Claim], prefix: str) -> str:
    """The sentences; those that are only nearest to a part of the question below its words."""
    paragraphs = []
    for part, own in groupby(claims, lambda claim: claim.nearest):
        sentences = " ".join(_sentence(claim, prefix) for claim in own)
        lead = f'<span class="lead">Not sure: {flat(part)} Nearest:</span> ' if part else ""
        kind = "said unsure" if part else "said"
        paragraphs.append(f'<p class="{kind}" dir="auto">{lead}{sentences}</p>')
    return "".join(paragraphs)


def card(citation: Citation, around: Excerpt, prefix: str) -> str:
    """A cited passage: number, title, source, date, and the words within their surroundings."""
    address = link(citation.url)
    title = f"<bdi>{flat(citation.title or 'Untitled')}</bdi>"
    if address:
        title = (
            f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{title}'
            '<span class="sr"> (opens the original)</span></a>'
        )
    line = about(citation.source, citation.published, citation.fictional, citation.locator)
    if citation.also:
        names = ", ".join(f"<bdi>{flat(name)}</bdi>" for name in citation.also)
        line += f'<span class="about">The same words also in: {names}</span>'
    words = f"{flat(around.before)}<mark>{flat(around.quote)}</mark>{flat(around.after)}"
    return (
        f'<article class="card" id="{prefix}-{citation.number}"><div class="head">'
        f'<span class="number">{citation.number}</span><div><h4 dir="auto">{title}</h4>{line}'
        f'</div></div><blockquote dir="auto">{words}</blockquote></article>'
    )


def error(message: str) -> str:
    """An error as one line."""
    return f'<p class="problem" dir="auto"><b>Sorry:</b> {flat(message)}</p>'


def empty(note: str = "") -> str:
    """What an empty chat shows, with a note on what goes where."""
    return (
        '<div class="empty"><h2>What would you like to know?</h2><p>Every answer shows the exact'
        " words that carry it. What the articles do not say, it does not answer.</p>"
        + f'<p class="leaves">{flat(note)}</p>' * bool(note)
        + "</div>"
    )


def stopped() -> str:
    """The line below an answer that the person has stopped."""
    return '<p class="notice">Stopped.</p>'


def removed() -> str:
    """The line in place of an answer that quoted an article which is gone."""
    return (
        '<div class="answer"><p class="notice">This answer quoted an article that was removed.</p>'
        "</div>"
    )


def _whole(body: str, notices: Sequence[Notice], below: str) -> str:
    """An answer with what limits it above its sources, and where it comes from below."""
    first = _notices(notice for notice in notices if notice.kind != "samples")
    last = _notices(notice for notice in notices if notice.kind == "samples")
    return f'<div class="answer">{body}{first}{below}{last}</div>'


def _sentence(claim: Claim, prefix: str) -> str:
    marks = "".join(_mark(citation, prefix) for citation in claim.citations)
    return lines(claim.text) + marks + _status(claim)


def _mark(citation: Citation, prefix: str) -> str:
    """The number behind a sentence, a link to its card; the title shows the quote."""
    return (
        f'<a class="cite" href="#{prefix}-{citation.number}" title="{flat(citation.quote)}">'
        f'<span class="sr"> source </span>{citation.number}</a>'
    )


def _status(claim: Claim) -> str:
    words = STATUS_WORDS[claim.status]
    return f' <span class="status {claim.status}">{words}</span>' if words else ""


def _notices(notices: Iterable[Notice]) -> str:
    return "".join(f'<p class="notice" dir="auto">{flat(n.text)}</p>' for n in notices)


def _understood(found: Answer, without: Sequence[str], prefix: str) -> str:
    """What was asked in place of the question, and its filters, each to be taken off."""
    asked = "".join(
        f'<p class="notice" dir="auto">Asked: {flat(shorten(question, MAX_ECHO))}</p>'
        for question in asked_instead(found)
    )
    chips = " ".join(
        # A link, as the chat lets no button through; its address tells what to leave out of what.
        f'<a class="chip" href="#without-{"-".join((*without, one.kind))}-{prefix}"'
        f' title="Ask again without this: {escape(one.words)}">{flat(told(one))}'
        '<span aria-hidden="true"> ×</span></a>'
        for one in found.understood.filters
    )
    filters = f'<p class="filters notice">The question asks for: {chips}</p>' if chips else ""
    return asked + filters


def _confidence(confidence: float | None, prefix: str) -> str:
    """How sure the answer is, in words; what that means shows while the words have the focus."""
    if confidence is None:
        return ""
    name = f"{prefix}-sure"
    return (
        f'<p class="sure"><span class="chip" tabindex="0" role="note" aria-describedby="{name}"'
        f' title="{flat(SURE)}">Confidence: {flat(confidence_words(confidence))}</span>'
        f'<span class="why" id="{name}">{flat(SURE)}</span></p>'
    )


def _differing(disagreement: Disagreement | None, prefix: str) -> str:
    """What the sources say differently, as a table; each value is cited like the answer itself."""
    if disagreement is None:
        return ""
    rows = "".join(_value(value, prefix) for value in disagreement.values)
    return (
        f'<section class="differ"><table><caption>{DIFFER[disagreement.kind]}</caption>'
        '<thead><tr><th scope="col">Date</th><th scope="col">Source</th>'
        f'<th scope="col">Says</th></tr></thead><tbody>{rows}</tbody></table></section>'
    )


def _value(value: Value, prefix: str) -> str:
    when = value.published
    day_said = f'<time datetime="{when.isoformat()}">{day(when)}</time>' if when else "undated"
    who = f'<span class="about">{flat(value.speaker)}</span>' if value.speaker else ""
    said = _sentence(replace(value.claim, text=" ".join(value.text.split())), prefix)
    return (
        f'<tr><td>{day_said}</td><th scope="row" dir="auto"><bdi>{flat(value.source)}</bdi>{who}'
        f'</th><td dir="auto">{said}</td></tr>'
    )


def _glimpse(passage: Passage) -> str:
    """The beginning of a passage, enough to tell what it is about."""
    return flat(shorten(_SPACE.sub(" ", passage.text), SURROUNDINGS))


def _nearest(passages: Sequence[tuple[Article, Passage]]) -> str:
    rows = "".join(
        f'<article class="card near"><h4 dir="auto">{flat(article.title or "Untitled")}</h4>'
        f'{about_article(article)}<blockquote dir="auto">{_glimpse(passage)}</blockquote>'
        "</article>"
        for article, passage in passages
    )
    return f"<details><summary>The nearest passages</summary>{rows}</details>" * bool(rows)
