"""The scope of questions on the page: what was chosen, checked against the library, and as HTML.

What was chosen comes from a browser: only `narrowed` decides which articles a search sees, and it
takes nothing that the library does not have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant import ui_html as html
from assistant.errors import InputError, NotFoundError
from index import Article, Library, Scope

MAX_CHOSEN = 1_000
"""Tags and articles that are kept of one choice at most."""

LONGEST = 1_000
"""Characters of one of them at most; no tag has as many."""

MAX_OFFERED = 300
"""Articles that can be ticked at most; a tag reaches all of its articles."""

MAX_NAMED = 3
"""Tags and articles that are named where the scope is told; of more, the first and a number."""

FEW = 10
"""Tags and articles up to which there is no field to find one."""

GONE = "an article that was removed"


@dataclass(frozen=True)
class Chosen:
    """Tags and ids of articles that questions are limited to; nothing at all means everything."""

    tags: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tags or self.articles)


def parse(values: object) -> Chosen:
    """What the ticked boxes stand for; anything else in what the browser sent is left out.

    >>> parse(["tag:strike", "article:0123456789ab", 7, "what"])
    Chosen(tags=('strike',), articles=('0123456789ab',))
    """
    given = values[:MAX_CHOSEN] if isinstance(values, list) else []
    texts = (value for value in given if isinstance(value, str) and len(value) <= LONGEST)
    names = [text.partition(":") for text in texts]
    return Chosen(
        tuple(dict.fromkeys(name for kind, _, name in names if kind == "tag" and name)),
        tuple(dict.fromkeys(name for kind, _, name in names if kind == "article" and name)),
    )


def narrowed(chosen: Chosen, library: Library) -> Scope:
    """The scope of a search: every article that has one of the tags, and every article chosen.

    Raises:
        InputError: a tag or an article is not there, for example because it was removed.
    """
    tagged: list[Article] = []
    for tag in chosen.tags:
        found = library.articles(tags=[tag])
        if not found:
            named = html.shorten(tag)
            raise InputError(f"no article has the tag {named!r} any more; change “Search in” below")
        tagged += found
    for name in chosen.articles:
        try:
            library.get(name)
        except NotFoundError:
            raise InputError(
                "“Search in” names an article that was removed; change it below"
            ) from None
    if not chosen.articles:
        return Scope(tags=chosen.tags)
    # A search takes what has one of the tags and is one of the articles; here either is enough.
    return Scope(articles=tuple(dict.fromkeys((*chosen.articles, *(a.id for a in tagged)))))


def words(chosen: Chosen, library: Library) -> str:
    """What was chosen, in one line; empty for everything."""
    names = [f"tag {tag}" for tag in chosen.tags]
    names += [_title(name, library) for name in chosen.articles[: MAX_NAMED + 1]]
    count = len(chosen.tags) + len(chosen.articles)
    if count > MAX_NAMED:
        return f"{', '.join(names[: MAX_NAMED - 1])} and {count - MAX_NAMED + 1} more"
    return ", ".join(names)


def line(chosen: Chosen, library: Library) -> str:
    """The line above the question field: what is searched, a button that opens the choice."""
    told = words(chosen, library)
    everything = '<button type="button" class="all" data-all>Search all</button>' if chosen else ""
    return (
        f'<div class="scope{" narrow" if chosen else ""}">'
        '<button type="button" class="open" popovertarget="choices">Search in: '
        f'<span class="what" dir="auto">{html.flat(told or "all articles")}</span></button>'
        f"{everything}</div>"
    )


def choices(chosen: Chosen, articles: Sequence[Article]) -> str:
    """The choice itself: a box for each tag and for each article, in a window of its own."""
    counts = Counter(tag for article in articles for tag in article.tags)
    lost = [tag for tag in chosen.tags if tag not in counts]
    tags = "".join(
        _box("tag", tag, tag in chosen.tags, tag, f"{counts[tag]}" if counts[tag] else "not used")
        for tag in [*lost, *sorted(counts, key=str.casefold)]
    )
    known = {article.id for article in articles}
    gone = [name for name in chosen.articles if name not in known]
    boxes = [_box("article", name, True, GONE.capitalize()) for name in gone]
    boxes += [
        _box("article", a.id, a.id in chosen.articles, a.title or "Untitled", a.source)
        for number, a in enumerate(articles)
        if number < MAX_OFFERED or a.id in chosen.articles
    ]
    many = len(counts) + len(articles) > FEW
    find = '<input type="search" placeholder="Find" aria-label="Find a tag or an article">' * many
    more = len(articles) - MAX_OFFERED
    rest = f'<p class="quiet">and {more:,} more, which a tag can reach</p>' if more > 0 else ""
    groups = "".join(_groups(tags, "".join(boxes), rest))
    return (
        '<div id="choices" popover role="dialog" aria-label="Search in"><div class="head">'
        '<h3>Search in</h3><button type="button" class="done" popovertarget="choices"'
        ' popovertargetaction="hide">Done</button></div>'
        '<p class="quiet">Tick tags or articles to search only there. With nothing ticked, all'
        f" articles are searched.</p>{find}{groups}</div>"
    )


def _groups(tags: str, articles: str, rest: str) -> Iterator[str]:
    if tags:
        yield f'<fieldset class="tags"><legend>Tags</legend>{tags}</fieldset>'
    yield f"<fieldset><legend>Articles</legend>{articles}{rest}</fieldset>"


def _box(kind: str, value: str, ticked: bool, name: str, about: str = "") -> str:
    note = f' <span class="about" dir="auto">{html.flat(about)}</span>' if about else ""
    box = f'<input type="checkbox" value="{kind}:{html.escape(value)}"{" checked" * ticked}>'
    name = f'<span class="name" dir="auto">{html.flat(name)}</span>'
    return f"<label>{box}<span>{name}{note}</span></label>"


def _title(name: str, library: Library) -> str:
    try:
        return f"“{html.shorten(library.get(name).title or 'Untitled')}”"
    except NotFoundError:
        return GONE
