"""Sentences, passages and lexical search in many scripts; every text is invented."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st
from test_split import COUNT, check_passages

from index import Article, Library
from index.runs import queries, terms
from index.split import MAX_TOKENS, passages, sentences

# In each example | stands where a reader ends a sentence.
EXAMPLES = {
    "ar": """
أغلق الميناء أبوابه.| هل يعود العمل غدا؟| لا أحد يعلم!
بلغت النسبة 3.5 في المئة.| ارتفعت الأسعار.
قال د. سامي إنه لن يحضر.| غادر القاعة.
التقى أ.د. ليلى بالوفد.| لم تعلق.
وصل الوفد في ٢٦ سبتمبر ٢٠٢٤.| بدأ الاجتماع.
«لن نقبل».| هكذا رد العمدة.
أولا، المطر؛ ثانيا، الريح.| لا أكثر.
قال المدير: «نعم!»| ثم مضى.
أُغلِقَ المِيناءُ.| لَم يَعُد أَحَد.
العنوان\n\nالنص الأول.| النص الثاني.
\u200fأغلق الميناء.\u200f| \u200fعاد العمل.
سقط 1,200 حجر!| هل جرح أحد؟| لا 👍🏽.
""",
    "he": """
הנמל נסגר.| מתי ייפתח?| איש אינו יודע!
המחיר עלה ב-3.5 אחוזים.| השכר ירד.
„לא נסכים”, אמר ראש העיר.| הוא יצא.
ד"ר כהן יצאה.| גב' לוי נשארה.
הוא אמר: "לא."| היא שתקה.
הַנָּמָל נִסְגַּר.| הַיָּם סָעַר.
הישיבה החלה ב-9:30.| היא נמשכה שעה.
צה"ל לא הגיב.| הדובר סירב.
כותרת\n\nמשפט ראשון.| משפט שני.
ירד גשם; נשבה רוח.| זה הכול.
\u200fהנמל נסגר.\u200f| \u200fהעבודה חזרה.
נמכרו 1,200 ספרים!| מי קנה?| כולם 🎉.
""",
    "fr": """
Le port a fermé.| Quand rouvrira-t-il\u202f?| Personne ne le sait\u00a0!
« Jamais\u00a0! » dit-elle.| Il partit.
Mme Roy est là.| M. Dupont aussi.
Il vit p. 12 l’erreur.| Il la corrigea.
Vraiment ?| Oui !| C’est M. A. Durand.
Le prix monte de 3,5 millions d’euros.| Personne n’achète.
Le maire a dit\u00a0: « Non. »| Il est sorti.
« Nous partons », dit-il.| « Nous restons », dit-elle.
L’e\u0301cole est ferme\u0301e.| Les e\u0301le\u0300ves jouent.
La S.N.C.F. a répondu.| La grève continue.
Titre\n\nPremier point ; second point.| Fin.
Il neige ❄️.| On skie 🎿 !| Bravo 👏🏽.
""",
    "zh": """
港口关闭了。|什么时候重开？|没有人知道！
他说：“不行。”|然后离开了。
价格上涨3.5%。|工资下降。
第一；第二。|完了。
他问：「去嗎？」|她說：「不去。」
“我们不走。”|市长沉默。
他来了，她走了，雨停了。|风还在吹。
《港口日报》报道了此事。|市长没有回应。
2024年9月26日，会议开始。|会议持续了三天。
标题\n\n第一句。|第二句！
他喊道：“停！”|车停了。
太好了🎉！|大家都来了👨‍👩‍👧。|再见。
""",
    "ja": """
港は閉鎖された。|いつ再開するのか？|誰も知らない！
「行かない。」と彼女は言った。|彼は黙った。
価格は3.5％上昇した。|賃金は下がった。
本当ですか。|はい。
『終わりだ！』|市長は叫んだ。
「はい」と彼は答えた。|雨が降っていた。
「もう帰ろう！」って彼は言った。|誰も動かなかった。
市長は、明日、再開すると述べた。|漁師は喜んだ。
2024年9月26日に会議が始まった。|三日続いた。
見出し\n\n一文目。|二文目。
ラーメンを食べた。|うまかった！
か\u3099っこうが鳴いた。|春だ🌸。
""",
    "hi": """
