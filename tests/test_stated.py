"""What a question itself says of source, author and time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.stated import normal, stated, told, without_filters
from assistant.stated.periods import week_of
from assistant.types import Filter
from index import Facets, Scope

TODAY = date(2025, 4, 16)  # a Wednesday
DAYS = """2024-02-02 2024-03-05 2024-06-20 2024-11-20 2024-11-28 2025-01-10 2025-02-14 2025-03-03
2025-03-12 2025-03-20 2025-04-10 2025-04-15"""
SOURCES = (
    "Marisk Courier",
    "Valmarra Press Agency",
    "Reuters",
    "BBC",
    "Harbour Echo",
    "The Daily Post",
    "Lindow Gazette",
    "Lindow Herald",
    "Orlan Times",
    "Tarn Vale Ledger",
    "L'Écho de Brune",
)
AUTHORS = (
    "Ingrid Solvay",
    "Tomas Brandt",
    "Ada Weir and Piet Okoro",
    "Lena Brandt",
    "May Hollis",
    "Rosa Quint, Emil Farrow",
    "Noémie Lund",
)
FACETS = Facets(
    sources=dict.fromkeys(SOURCES, 2),
    authors=dict.fromkeys(AUTHORS, 1),
    days={date.fromisoformat(day): 1 for day in DAYS.split()},
)

NARROWED = """
According to Reuters, how many people were on the ferry? | source Reuters
according to reuters how many people were on the ferry | source Reuters
What does the BBC piece say about the dam? | source BBC
How many homes were lost in the Post's report? | source The Daily Post
Per VPA, who won the vote in Orlan? | source Valmarra Press Agency
What did the Courier report about the strike? | source Marisk Courier
Reuters: how many sailors were rescued? | source Reuters
Which figures were reported by the Harbour Echo? | source Harbour Echo
From the Courier: who signed the lease? | source Marisk Courier
What does the Lindow Herald say about the bridge? | source Lindow Herald
What did Ingrid Solvay write about the mine? | author Ingrid Solvay
Summarise the article by Tomas Brandt on wolves. | author Tomas Brandt
What does Solvay's article say about wages? | author Ingrid Solvay
Which pieces by Piet Okoro mention the dam? | author Piet Okoro
How many people were on strike in March? | happened 2025-03-01..2025-03-31
What was published in March 2024 about the dam? | published 2024-03-01..2024-03-31
Which articles were published on 12 March 2025? | published 2025-03-12..2025-03-12
What happened on March 12, 2025? | happened 2025-03-12..2025-03-12
Who won the election in 2024? | happened 2024-01-01..2024-12-31
What was reported last week about the ferry? | published 2025-04-07..2025-04-13
What has been written about the strike since Monday? | published 2025-04-14..
How many ships sank after 1 June 2024? | happened 2024-06-02..
How many strikes were there before 20 March? | happened ..2025-03-19
What was shelled before the ceasefire of 27 November? | happened ..2024-11-26
How many fires broke out between 3 and 24 March? | happened 2025-03-03..2025-03-24
What happened in the first week of March? | happened 2025-03-01..2025-03-07
Where did it snow in early February? | happened 2024-02-01..2024-02-10
Who was arrested in the last week of March 2025? | happened 2025-03-25..2025-03-31
Which stories ran in the last 30 days? | published 2025-03-17..2025-04-16
What was reported until 20 March? | published ..2025-03-20
What did the news say yesterday? | published 2025-04-15..2025-04-15
What is the latest on the strike? | latest
What is the most recent figure for the dead? | latest
according to the courier, how many dockers walked out? | source Marisk Courier
ACCORDING TO VPA WHO WON | source Valmarra Press Agency
How many, according to the Valmarra Press Agency, were hurt? | source Valmarra Press Agency
As reported by Reuters, what caused the fire? | source Reuters
what did the bbc report on the quake | source BBC
What does Reuters’ coverage say about the quake? | source Reuters
Summarise the Orlan Times editorial on schools | source Orlan Times
In the Gazette's story, who found the whale? | source Lindow Gazette
Based on the Herald, when does the pool open? | source Lindow Herald
What toll did Reuters give for the flood? | source Reuters
Did the Post report that the minister lied? | source The Daily Post
How many were killed, Reuters says? | source Reuters
Who was quoted in the Harbour Echo? | source Harbour Echo
Anything from the Times on the new tram? | source Orlan Times
Which articles from Reuters mention the pilot? | source Reuters
the daily post: who leads the union | source The Daily Post
Who died (Reuters)? | source Reuters
In an article published by the Echo, who is blamed? | source Harbour Echo
What has Ingrid Solvay written on wages? | author Ingrid Solvay
what did ingrid solvay report about the mine? | author Ingrid Solvay
In Solvay's piece, who is to blame? | author Ingrid Solvay
According to Rosa Quint, why did the dam leak? | author Rosa Quint
Who is blamed in the story by Emil Farrow? | author Emil Farrow
What does May Hollis write about foxes? | author May Hollis
Anything by Ada Weir on the harbour? | author Ada Weir
Okoro reports how many dead? | author Piet Okoro
List everything written by Lena Brandt. | author Lena Brandt
How many articles did Reuters publish in March? | source Reuters; published 2025-03-01..2025-03-31
According to Reuters, how many died on 12 March? | source Reuters; happened 2025-03-12..2025-03-12
What did the Courier report last week? | source Marisk Courier; published 2025-04-07..2025-04-13
What did Ingrid Solvay write in 2024? | author Ingrid Solvay; published 2024-01-01..2024-12-31
What is the latest from Reuters on the strike? | latest; source Reuters
What has been reported since 3 March about the mine? | published 2025-03-03..
How many died between 1 March and 15 March 2025? | happened 2025-03-01..2025-03-15
From 3 to 24 March, how many flights were cancelled? | happened 2025-03-03..2025-03-24
How did prices change from November 2024 to February 2025? | happened 2024-11-01..2025-02-28
How did prices change from November to February? | happened 2024-11-01..2025-02-28
Who was arrested in March and April? | happened 2025-03-01..2025-04-30
What happened on 3–5 March? | happened 2025-03-03..2025-03-05
What was in the news the day before yesterday? | published 2025-04-14..2025-04-14
Who won yesterday? | happened 2025-04-15..2025-04-15
What happened today in Orlan? | happened 2025-04-16..2025-04-16
Which stories appeared this week? | published 2025-04-14..2025-04-20
What did last month's articles say about rent? | published 2025-03-01..2025-03-31
How many trains were late over the past two weeks? | happened 2025-04-02..2025-04-16
how many strikes since january | happened 2025-01-01..
What has changed since the vote of 3 March? | happened 2025-03-03..
Who resigned after the 12 March vote? | happened 2025-03-13..
Who has been charged since the fire on 10 January? | happened 2025-01-10..
What did the March articles say about wolves? | published 2025-03-01..2025-03-31
Which reports from 12 March 2025 name the pilot? | published 2025-03-12..2025-03-12
Articles dated 2025-03-12 about the pilot | published 2025-03-12..2025-03-12
Was the pool closed in Q1 2025? | happened 2025-01-01..2025-03-31
How many homes were built in the first quarter of 2025? | happened 2025-01-01..2025-03-31
How many homes were lost in the spring of 2024? | happened 2024-03-01..2024-05-31
What happened in the week of 3 March? | happened 2025-03-03..2025-03-09
Which bridge fell in late November 2024? | happened 2024-11-21..2024-11-30
How much rain fell in mid-March? | happened 2025-03-11..2025-03-20
Were any boats lost last March? | happened 2025-03-01..2025-03-31
Which boats were lost in the last ten days? | happened 2025-04-06..2025-04-16
How many had been reported hurt up to 20 March? | published ..2025-03-20
What was known until 12 March 2025 about the leak? | published ..2025-03-12
Which are the newest figures on rent? | latest
latest news on the dam | latest
What is currently known about the leak? | latest
How many are missing as of now? | latest
Who was born on the 12th of March? | happened 2025-03-12..2025-03-12
Did she turn 30 in May 2024? | happened 2024-05-01..2024-05-31
What   happened  in   march   2024 | happened 2024-03-01..2024-03-31
How high was the tide on 13/03/2025? | happened 2025-03-13..2025-03-13
What did the BBC write between March and April 2025? | source BBC; published 2025-03-01..2025-04-30
Does Reuters report how many were killed? | source Reuters
Going by the Courier, who owns the quay? | source Marisk Courier
In its report on the quake, what did the BBC say caused it? | source BBC
I'd like to know what the Post wrote about the mayor | source The Daily Post
What number of dead was given by VPA? | source Valmarra Press Agency
How does the Harbour Echo describe the mayor? | source Harbour Echo
According to the Valmarra Press Agency report, who was arrested? | source Valmarra Press Agency
According to a BBC article, how deep is the lake? | source BBC
Which country does the Herald blame? | source Lindow Herald
Who, per the Gazette, is to pay for the pool? | source Lindow Gazette
tell me what reuters says about the dam | source Reuters
Who replaced the head of Reuters in March? | happened 2025-03-01..2025-03-31
Was a Reuters report wrong about the toll? | source Reuters
Does the BBC article by Ingrid Solvay name the owner? | source BBC; author Ingrid Solvay
Ingrid Solvay's reporting on the mine: who is blamed? | author Ingrid Solvay
What did Quint write about the harbour? | author Rosa Quint
Summarise Weir's articles | author Ada Weir
What did the papers say in the first half of March? | published 2025-03-01..2025-03-15
Which articles from the last month mention the dam? | published 2025-03-16..2025-04-16
List all stories published between 1 and 15 March 2025 | published 2025-03-01..2025-03-15
What was published before March? | published ..2025-02-28
Coverage of the strike since last Monday | published 2025-04-14..
News from yesterday about the strike | published 2025-04-15..2025-04-15
What's new since 10 April? | happened 2025-04-10..
How many ships docked during January 2025? | happened 2025-01-01..2025-01-31
In 2024, how many were born? | happened 2024-01-01..2024-12-31
in april who won | happened 2025-04-01..2025-04-30
How many people have died since the beginning of March? | happened 2025-03-01..
Between January and March, how many fled? | happened 2025-01-01..2025-03-31
Before 2025, who led the union? | happened ..2024-12-31
After the election of 20 November 2024, who took office? | happened 2024-11-21..
What did the 12 March report say? | published 2025-03-12..2025-03-12
Who wrote the 2024 report on the dam? | published 2024-01-01..2024-12-31
What did the union say on Monday? | happened 2025-04-14..2025-04-14
Which reports came out on Tuesday? | published 2025-04-15..2025-04-15
How many were hurt last Sunday? | happened 2025-04-13..2025-04-13
What happened over the weekend? | happened 2025-04-12..2025-04-13
How many accidents were there this year? | happened 2025-01-01..2025-12-31
How much snow fell last winter? | happened 2024-12-01..2025-02-28
How many were there two weeks ago? | happened 2025-03-31..2025-04-06
What is the latest count, according to VPA? | source Valmarra Press Agency; latest
What was the newest figure in March? | latest; happened 2025-03-01..2025-03-31
What does the latest Reuters report say? | latest; source Reuters
How many days in March did it rain? | happened 2025-03-01..2025-03-31
Whom does the BBC blame for the flood? | source BBC
What was said in the Courier about the mayor's salary? | source Marisk Courier
Did any article in the Gazette mention the spill? | source Lindow Gazette
From Reuters' reporting, how many were evacuated? | source Reuters
is it true, according to the post, that the bridge is unsafe? | source The Daily Post
Which side does the Harbour Echo say started it? | source Harbour Echo
How does Reuters explain the delay? | source Reuters
What does Farrow's piece on the strike claim? | author Emil Farrow
Which of Ada Weir's articles mentions the pool? | author Ada Weir
Has Tomas Brandt reported on the dam? | author Tomas Brandt
Who attacked Ingrid Solvay last week? | happened 2025-04-07..2025-04-13
What did Reuters report on 12 March? | source Reuters; published 2025-03-12..2025-03-12
How many articles about the dam appeared in 2024? | published 2024-01-01..2024-12-31
Show me everything written since 1 April on rents | published 2025-04-01..
Who was mayor in November? | happened 2024-11-01..2024-11-30
Were there floods in the last three months? | happened 2025-01-16..2025-04-16
How many flights were cancelled on Monday 3 March? | happened 2025-03-03..2025-03-03
Which villages were shelled from March 3 to March 12, 2025? | happened 2025-03-03..2025-03-12
What changed between 2024 and 2025? | happened 2024-01-01..2025-12-31
Who won the match on the 3rd of March 2025? | happened 2025-03-03..2025-03-03
When in March was the school closed? | happened 2025-03-01..2025-03-31
Has anyone been charged since the explosion of 14 February? | happened 2025-02-14..
Who had left before the 12 March deadline? | happened ..2025-03-11
How long has he lived there, since 1998? | happened 1998-01-01..
What is newest about the strike? | latest
Give me the most up-to-date death toll | latest
How many were reported hurt by 20 March? | published ..2025-03-20
Who left last Wednesday? | happened 2025-04-09..2025-04-09
How many did the ferry carry this month? | happened 2025-04-01..2025-04-30
Courier recount cost | source Marisk Courier
Reuters transfer fee Olsen | source Reuters
harbour echo bridge toll how much | source Harbour Echo
BBC 2025-03-29 what should trigger the pumps | source BBC; published 2025-03-29..2025-03-29
Gazette, 4 April: what share failed | source Lindow Gazette; published 2025-04-04..2025-04-04
Echo, March 2025: how many seals? | source Harbour Echo; published 2025-03-01..2025-03-31
the post in january, ferry fire, how many | source The Daily Post; published 2025-01-01..2025-01-31
solvay how many miners were rescued | author Ingrid Solvay
Farrow, 3 March 2025: which pit closed | author Emil Farrow; published 2025-03-03..2025-03-03
2025-03-12 number of pickets | happened 2025-03-12..2025-03-12
20 Jan 2025 post offices shut how many | happened 2025-01-20..2025-01-20
What does the Post have on the harbour fire? | source The Daily Post
The Courier on the locks: which gate failed? | source Marisk Courier
Solvay on the inquest: who testified? | author Ingrid Solvay
Only from the Post please: who runs the pool? | source The Daily Post
What did Tomas Brandt of the Gazette write on wolves? | author Tomas Brandt; source Lindow Gazette
How many members does Solvay say the guild has? | author Ingrid Solvay
Who does Lena Brandt say trains the divers? | author Lena Brandt
Who does Rosa Quint say plays the organ? | author Rosa Quint
as Solvay reported before 10 March 2025, who left? | author Ingrid Solvay; published ..2025-03-09
In Farrow's long feature on eels, who is quoted? | author Emil Farrow
In Quint's column on rents, what is proposed? | author Rosa Quint
What did Noemie Lund write about snow? | author Noémie Lund
According to Noémie Lund, who skis there? | author Noémie Lund
According to L'Echo de Brune, who won? | source L'Écho de Brune
In the Courier's most recent article on the locks, who is blamed? | latest; source Marisk Courier
Who won the seat after a recount in the first quarter of 2025? | happened 2025-01-01..2025-03-31
Who resigned after the vote about fares in December? | happened 2024-12-01..2024-12-31
Who resigned after the vote last week? | happened 2025-04-07..2025-04-13
Who resigned after the vote on 3 March? | happened 2025-03-04..
What has changed since the vote in March? | happened 2025-03-01..
After February 2025, how many ferries ran? | happened 2025-03-01..
Who led the guild after 2024? | happened 2025-01-01..
Up to 12 March 2025, what was the highest tide? | happened ..2025-03-12
According to Tarn Vale, who paid? | source Tarn Vale Ledger
What did the Ledger report about Tarn Vale? | source Tarn Vale Ledger
How many seals did the Echo count? | source Harbour Echo
How many left at the end of February? | happened 2025-02-21..2025-02-28
What does the BBC say about the Courier's story on eels? | source BBC
"""
"""A question and its filters; `published` is strict, `happened` is not."""

NOT_NARROWED = """
What did the mayor say about the Courier's story on the strike?
What does the Lindow paper say about the bridge?
Who owns Reuters?
Why were the Post's offices searched?
Which Reuters photographer was hurt in Lind?
When did the post arrive on the island?
Did the courier hand over the parcel?
Why was there an echo in the cathedral?
Do Reuters and the BBC agree on the number of dead?
According to the dockers' union, how many joined the strike?
According to Mayor Oda Fenn, who will pay?
Who was hired by the BBC as its new chair?
Where does Ingrid Solvay live?
Who is Ada Weir?
Which articles by Brandt mention the dam?
Who broke the ceasefire of 27 November?
Who signed the March 2024 agreement?
Is the 2030 target still in reach?
What is her 1998 novel about?
How long did he serve, for three years?
Will the mine close by 2028?
How many tickets were sold until the end of 2028?
Which was the last ship to leave?
May the union strike again?
How many people joined the march through Orlan?
Since the bridge is closed, how do people cross?
Was it on 14 or 15 October?
Were 2,150 people evacuated?
Who works for the BBC in Orlan?
Was the Courier sold to a bank?
Why did Reuters apologise?
Who is the editor of the Harbour Echo?
How many staff did the Post sack?
Did the courier report to the police?
When was the last post?
What time is the post office open?
What does Reuters say that the BBC does not?
Compare the reports of Reuters and the BBC on the quake.
Unlike the Courier, what does Reuters say?
How many were hurt according to the police?
According to a Courier reporter, who paid?
According to the Post's own staff, is it true?
Which Lindow hospital was closed?
Did workers strike at the Gazette?
How did the Times building burn down?
Was Ingrid Solvay hurt in the crash?
How old is Rosa Quint?
Who was interviewed by the police about Ada Weir?
Who was beaten by Ingrid Solvay in the final?
Did Brandt write about wolves?
What did Ingrid Solvay say to the judge?
Were more people arrested in January than in March?
How many members does the union have today?
Who won last year's election?
Who lost at the last election?
Who scored in the second week of the strike?
How long did the strike last?
Will rents rise before 2030?
Was the bridge to be finished by June 2024?
How many of the 2024 homes have heat?
In 1900 cases, what was the cause?
Did the ferry leave at 20.24?
What did the minister march for?
Who may march in Orlan?
Who led the march in Lind?
Was it in March that the dam failed?
Did the dam fail in March or April?
When did the museum open, on 3 March or on 4 March?
What were his last words?
Since when has the dam leaked?
Since he lost, has he spoken?
Who spoke before the vote?
Must the plan be ready by Friday at the latest?
Who presents The Latest Hour on the radio?
What is the 12 March agreement?
Who reads the 9 o'clock news?
What did they find after three days?
What happened between 24 and 3 March?
Who signed the treaty of 1 May 1998?
Which laws passed in 1998?
Is the plan for 2026 ready?
What happened on 31 June?
Did Theresa May resign after May lost the vote?
How high was the tide on 03/04/2025?
According to Reuters and the BBC, how many died?
Which BBC programme was cancelled?
Why was the Courier fined?
Did the BBC move its offices to Lind?
Where is the Harbour Echo printed?
How many readers does the Courier have?
What did the Post's lawyer say?
What did the BBC's Ada Fenn see?
Whom did the BBC interview?
How many times did the star shine?
According to the mayor, how many times was the siren tested?
What did the echo of the blast do?
According to Reuters' Ada Fenn, how many died?
What did Tomas Brandt write for the Courier?
Who hired Ingrid Solvay?
Which prize did Tomas Brandt win?
Did Ada Weir resign?
What book did Ingrid Solvay write?
Who is the article about Ada Weir by?
Was the mine closed by Ada Weir?
In which month was the dam closed?
How many strikes by the end of March?
Who will win in 2026?
What is planned for May?
How old will she be in 2031?
Who led the party from 2024?
Was the toll higher on 3 March than on 12 March?
Who attended the meeting of 12 March?
Did the team win 2024 medals?
How many were hired at the age of 2024?
Did Ms March win?
Did April Day win the race?
Is August Berg still the mayor?
How many visited the fair in the summer?
Did he win the Sunday race?
Why do they rest on Sundays?
Who was fined 2025 crowns?
Is there a plan for this year's fair?
What was last week's figure?
Which of these came first?
When did the strike of March 2024 end?
Did it happen before or after 12 March?
When is the latest date to apply?
Who is the current mayor of Lind?
How strong is the current in the strait?
Which train leaves latest?
Who spoke at the 2024 summit?
What happened in the 12 hours after the blast?
Did the BBC pay the fine?
Who sued the Harbour Echo?
Who bought shares in Reuters?
How far did the echo carry?
Who delivers the post on Sundays?
Who married Tomas Brandt?
How many people had died as of 20 March?
How much did the 2025 budget cut?
Who won the March by-election?
What is her Monday column called?
Is the talks deadline 30 April?
Who reached the top in under 2024 seconds?
Which ferry arrived last?
Should May Hollis resign?
Who was arrested in January and March?
In 2024 cases, what was the cause?
Apart from Reuters' report, who says so?
What is known, unlike in the Post's story?
Who was arrested on 3 and 12 March?
Who was said to finish the dam by 20 March?
Marisk Courier owner
Harbour Echo editor sacked
gazette offices raided
Harbour Echo new founder name
BBC was fined how much
Reuters sued the ministry for how much
Courier service to the island cost
Post and parcels cost how much
Echo of the blast heard how far
Independent inquiry into the fire result
12 March 2025 agreement who signed
Ingrid Solvay how old is she
What did Helena Voss say about the Courier's story that the pit is unsafe?
How did the guild respond to the Post's report?
Did the minister comment on the Gazette article?
From where did the Courier count the ships?
Why did the Post sue?
Will the divers go back on Monday?
Who led the guild before 2009?
Who resigned after the dam by 2018?
What happened in the latest round of talks?
Who won the latest series of the show?
What is the newest model of the tram?
Is this the latest in a series of fires?
Who are the depositors of tarn vale savings bank?
Were reports of Tarn Vale flooding true?
What did Ingrid Solvay say in court?
"""


def shown(one: Filter) -> str:
    if one.kind == "latest":
        return "latest"
    if one.kind != "time":
        return f"{one.kind} {one.scope.source or one.scope.author}"
    since, until = one.scope.since or "", one.scope.until or ""
    return f"{'published' if one.strict else 'happened'} {since}..{until}"


def filters(question: str) -> list[str]:
    return sorted(shown(one) for one in stated(question, FACETS, TODAY))


@pytest.mark.parametrize("line", NARROWED.strip().splitlines())
def test_a_question_says_which_articles_may_answer(line: str) -> None:
    question, _, expected = line.rpartition(" | ")
    assert filters(question) == sorted(expected.split("; "))


@pytest.mark.parametrize("question", NOT_NARROWED.strip().splitlines())
def test_a_question_that_says_nothing_of_articles_is_not_narrowed(question: str) -> None:
    assert filters(question) == []


@pytest.mark.parametrize("line", NARROWED.strip().splitlines()[::3])
def test_typing_does_not_matter(line: str) -> None:
    question, _, expected = line.rpartition(" | ")
    loose = "  " + question.rstrip("?").replace("'", "’").replace(" ", "  ") + " "
    assert filters(loose) == sorted(expected.split("; "))


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("how many died according to reuters", ["source Reuters"]),
        ("what did the post report about the dam", ["source The Daily Post"]),
        ("what does solvay's article say about wages", ["author Ingrid Solvay"]),
        (
            "what did may hollis write about in march",
            ["author May Hollis", "published 2025-03-01..2025-03-31"],
        ),
        ("did the post arrive in march", ["happened 2025-03-01..2025-03-31"]),
    ],
)
def test_a_question_without_capitals(question: str, expected: list[str]) -> None:
    assert filters(question) == expected


@pytest.mark.parametrize(
    ("question", "days", "expected"),
    [
        ("How many left in March?", [], "happened 2025-03-01..2025-03-31"),
        ("How many left in May?", [], "happened 2024-05-01..2024-05-31"),
        ("How many left in March?", ["2023-03-09"], "happened 2023-03-01..2023-03-31"),
        ("How many left in April?", ["2025-04-09"], "happened 2025-04-01..2025-04-30"),
        ("How many left in last March?", ["2023-03-09"], "happened 2025-03-01..2025-03-31"),
        ("Who left on 29 February?", [], "happened 2024-02-29..2024-02-29"),
        ("Who left at the end of February?", ["2024-02-09"], "happened 2024-02-21..2024-02-29"),
        ("Who left since December?", [], "happened 2024-12-01.."),
        ("Who left from December to January?", [], "happened 2024-12-01..2025-01-31"),
    ],
)
def test_a_year_that_is_not_said(question: str, days: list[str], expected: str) -> None:
    facets = Facets(days={date.fromisoformat(day): 1 for day in days})
    assert [shown(one) for one in stated(question, facets, TODAY)] == [expected]


@pytest.mark.parametrize("question", ["What was sunk in 1998?", "Who fled on Monday?"])
def test_what_no_article_can_tell_is_no_reason_to_leave_all_out(question: str) -> None:
    old = Facets(days={date(2023, 10, 9): 1, date(2023, 12, 1): 1})
    assert stated(question, old, TODAY) == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("According to Reuters, who owns the mine?", "Who owns the mine?"),
        ("Who owns the mine, according to Reuters?", "Who owns the mine?"),
        ("Who, per VPA, owns the mine?", "Who owns the mine?"),
        ("Reuters: who owns the mine?", "Who owns the mine?"),
        ("who owned the mine  in March 2024", "who owned the mine"),
        ("What was published in March about the mine?", "What was published about the mine?"),
        ("In the BBC piece, who owned the mine last year?", "Who owned the mine?"),
        ("Which pieces by Piet Okoro mention the dam?", "Which pieces mention the dam?"),
        ("What did Reuters say about the mine?", "What did Reuters say about the mine?"),
        ("What is the latest on the mine?", "What is the latest on the mine?"),
        ("What happened yesterday?", "What happened yesterday?"),
        ("according to Reuters", "according to Reuters"),
        ("Who owns Reuters?", "Who owns Reuters?"),
    ],
)
def test_a_question_is_searched_without_its_filters(question: str, expected: str) -> None:
    assert without_filters(question, stated(question, FACETS, TODAY)) == expected


@pytest.mark.parametrize(
    ("kind", "scope", "expected"),
    [
        ("source", Scope(source="Marisk Courier"), "source: Marisk Courier"),
        ("author", Scope(author="Ada Weir"), "author: Ada Weir"),
        ("latest", Scope(), "newest first"),
        ("time", Scope(since=date(2025, 3, 3)), "published since 3 March 2025"),
        ("time", Scope(until=date(2025, 3, 3)), "published until 3 March 2025"),
        ("time", Scope(since=TODAY, until=TODAY), "published on 16 April 2025"),
        (
            "time",
            Scope(since=date(2025, 3, 1), until=date(2025, 3, 31)),
            "published 1 to 31 March 2025",
        ),
        ("time", Scope(since=date(2025, 3, 3), until=TODAY), "published 3 March to 16 April 2025"),
        (
            "time",
            Scope(since=date(2024, 3, 3), until=TODAY),
            "published 3 March 2024 to 16 April 2025",
        ),
    ],
)
def test_a_filter_is_told(kind: str, scope: Scope, expected: str) -> None:
    assert told(Filter(kind, "", scope)) == expected  # type: ignore[arg-type]


def test_the_filters_words_are_the_questions() -> None:
    question = "What did Reuters’ article say since  3 March, according to the BBC?"
    assert [one.words for one in stated("Per  VPA, who left since  3 March?", FACETS, TODAY)] == [
        "Per VPA",
        "since 3 March",
    ]
    assert normal(question).startswith("What did Reuters' article say since 3 March,")


def test_weeks_begin_on_monday() -> None:
    assert week_of(TODAY).since == date(2025, 4, 14)


PIECES = st.sampled_from(
    """in on since until before after between from to and or the of by last this past week month 3
    24 12th March may june 2024 1998 2025-03-12 13/03/2025 31 February yesterday today Monday
    weekend days ago two 30 Q1 quarter spring first second week early late mid half end published
    reports articles news said say did does what who according per Reuters reuters BBC Courier the
    Post VPA Ingrid Solvay Solvay's latest newest currently vote, ? : , ( ) 's ’ – - ſunday İ 0 99
    1900""".split()
)


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=14).map(" ".join)),
    st.dates(date(1995, 1, 1), date(2090, 12, 31)),
)
@example("on 99 March and 0 May ſept 2024", TODAY)
@example("between 2024 and 1998", TODAY)
def test_any_text_gives_filters_that_hold_together(text: str, today: date) -> None:
    found = stated(text, FACETS, today)
    for one in found:
        assert one.words
        assert one.words in normal(text)
        assert told(one)
        assert bool(one.scope) == (one.kind != "latest")
        if one.scope.since and one.scope.until:
            assert one.scope.since <= one.scope.until
        assert not one.scope.since or one.scope.since <= today
    assert bool(without_filters(text, found)) == bool(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=4), st.text(max_size=20))
def test_any_names_may_be_in_a_library(names: list[str], asked: str) -> None:
    facets = Facets(sources=dict.fromkeys(names, 1), authors=dict.fromkeys(names, 1))
    for question in (f"According to {asked}, who left?", *(f"What did {n} say?" for n in names)):
        for one in stated(question, facets, TODAY):
            named = one.scope.source or one.scope.author
            assert one.kind == "latest" or any(
                named in " ".join(n.split()) or named in n for n in names
            )
