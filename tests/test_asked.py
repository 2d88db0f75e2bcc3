"""What a question asks for: the form of its answer, and how many things."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.asked import kind_of
from assistant.form import Form, form_of, how_many_wanted, opening

FORMS: dict[Form, str] = {
    "yes_no": """
        Did Norwick accept the ferry timetable?
        did norwick accept the ferry timetable
        Is it true that the lighthouse was sold?
        Has the weir been repaired?
        Hasn't the weir been repaired?
        Didnt the weir hold
        According to the harbour office, did the ferry sink?
        In 2021, was the school closed?
        in 2021 was the school closed
        After the storm, were any roofs left?
        When the storm came, did anyone leave?
        The school was closed in 2021, right?
        The beekeepers won, didn't they?
        The museum has reopened, is that correct?
        Can trams cross the new bridge?
        Will the mayor stand again?
        Could the orchard be saved?
        Were there any injuries?
        Was anyone hurt or killed?
        Were two or more boats lost?
        Do you know if the mill burned down?
        I wonder whether the mill burned down
        Please tell me whether the mill burned down.
        So, did the vote pass?
        True or false: the ferry sank.
        Yes or no: did the ferry sink?
        Did the ferry sink or not?
        The ferry has been raised?
        Does the town still have a library?
        And was it repaired?
        Did the mayor say why he resigned?
        May visitors enter the tower?
    """,
    "span": """
        Who designed the lighthouse?
        who designed the lighthouse
        Who's the mayor of Norwick?
        Whose boat was stolen?
        How many sheep were lost?
        How much did the organ cost?
        How long is the tunnel?
        How old was the oak?
        How far is Norwick from the sea?
        How often does the ferry run?
        How big is the orchard?
        When did the weir break?
        When, according to the office, did the weir break?
        When did the ferry, built in 1950, sink?
        Where was the statue found?
        Which country proposed the fishing limit?
        Who is President of Norwick?
        Who is Norwick's Prime Minister?
        Who is the Norwick coach?
        Who is Ada Lind meeting?
        Which of the two bridges collapsed?
        Which United States senator visited the mill?
        What is the name of the river?
        What year was the mill built?
        What percentage of voters stayed at home?
        What caused the fire?
        What did the council buy?
        What did the surveyors say caused the landslide?
        In which year did the mill burn down?
        To whom was the letter sent?
        From where did the beekeepers come?
        By how much did the rent rise?
        According to the office, who sank the ferry?
        In 2021 who ran the school?
        When the storm came, how many people left?
        Was it a fox or a dog?
        Is the new mayor a farmer or a teacher?
        Can you tell me who designed the lighthouse?
        Do you know when the weir broke?
        I'd like to know how many sheep were lost.
        Tell me the name of the mayor.
        tell me who won the regatta
        Name the mayor of Norwick.
        The weir was closed by whom?
        The council bought what?
        ferry builder?
        number of lost sheep
        date of the regatta
        truce proposer?
        the name of the river
        What position did Ada Lind hold?
        What was the price of the organ?
        May 5 casualties
        What was the cause of the fire?
        Who was killed in the fire?
        What kind of bird nests there?
        Did the guards leave when?
    """,
    "list": """
        Which two countries proposed the fishing limit?
        Which towns were flooded?
        which towns were flooded
        What towns did the storm reach?
        In which towns was the power cut?
        Which of the towns were flooded?
        What three measures did the council adopt?
        What are the names of the victims?
        Names of the victims
        Name the towns on the coast.
        Name three rivers in the valley.
        List the members of the committee.
        list all ferries
        Give me the names of the winners.
        Who are the members of the committee?
        Who were the three finalists?
        Which northern valley villages lost power?
        Which schools recently closed?
        What crops were ruined?
        Can you name the finalists?
        Please list the closed schools.
        According to the office, which ferries sank?
        What were the union's demands?
        Which people were rescued?
        What languages does Ada Lind speak?
    """,
    "sentences": """
        Why did the talks fail?
        why did the talks fail
        How did the weir break?
        How does a tide mill work?
        How come nobody noticed?
        Describe the lighthouse.
        Explain the fishing limit.
        Can you explain why the ferry sank?
        Could you please summarise the article?
        Compare the two ferries.
        Tell me about the regatta.
        tell me more about ada lind
        Who is Ada Lind?
        Who's Dr. Ada Lind
        Who was Joan of Arc?
        Who are the Norwick Rovers?
        What is the Norwick Project?
        What is Operation Blue Heron?
        What happened?
        What happened to the ferry?
        What is happening in Norwick?
        What is known about the landslide?
        What do we know about Ada Lind?
        What did the mayor say about the weir?
        What did Ada Lind tell reporters?
        What does the union think of the plan?
        What did the council do after the flood?
        What was the reaction of the fishermen?
        What was the mayor's response?
        What are the main differences between the two plans?
        In what way did the ferry change?
        What is the background of the dispute?
        For what reason was the mill sold?
        What was the reason for the strike?
        What impact did the storm have?
        What role did Ada Lind play?
        How serious is the damage?
        How important is the ferry?
        What if the weir breaks?
        What about the school?
        If the weir breaks, what happens?
        When and where was the statue found?
        Who was hurt and how many were arrested?
        Give me a summary of the dispute.
        Give an overview of the regatta.
        reasons for the strike
        difference between the plans
        According to the office, why did the ferry sink?
        And why?
        Do you know why the mill was sold?
        What do the articles say about bees?
        Why did it close? (mill fire Norwick)
    """,
}


def cases() -> list[tuple[str, Form]]:
    return [
        (line.strip(), form) for form, text in FORMS.items() for line in text.strip().split("\n")
    ]


@pytest.mark.parametrize(("question", "form"), cases())
def test_form(question: str, form: Form) -> None:
    assert form_of(question) == form


@pytest.mark.parametrize(
    ("question", "lead", "core"),
    [
        ("Who won?", "", "Who won?"),
        ("In 2021, was it sold?", "In 2021,", "was it sold?"),
        ("In which year was it sold?", "", "In which year was it sold?"),
        ("Can you tell me who won?", "", "who won?"),
        ("When the storm came, who left?", "When the storm came,", "who left?"),
        ("On Monday who left?", "On Monday", "who left?"),
        ("", "", ""),
    ],
)
def test_opening(question: str, lead: str, core: str) -> None:
    assert opening(question) == (lead, core)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Which two countries proposed it?", 2),
        ("name three towns", 3),
        ("Name at least four large rivers.", 4),
        ("What are the five demands?", 5),
        ("Who were the 12 jurors?", 12),
        ("In which two towns was it sold?", 2),
        ("List a couple of winners", 2),
        ("Name both finalists.", 2),
        ("Name one reason for the strike.", 1),
        ("What are the names of the six victims?", 6),
        ("Which two of the towns were flooded?", 2),
        ("Can you name three ferries?", 3),
        ("Which of the two towns was flooded?", None),
        ("Which one is larger?", None),
        ("Which towns were flooded?", None),
        ("What happened to the two ferries?", None),
        ("How many of the three ferries sank?", None),
        ("Which 21-day strike ended?", None),
        ("Did two ferries sink?", None),
        ("Which 2021 laws were changed?", None),
        ("", None),
    ],
)
def test_how_many_wanted(question: str, number: int | None) -> None:
    assert how_many_wanted(question) == number


@example("()")
@given(st.text() | st.lists(st.sampled_from("who which did or and the 2 towns , ? say".split())))
def test_any_text_has_a_form(text: str | list[str]) -> None:
    question = text if isinstance(text, str) else " ".join(text)
    assert form_of(question) in ("span", "list", "yes_no", "sentences")
    assert how_many_wanted(question) is None or form_of(question)
    lead, core = opening(question)
    assert core or not question.strip()
    assert len(lead) + len(core) <= len(question)


def test_a_kind_is_told_by_the_first_word_of_asking() -> None:
    assert kind_of("Where did the man who won live?") == "place"