बंदरगाह बंद हो गया।| कब खुलेगा?| कोई नहीं जानता!
डॉ. शर्मा आए।| वे चले गए।
कीमत 3.5 प्रतिशत बढ़ी।| वेतन घटा।
उसने कहा, “नहीं।”| फिर वह चली गई।
वह आया॥| वह गया॥
प्रो. वर्मा ने मना किया।| श्री. राव माने।
क्षेत्र में बारिश हुई।| स्कूल बंद रहे।
बैठक २६ सितंबर को हुई।| तीन दिन चली।
शीर्षक\n\nपहला वाक्य।| दूसरा वाक्य।
“हम नहीं जाएँगे”, उसने कहा।| सब चुप थे।
नदी चढ़ी; पुल टूटा।| लोग रुके।
जीत गए 🎉!| सब नाचे।
""",
    "th": """
ท่าเรือปิดหลังพายุ นายกเทศมนตรีกล่าวว่าจะเปิดพรุ่งนี้
ราคาเพิ่มขึ้น 3.5 เปอร์เซ็นต์ ค่าจ้างลดลง
จริงหรือ?| ใช่!| เขาไปแล้ว.
หัวข้อ\n\nฝนตกหนัก
ฝนตกหนัก\n\nสะพานพัง\n\nโรงเรียนปิด
- หนึ่ง\n\n- สอง
“ไม่ไป” เธอกล่าว
พ.ศ. ๒๕๖๗ มีพายุ
ดีใจ 🎉!| ทุกคนมา
""",
    "en": """
