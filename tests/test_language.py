"""The language of an article: stated, stored or detected, and the same the next time."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from conftest import FakeEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import ui_shelf
from assistant.cli_output import Output
from assistant.doctor import examine
from assistant.samples import sample_articles
from assistant.settings import Settings
from index import DEFAULT_MODEL, AddReport, Article, Library
from index.coverage import notice, uncovered
from index.language import detect, name_of, normalise

ENGLISH = "The harbour closed after the storm, the mayor said, and nobody knows for how long."
FRENCH = (
    "Le port a fermé après la tempête, a dit le maire, et personne ne sait pour combien de jours."
)
ARABIC = "أغلق الميناء أبوابه بعد العاصفة، وقال المدير إن العمل سيعود غدا."
CODE = "def main(argv):\n    for i in range(10):\n        print(argv[i])\n    return 0\n"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", ENGLISH),
        ("en", "The mill was built by Ada Weir in 1931."),
        ("fr", FRENCH),
        ("fr", "« Jamais », dit-elle ; le maire est parti."),
        ("ar", ARABIC),
        ("ar", "رفض الحزب الاقتراح."),
        ("fa", "بندر پس از توفان بسته شد و مدیر گفت که کار فردا از سر گرفته می‌شود."),
        ("he", "הנמל נסגר אחרי הסערה."),
        ("zh", "港口在风暴后关闭。"),
        ("zh", "港口在風暴後關閉，市長說明天重新開放。"),
        ("ja", "港は嵐の後に閉鎖された。"),
        ("ko", "항구는 폭풍 뒤에 문을 닫았다."),
        ("hi", "तूफ़ान के बाद बंदरगाह बंद हो गया।"),
        ("th", "ท่าเรือปิดหลังพายุ นายกเทศมนตรีกล่าวว่าจะเปิดพรุ่งนี้"),
        ("ru", "Мэр сказал, что завтра работа возобновится."),
        ("uk", "Порт закрили після шторму, сказав мер міста."),
        ("el", "Το λιμάνι έκλεισε μετά την καταιγίδα."),
        ("de", "Der Hafen wurde nach dem Sturm geschlossen, sagte der Bürgermeister."),
        ("es", "El puerto cerró después de la tormenta, dijo el alcalde."),
        ("nl", "De haven ging dicht na de storm, zei de burgemeester."),
        ("no", "Havnen stengte etter stormen, sa ordføreren i går."),
        ("tr", "Fırtınadan sonra liman kapandı, dedi belediye başkanı."),
        ("en", ENGLISH * 4 + FRENCH),
        ("en", f"```\n{CODE * 20}```\n{ENGLISH}"),
        ("", ""),
        ("", "Yes."),
        ("", "停火。"),
        ("", "12 345, 678"),
        ("", "👩‍👩‍👧 🇫🇷 👍🏽" * 20),
        ("", CODE),
        ("", "SELECT id, name FROM users WHERE id = 3 ORDER BY name;"),
        ("", "asdf qwer zxcv uiop hjkl vbnm"),
        ("", "Berlin Paris Rome Madrid London"),
        ("", f"{ENGLISH}\n{FRENCH}"),
        ("", f"{ENGLISH * 9}\n{FRENCH * 9}"),
        ("", f"{ENGLISH} {ARABIC}"),
    ],
)
def test_detection(language: str, text: str) -> None:
    assert detect(text) == language


def test_the_samples_are_english() -> None:
    assert {detect(article.text) for article in sample_articles()} == {"en"}
    assert {article.language for article in sample_articles()} == {"en"}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400) | st.text(st.characters(codec=None), max_size=60))
def test_any_text_has_a_language_or_none(text: str) -> None:
    found = detect(text)
    assert found == "" or (len(found) == 2 and found == normalise(found))
    assert detect(text) == found
    assert normalise(text) == normalise(normalise(text))


@pytest.mark.parametrize("unit", ["<", "```", "a", " ", "http://", "Rain fell. ", "雨", "\ud800"])
def test_a_long_text_takes_no_longer(unit: str) -> None:
    detect(ENGLISH)
    began = time.process_time()
    detect(unit * 1_000_000)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("EN_us.UTF-8", "en"),
        (" fr ", "fr"),
        ("ger", "de"),
        ("deu", "de"),
        ("zh-Hant-TW", "zh"),
        ("iw", "he"),
        ("haw", "haw"),
        ("German", "de"),
        ("Norwegian", "no"),
        ("nb-NO", "nb"),
        ("", ""),
        ("und", ""),
        ("mul", ""),
        ("Klingon", ""),
        ("../../etc", ""),
        ("e\x00", ""),
    ],
)
def test_a_stated_language_becomes_a_code(stated: str, code: str) -> None:
    assert normalise(stated) == code


def test_names() -> None:
    assert [name_of(code) for code in ("ar", "no", "haw")] == ["Arabic", "Norwegian", "haw"]


def test_nothing_heavy_is_imported_before_a_text_is_detected() -> None:
    script = "import sys, index, index.language; sys.exit('py3langid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def language_of(library: Library) -> list[str]:
    return [article.language for article in library.articles()]


def test_an_article_has_the_stated_language_before_the_detected_one(library: Library) -> None:
    library.add([Article(FRENCH, key="a"), Article(FRENCH, language="en-GB", key="b")])
    library.add([Article("Oui.", key="c"), Article(FRENCH, language="und", key="d")])
    stored = {article.key: article.language for article in library.articles()}
    assert stored == {"a": "fr", "b": "en", "c": "", "d": "fr"}


def test_front_matter_states_it(library: Library, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"---\ntitle: Port\nlanguage: pt-BR\n---\n{FRENCH}")
    library.add(tmp_path / "a.md")
    assert language_of(library) == ["pt"]


def test_adding_again_changes_nothing(library: Library) -> None:
    articles = [Article(text, key=text[:9]) for text in (ENGLISH, FRENCH, ARABIC, "Oui.")]
    assert str(library.add(articles)) == "4 added"
    assert str(library.add(articles, dry_run=True)) == "4 unchanged"
    assert str(library.add(articles)) == "4 unchanged"


def test_a_changed_text_is_detected_anew(library: Library) -> None:
    library.add(Article(FRENCH, key="a"))
    assert str(library.add(Article(ARABIC, key="a"))) == "1 updated"
    assert language_of(library) == ["ar"]


def test_another_detector_changes_no_stored_article(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.add(Article(FRENCH, key="a"))
    monkeypatch.setattr("index.adding.detect", lambda text: "oc")
    assert str(library.add(Article(FRENCH, key="a"))) == "1 unchanged"
    assert language_of(library) == ["fr"]


@pytest.mark.parametrize(
    ("text", "first", "language"),
    [(ENGLISH, "1 unchanged", "en"), (FRENCH, "1 updated", "fr"), ("Oui.", "1 unchanged", "")],
)
def test_an_older_store_settles_after_one_addition(
    library: Library, monkeypatch: pytest.MonkeyPatch, text: str, first: str, language: str
) -> None:
    """English needs its label only: without one, sentences were found as in English already."""
    with monkeypatch.context() as patch:
        patch.setattr("index.adding.detect", lambda text: "")
        library.add(Article(text, key="a", tags=("old",)))
    assert language_of(library) == [""]
    assert str(library.add(Article(text, key="a"))) == first
    assert str(library.add(Article(text, key="a"))) == "1 unchanged"
    assert language_of(library) == [language]
    (stored,) = library.articles()
    assert stored.tags == ("old",)
    assert library.changes() == []


class EnglishEmbedder(FakeEmbedder):
    """The double under the name of a model that reads English only."""

    name = DEFAULT_MODEL


@pytest.fixture
def english_library(tmp_path: Path) -> Iterator[Library]:
    opened = Library.open(tmp_path / "english", embedding=EnglishEmbedder())
    yield opened
    opened.close()


ADVICE = (
    ", which the embedding model all-MiniLM-L6-v2 does not cover; search finds them by their words "
    "only. A model that does: paraphrase-multilingual-MiniLM-L12-v2 (ASSISTANT_EMBEDDING, then "
    "`assistant rebuild`)."
)


def test_a_language_is_told_once(english_library: Library) -> None:
    add = english_library.add
    assert add(Article(ENGLISH, key="e")).notice == ""
    arabic = [Article(f"{ARABIC} {n}", key=f"a{n}") for n in range(3)]
    assert add(arabic, dry_run=True).notice == ""
    assert add(arabic).notice == f"3 articles are in Arabic{ADVICE}"
    assert add(Article(f"{ARABIC} 4", key="a4")).notice == ""
    french = add(Article(FRENCH, key="f")).notice
    assert french.startswith("1 article is in French, which the embedding")
    assert "search finds it by its words only." in french
    assert add(arabic).notice == ""
    assert english_library.language_notice() == (
        f"4 articles are in Arabic and 1 is in French{ADVICE}".replace("which", "languages that")
    )


def test_once_outlives_the_program(tmp_path: Path) -> None:
    notices = []
    for number in range(2):
        library = Library.open(tmp_path / "kept", embedding=EnglishEmbedder())
        notices.append(library.add(Article(f"{FRENCH} {number}", key=str(number))).notice)
        library.close()
    assert notices[0].startswith("1 article is in French")
    assert notices[1] == ""


def test_an_unknown_model_says_nothing(library: Library) -> None:
    assert library.add(Article(ARABIC, key="a")).notice == ""
    assert library.language_notice() == ""


@pytest.mark.parametrize(
    ("model", "missing"),
    [
        ("all-MiniLM-L6-v2", ["ar", "cy", "zh"]),
        ("intfloat/e5-small-v2", ["ar", "cy", "zh"]),
        ("/models/all-mpnet-base-v2/", ["ar", "cy", "zh"]),
        ("paraphrase-multilingual-MiniLM-L12-v2", ["cy"]),
        ("sentence-transformers/LaBSE", []),
        ("somebody/a-model-of-their-own", []),
    ],
)
def test_what_a_model_covers(model: str, missing: list[str]) -> None:
    assert sorted(uncovered({"en": 1, "ar": 1, "zh": 2, "cy": 1, "": 4}, model)) == missing


@pytest.mark.parametrize(
    ("gaps", "better"),
    [
        ({"ar": 1}, "does: paraphrase-multilingual-MiniLM-L12-v2 ("),
        ({"cy": 1, "ar": 9}, "does: LaBSE ("),
        ({"qu": 2}, "words only."),
    ],
)
def test_the_model_named_reads_what_is_missing(gaps: dict[str, int], better: str) -> None:
    said = notice(gaps, DEFAULT_MODEL)
    assert better in said
    assert "\n" not in said
    assert ("A model that does" in said) == ("does:" in better)


def test_three_languages_in_one_line() -> None:
    said = notice({"fr": 1, "ar": 2_000, "hi": 1}, DEFAULT_MODEL)
    assert said.startswith(
        "2,000 articles are in Arabic, 1 is in French and 1 is in Hindi, languag"
    )


def test_the_page_and_the_command_line_tell_it(capsys: pytest.CaptureFixture[str]) -> None:
    report = AddReport(added=(Article(ARABIC),), notice="1 article is in <Arabic>.")
    assert "<p>1 article is in <Arabic>.</p>" in unescape(ui_shelf.report(report))
    assert "<Arabic>" not in ui_shelf.report(report)
    Output().report(report)
    shown = capsys.readouterr()
    assert shown.err == "1 article is in <Arabic>.\n"
    assert "<Arabic>" not in shown.out
    Output(as_json=True).report(report)
    shown = capsys.readouterr()
    assert json.loads(shown.out)["notice"] == report.notice
    assert shown.err == ""


def test_the_doctor_tells_it_every_time(english_library: Library) -> None:
    english_library.add(Article(ARABIC, key="a"))
    chosen = Settings(store=str(english_library.folder))
    for _ in range(2):
        checks = [c for c in examine(chosen, EnglishEmbedder()) if c.name == "languages"]
        assert [check.state for check in checks] == ["warning"]
        assert checks[0].text.startswith("1 article is in Arabic, which the embedding model")
