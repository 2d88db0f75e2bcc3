"""Short answers keep what attributes, denies, doubts or conditions them in their source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.cues import Sort
from assistant.qualify import Qualified, qualified

ATTRIBUTED = """
The chamber put the daily cost at 18 million, above estimates, and said [60] firms shut. | chamber
She has said repeatedly that she first saw the report on [16 October], the day after. | she has said
The mayor visited the port, and said [40] ships were late. | the mayor said
[55] people were hurt, according to Hezbollah. | according to Hezbollah
According to Hezbollah, [55] people were hurt. | according to Hezbollah
The dam, according to its owner, holds [40 million] tonnes. | according to its owner
According to Jo Hart, who inspected them, [40] dams leak. | according to Jo Hart
According to a 2019 survey, [40] dams leak. | according to a 2019 survey
The mayor said [40] shops had closed. | the mayor said
The mayor said that about [40] shops had closed. | about the mayor said
[40] shops had closed, the mayor said. | the mayor said
[40] shops had closed, said the mayor on Friday. | said the mayor
The strike, the mayor said, had closed [40] shops. | the mayor said
The mayor, Jo Hart, said [40] shops had closed. | the mayor said
The minister added that [12] roads were shut. | the minister added
One witness testified that [two] men had run away. | one witness testified
The senator maintains that [40] ballots are missing. | the senator maintains
[14] hens escaped (farm ministry figures). | farm ministry figures
[14] hens escaped (source: the farm ministry). | source: the farm ministry
The army says 30 boats sank, while fishermen speak of [70]. | fishermen speak of
The crew said it had asked for a new boat in [1998] and that nobody replied. | the crew said
The union's figures show [310] losses. | the union's figures show
A report by the union found [310] errors. | a report by the union found
A union that represents the guards said it had [310] members. | a union that represents
The ministry estimated that [12] bridges were lost. | the ministry estimated
Police reported [12] arrests. | police reported
Prosecutors allege he took [40,000] crowns. | 40 000 prosecutors allege
In the mayor's view [40] shops are enough. | in the mayor's view
By the union's count [3,000] people marched. | 3 000 by the union's count
Macron left early and said [40] soldiers would stay. | soldiers would stay Macron said
The report says [40] cases were found. | the report says
The army said 40 died but the hospital said [55] did. | the hospital said
The army said [40] died but the hospital said 55 did. | the army said
The navy said 40 boats sank; the owners said [12] did. | the owners said
Witnesses described [three] explosions. | Witnesses described
He is accused of stealing [40] paintings. | He is accused of stealing
[Two] men were charged with theft. | men were charged with theft
"""
QUOTED = """
It was "[the largest in years]", the mayor said. | “the years” mayor said
“It was [the largest in years],” said the mayor, Jo Hart. | “the years” said mayor
"We lost [40] boats," he said. | “40” he said
The mayor said: "[Forty] guests had left." | “Forty” the mayor said
"Forty guests had left. [Ten] stayed," the mayor said. | “Ten” the mayor said
The mayor said, "Forty guests had left. [Ten] stayed." | “Ten” the mayor said
"Forty had left," the mayor said, "and [ten] stayed." | “ten” the mayor said
‘[Forty] boats were lost,’ the harbour master said. | “Forty” the harbour master said
"I saw nine boats," said an old man. "Then there were [eight]." | “eight” said an old man
Jo Hart laughed. "There were never [nine] boats. We had eight." | “There were never boats”
"""
DENIED = """
The agency withdrew its report of [70] deaths. | withdrew its report
The navy gave the count as [70] and later corrected it. | later corrected it
The escape of [40] men, which has not been confirmed, alarmed the village. | not been confirmed
The museum denied losing [12] paintings. | The museum denied losing
The government ruled out a tax of [5 per cent]. | The government ruled out a tax of
Kestria rejected a quota of [38,000] tonnes. | Kestria rejected a quota of 38 000
The driver refused to pay [40] crowns. | The driver refused to pay
Israel did not kill [40] soldiers. | Israel did not kill soldiers
[40] soldiers didn’t go. | soldiers didn’t go
Nobody saw the [nine] boats. | Nobody saw the boats
None of the [40] boats was insured. | None of the boats was insured
The team failed to score in [nine] matches. | The team failed to score in matches
There is no evidence that [40] people died. | There is no evidence that people died
Never before had [40] people come. | Never before had people come
The hotel’s [40] rooms have no bath. | The hotel’s rooms have no bath
In [1931], the dam did not break. | In the dam did not break
There were not [40] but 50 passengers. | There were not
It killed 40 people, not [50]. | It killed 40 people not
School starts at 9 rather than [8]. | School starts at 9 rather than
The claim that [40] boats sank is false. | The claim that boats sank is false
The figure of [310] is disputed by the authority. | The figure of is disputed by the authority
The figure of [310], disputed by the authority, is new. | disputed by the authority
[55] people died, which Israel denies. | which Israel denies
[55] people died, but Israel denied it. | but Israel denied it
His lawyer says he did not take the [12] rings. | he did not take the rings his lawyer says
The launch on [11 March] was called off. | The launch on was called off
"""
DOUBTED = """
The probe has two, and is meant to last for [six years]. | is meant to last
Allegedly, [40] people died. | allegedly
[40] people were reportedly hurt. | reportedly
Reportedly about [40] people were hurt. | reportedly about
Perhaps [60] people live there now. | perhaps
The final will probably be on [Sunday]. | probably
The fire was possibly started by [a candle]. | possibly
The final is likely to be on [Sunday]. | likely to be on
The party may hold a rally on [Friday]. | may hold a rally on
[40] jobs could go. | jobs could go
It might rain in [Tessel Cross]. | might rain in
It is believed to have cost [40 million]. | believed to have cost
The tower is thought to date from [1312]. | thought to date from
The drug is said to cure [nine] in ten. | said to cure
It is alleged that [40] crowns were paid. | It is alleged that crowns were paid
He took [40] crowns, it is claimed. | He took crowns it is claimed
[Two] climbers are feared dead. | climbers are feared dead
[Twelve] miners are missing, presumed dead. | miners are missing presumed dead
Unconfirmed reports of [60] deaths came in. | Unconfirmed reports of
Rumours that [60] villagers had fled spread fast. | Rumours that
The alleged theft of [12] rings is before the court. | alleged theft of
[Jo Hart], a suspected thief, is in prison. | a suspected thief
He was suspected of taking [40] bribes. | He was suspected of taking
The army fears [40] men escaped. | The army fears
The police asked whether [two] men had left. | The police asked whether men had left
Police asked the driver if he had seen [two] men. | Police asked the driver if he had seen men
Was the gate opened by [Emil Rask]? | Was the gate opened by Rask?
The number of [40] deaths has not been confirmed. | The number of deaths has not been confirmed
"""
CONDITIONED = """
If the court agrees, the vote is on [14 May]. | if the court agrees
She takes office on [1 April] if the court agrees. | if the court agrees
The match, if it is played, starts at [noon]. | if it is played
Unless the banks agree, [40] shops close in June. | unless the banks agree
Provided that it does not rain, the match starts at [noon]. | provided that it does not rain
The deal, subject to approval, is worth [40 million]. | subject to approval
Should the council agree, work starts on [14 May]. | should the council agree
It closes on [3 June] on condition that the lake is calm. | on condition that the lake is calm
In case of rain, the fair moves to [Tessel Cross]. | in case of rain
The tax rises to [9 per cent] once the bill is approved. | once the bill is approved
Under the plan, [six] ports close. | under the plan
If [40] members sign, the vote is held again. | If members sign the vote is held again
The bill, if passed, would raise the tax to [9 per cent]. | would raise the tax to if passed
A tunnel would have cost [40 million]. | would have cost
France proposed a truce of [21 days]. | proposed a truce of
The council plans to build [40] houses. | plans to build
The proposed tunnel is [40] kilometres long. | The proposed tunnel is
Work is scheduled to start on [3 June]. | is scheduled to start on
The union is demanding [6 per cent]. | demanding
A proposal to build [40] houses was rejected. | A proposal to build houses was rejected
[Six] ports close if parliament agrees, the minister said. | if parliament agrees the minister said
The mayor said [40] jobs would go. | jobs would go the mayor said
The rise of [6 per cent] that the mediator proposed is low. | the mediator proposed
"""
NEXT = """
The union says [310] jobs are at risk. The authority denied that. | the authority denied that
[310] jobs are gone. The authority disputes the figure. | the authority disputes the figure
[310] jobs are gone. That is not true, the authority said. | that is not true
[310] jobs are gone. The union doubts that. | the union doubts that
[310] jobs are gone. The claim could not be independently verified. | could not be independently
"""
PLAIN = """
A mediator, [Dr. Ada Quill], put a new offer to both sides.
“We wait,” said the harbour master, [Captain Ada Quill].
The regulator's head, [Ada Quill], said the losses in 2019 had been hidden.
Pictures of [Hugo Lind], the party's leader, with a senior rival showed that they met.
The bank closed after customers withdrew [70 million] crowns.
Pension claims reached [$70m].
Investor fears pushed gold to [$2,000].
A ring found near [Olsk] was sold.
The storm claimed [nine] lives.
The clinic admitted [nine] patients.
The club conceded [four] goals.
She went on [Sunday] to Olsk.
The duke declared war on [Olsk].
The duke recalled his ambassador from [Olsk].
He told [Edda] the story.
The dam, built in [1931], holds water.
The dam, built in [1931], was not inspected.
Hezbollah, which has [55] seats, said it was ready.
The mayor said on [14 May] that the road was closed.
She told the inquiry on [30 January] that she was sorry.
[The mayor] said 40 shops had closed.
40 shops had closed, [the mayor] said.
40 shops had closed, according to [the mayor].
[Macron] accused the union of lying.
[Jo Hart] denied the theft.
[The United States and France] proposed a truce of 21 days.
When the mayor said the road was open, [40] lorries left.
The mayor said it was late. [40] guests had left.
Macron denied the claim but [40] soldiers went.
The club added [40] seats to the stand.
She wrote [12] novels.
Without a permit, [40] boats went out.
[40] people died without warning.
There were not 40 but [50] passengers.
She was born not in Marisk but in [Dunmere].
The general, not a patient man, sent [40] letters.
The court, which had never met before, heard [40] cases.
Not only the crew but also [40] passengers were saved.
No. [10] is the prime minister's house.
The work started on [3 June] as planned.
Even if it rains, the match starts at [noon].
The ship apparently sank, and [40] people were saved.
The May fair drew [40] stalls.
The fair opened on [May 3].
The delay was due to [rain].
The price rose from 40 to [50] crowns.
Only [40] people were saved.
Ms. Aske, [47], takes office if the court agrees.
Who opened the gate? [Emil Rask], the duty manager.
The bank did not comment. Its profit was [40,000] crowns.
[310] jobs are gone. The authority denied that it was cutting pay.
"""


def rows(table: str) -> list[tuple[str, str]]:
    """Marked text, and the words that must stand with the answer."""
    pairs = [line.split(" | ") for line in table.strip().split("\n")]
    return [(marked, keeps) for marked, keeps in pairs]


def ask(marked: str, question: str = "", language: str = "en") -> Qualified:
    """The answer for the words between square brackets."""
    before, rest = marked.split("[", 1)
    span, after = rest.split("]", 1)
    start = len(before)
    return qualified(before + span + after, start, start + len(span), language, question=question)


def check(marked: str, keeps: str, sort: Sort | None = None) -> None:
    found = ask(marked)
    short = found.short.lower()
    assert marked.split("[")[1].split("]")[0].lower() in short
    assert [word for word in keeps.split() if word.strip('.“”"').lower() not in short] == []
    assert sort in found.sorts if sort else found.sorts


@pytest.mark.parametrize(("marked", "keeps"), rows(ATTRIBUTED + QUOTED.lstrip()))
def test_attributed(marked: str, keeps: str) -> None:
    check(marked, keeps)


@pytest.mark.parametrize(("marked", "keeps"), rows(DENIED + NEXT.lstrip()))
def test_denied(marked: str, keeps: str) -> None:
    check(marked, keeps)


@pytest.mark.parametrize(("marked", "keeps"), rows(DOUBTED))
def test_doubted(marked: str, keeps: str) -> None:
    check(marked, keeps)


@pytest.mark.parametrize(("marked", "keeps"), rows(CONDITIONED))
def test_conditioned(marked: str, keeps: str) -> None:
    check(marked, keeps)


@pytest.mark.parametrize("marked", PLAIN.strip().split("\n"))
def test_what_is_plain_stays_bare(marked: str) -> None:
    found = ask(marked)
    assert found.sorts == ()


@pytest.mark.parametrize(
    ("marked", "short"),
    [
        ("[55] people were hurt, according to Hezbollah.", "55, according to Hezbollah"),
        ("The mayor said that about [40] shops had closed.", "about 40, the mayor said"),
        ("[40] shops had closed, said the mayor on Friday.", "40, said the mayor"),
        ("Police put the march at [900] and the union at 3,000.", "900, police put"),
        ("Police put the march at 900 and the union at [3,000].", "3,000, the union put"),
        ("The duke said he met the queen and the king at [noon].", "noon, the duke said"),
        ("The doors open at [6 a.m]. on Monday.", "6 a.m."),
        ("No fewer than [40] passengers were saved.", "No fewer than 40"),
        ("The mill was built before [1860].", "before 1860"),
        ("The mayor\n said\nthat [40] shops\nhad closed.", "40, the mayor said"),
        ("[310] jobs are gone. The union denied it.", "310; the union denied it"),
    ],
)
def test_short(marked: str, short: str) -> None:
    assert ask(marked).short == short


@pytest.mark.parametrize(
    ("question", "marked", "short"),
    [
        ("How many boats did the navy say sank?", "The navy said [40] boats sank.", "40"),
        ("How many sank, according to the navy?", "[40] sank, according to the navy.", "40"),
        (
            "How many Israeli boats did Egypt say sank?",
            "The Israeli navy said [40] boats sank.",
            "40, the Israeli navy said",
        ),
        ("Who said that 40 boats sank?", "[The navy] said that 40 boats sank.", "The navy"),
        (
            "Who proposed the truce?",
            "The truce was proposed by [the United States and France].",
            "the United States and France",
        ),
        ("When did Israel reject it?", "Israel rejected the plan on [Thursday].", "Thursday"),
        (
            "When is the strike?",
            "Israel rejected the proposal on [Thursday].",
            "Israel rejected the proposal on Thursday.",
        ),
    ],
)
def test_what_the_question_says_is_not_repeated(question: str, marked: str, short: str) -> None:
    assert ask(marked, question).short == short


def test_sentence_takes_in_the_speaker() -> None:
    text = 'Jo Hart said that it hurt to leave. "I lost [40] boats. They were my life." She wept.'
    found = ask(text)
    assert found.short == "40, Jo Hart said"
    plain = text.replace("[", "").replace("]", "")
    assert found.sentence[0] == 0
    assert "40 boats" in plain[slice(*found.sentence)]
    assert "wept" not in plain[slice(*found.sentence)]


@pytest.mark.parametrize("language", ["fr", "de", "ar"])
def test_other_languages_are_left_alone(language: str) -> None:
    found = ask("Il n'y a no [55] morts, said Jo.", language=language)
    assert (found.short, found.sorts) == ("55", ())


@pytest.mark.parametrize(
    ("text", "start", "end", "short", "sentence"),
    [
        ("", 0, 0, "", (0, 0)),
        ("A cat.", 0, 0, "", (0, 0)),
        ("A cat.", -5, 99, "A cat.", (0, 6)),
        ("A  grey\n cat sat.", 0, 12, "A grey cat", (0, 17)),
        ("One cat. Two cats.", 4, 12, "cat. Two", (0, 18)),
    ],
)
def test_edges(text: str, start: int, end: int, short: str, sentence: tuple[int, int]) -> None:
    found = qualified(text, start, end)
    assert (found.short, found.sorts, found.sentence) == (short, (), sentence)


@pytest.mark.parametrize(
    "piece", ["said ", "not ", '"', "“", ", ", "‘", "a.", "(", "if ", "told ", "\n"]
)
def test_hostile_text_ends_soon(piece: str) -> None:
    text = piece * 20_000
    middle = len(text) // 2
    qualified(text, middle, middle + 5, question=f"How many did {text} say?")


WORDS = st.sampled_from(
    "the mayor 55 boats said that , according to Israel denied not no if may would \" “ ” ' ’ ; : "
    ". ? ( ) — but and which who , reportedly about between 1931 May told\n\nit \n # Ms. planned "
    "é 中".split(" ")
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))


@given(TEXTS, st.integers(-3, 220), st.integers(-3, 60), TEXTS)
def test_nothing_is_lost_and_nothing_fails(
    text: str, start: int, length: int, question: str
) -> None:
    found = qualified(text, start, start + length, question=question)
    first = min(max(start, 0), len(text))
    last = min(max(start + length, first), len(text))
    span = text[first:last].strip()
    left, right = found.sentence
    assert 0 <= left <= right <= len(text)
    assert span in text[left:right]
    # Marks around a clause may be left out, words never.
    assert " ".join(span.split()).strip(" ,;:—–") in found.short