She said 👩‍👩‍👧.| Then 🇫🇷🇩🇪 came!| It was cafe\u0301.
Yes 😀!| No 👍🏽.| Perhaps.
\u200fHe left.| \u200eShe stayed.
He left.\u0301| Next one.
The sign says שלום.| The other says سلام.
She wrote “港口”.| He read it.
The Z\u0351\u0343\u0302a\u0310l\u0321go text.| It ended.
""",
}
CASES = [
    (language, line.replace("\0", "\n\n"))
    for language, block in EXAMPLES.items()
    for line in block.strip().replace("\n\n", "\0").split("\n")
]

# Several code points that a reader sees as one character.
CLUSTERS = [
    "👩‍👩‍👧",
    "🇫🇷",
    "👍🏽",
    "❤️‍🔥",
    "e\u0301\u0323",
    "ä",
    "각",
    "क्षि",
    "กำ",
    "נָּ",
    "か\u3099",
    "x",
]


def cuts_a_cluster(text: str, spans: list[tuple[int, int]]) -> bool:
    edges = {0, *(match.end() for match in regex.finditer(r"\X", text))}
    return any(start not in edges or end not in edges for start, end in spans)


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_sentences_end_where_a_reader_ends_them(language: str, marked: str) -> None:
    text = marked.replace("|", "")
    expected = [part.strip() for block in marked.split("\n\n") for part in block.split("|")]
    for given_language in (language, ""):  # also while the language is unknown
        found = sentences(text, given_language)
        assert [text[start:end] for start, end in found] == expected
        assert not cuts_a_cluster(text, found)


@pytest.mark.parametrize("language", EXAMPLES)
def test_an_article_in_each_script_is_covered_in_order(language: str) -> None:
    text = "\n".join(line.replace("|", "") for code, line in CASES if code == language) * 12
    found = check_passages(text, language)
    assert len(found) > 1
    assert not cuts_a_cluster(text, found)


@pytest.mark.parametrize("before", ["", "x", "xy"])
@pytest.mark.parametrize("cluster", CLUSTERS)
def test_a_word_that_is_too_long_is_cut_between_characters(cluster: str, before: str) -> None:
    def count_bytes(texts: object) -> list[int]:
        assert isinstance(texts, list)
        return [len(text.encode()) for text in texts]

    text = before + cluster * 1_500
    assert not cuts_a_cluster(text, check_passages(text))
    found = passages(text, count_bytes)
    assert not cuts_a_cluster(text, found)
    assert max(len(text[start:end].encode()) for start, end in found) <= MAX_TOKENS
    assert "".join(text[start:end] for start, end in found) == text


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*CLUSTERS, "。", ". ", "¡", "» ", "\u200f"]), max_size=700))
def test_no_cluster_is_cut(parts: list[str]) -> None:
    text = "".join(parts)
    assert not cuts_a_cluster(text, sentences(text))
    assert not cuts_a_cluster(text, check_passages(text))


def test_a_sentence_without_an_end_is_cut_between_characters() -> None:
    text = "x" + "🇫🇷" * 15_000
    found = sentences(text)
    assert len(found) > 1
    assert not cuts_a_cluster(text, found)


def test_a_letter_under_a_heap_of_accents_is_cut_at_last() -> None:
    text = "e" + "\u0301" * 3_000
    assert "".join(text[start:end] for start, end in passages(text, COUNT)) == text


# What the lexical search finds: three short articles in each script, and words of them.
FOUND = [
    (
        ["港口在风暴后关闭了三天。", "议会通过了新的预算。", "大雨淹没了两座桥，渔民无法出海。"],
        [("港口什么时候重开？", 0), ("谁通过了预算", 1), ("雨", 2), ("桥", 2), ("渔民", 2)],
    ),
    (
        ["港は嵐の後に閉鎖された。", "議会は予算を可決した。", "大雨で橋が二つ流された。"],
        [("港はなぜ閉鎖されたか", 0), ("予算", 1), ("橋", 2)],
    ),
    (
        ["ท่าเรือปิดหลังพายุสามวัน", "สภาผ่านงบประมาณใหม่", "ฝนตกหนักทำให้สะพานพัง"],
        [("ท่าเรือปิดกี่วัน", 0), ("งบประมาณ", 1), ("สะพาน", 2), ("ฝน", 2)],
    ),
    (
        ["항구는 폭풍 뒤에 닫혔다.", "의회는 예산을 통과시켰다.", "폭우로 다리가 무너졌다."],
        [("항구", 0), ("예산", 1), ("다리", 2)],
    ),
    (
        ["तूफ़ान के बाद बंदरगाह बंद रहा।", "परिषद ने नया बजट पारित किया।", "बारिश से दो पुल टूट गए।"],
        [("बंदरगाह", 0), ("बजट किसने पारित किया", 1), ("पुल", 2)],
    ),
    (
        ["أُغلِقَ الميناءُ بعد العاصفة.", "أقر المجلس ميزانية للمدارس.", "هدمت الأمطار جسرين."],
        [("الميناء", 0), ("أغلق", 0), ("ميزانيّة", 1), ("الأمطار", 2)],
    ),
    (
        ["הַנָּמָל נִסְגַּר אחרי הסערה.", "המועצה אישרה תקציב.", "הגשם הרס שני גשרים."],
        [("הנמל", 0), ("הסערה", 0), ("תַּקְצִיב", 1), ("גשרים", 2)],
    ),
    (
        ["L\u2019école a fermé.", "Le conseil vote le budget.", "La pluie détruit un pont."],
        [("ecole", 0), ("E\u0301COLE", 0), ("détruit", 2)],
    ),
]


@pytest.mark.parametrize(
    ("texts", "query", "expected"),
    [(texts, query, number) for texts, asked in FOUND for query, number in asked],
)
def test_a_word_is_found_in_any_script(
    library: Library, texts: list[str], query: str, expected: int
) -> None:
    library.add([Article(text, key=str(number)) for number, text in enumerate(texts)])
    hit = library.search(query, 1, weight=0)[0]
    assert hit.passage.text == texts[expected]


def test_a_title_is_found_too_and_texts_are_not_changed(library: Library) -> None:
    library.add([Article("雨下了。", title="港口日报", key="a"), Article("Dry.", key="b")])
    (hit, *_) = library.search("日报", 1, weight=0)
    assert hit.passage.text == "雨下了。"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_terms_of_any_text_are_plain_words(text: str) -> None:
    assert '"' not in terms(text)
    assert not any('"' in term.strip('*"') for term in queries(text))


@pytest.mark.parametrize("text", ["The port closed.", "café", "Порт закрыт", "الميناء", "बंदरगाह"])
def test_most_scripts_need_no_terms(text: str) -> None:
    assert terms(text) == ""
