"""Whether a sentence answers a yes/no question with yes, with no, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.clause import Verdict
from assistant.polarity import decide

YES = """
Did Norwick accept the truce? | Norwick accepted the truce.
did norwick accept the truce | Norwick accepted the truce.
Did Norwick accept the truce? | Norwick has accepted the truce, officials said.
Did Norwick accept the truce? | Norwick agreed to the truce on Friday.
Didn't Norwick accept the truce? | Norwick accepted the truce.
Did Norwick not accept the truce? | Norwick accepted the truce.
Norwick accepted the truce, right? | Norwick accepted the truce.
Is it true that Norwick accepted the truce? | On Friday Norwick accepted the truce.
Did Norwick reject the truce? | Norwick turned down the truce.
Did Norwick reject the truce? | Norwick refused the truce.
Did the council approve the budget? | The council approved the budget on Tuesday evening.
Did the council approve the budget on Tuesday? | On Tuesday, the council approved the budget.
Was the budget approved? | The council approved the budget.
Was the budget approved by the council? | The council approved the budget.
Did the council approve the budget? | The budget was approved by the council.
Was the dam closed by the ministry? | The ministry closed the dam.
Has the ministry closed the dam? | The ministry closed the dam in March.
Were 40 homes lost? | The mayor said 40 homes were lost.
Were 40 homes lost? | Forty homes were lost, the mayor said.
Were 40 homes lost in Lind? | The mayor said 40 homes were lost. | A fire swept through Lind.
Did 12 people die? | Twelve people were killed in the flood.
Did Ada Weir resign? | She resigned on Monday. | Ada Weir spoke to reporters.
Did Ada Weir resign? | Weir resigned after the vote.
Did the mayor resign? | The mayor of Lind resigned.
Did the mayor of Lind resign? | The Lind mayor resigned.
Did the union sue the bank? | The union, which has 400 members, sued the bank.
Did the union sue the bank in 2019? | In 2019, the union sued the bank.
Is the bridge open? | The bridge is open.
Is the bridge closed? | The bridge has been closed since May.
Is the bridge closed? | The bridge remains closed.
Is Ada Weir the mayor of Lind? | Ada Weir is the mayor of Lind.
Was the water safe? | The water was safe, tests showed.
Was anyone hurt? | Three people were hurt.
Were there any injuries? | There were two injuries.
Does the town have a hospital? | The town has a hospital.
Does the firm own the mine? | The firm owns the mine.
Will the museum reopen in June? | The museum will reopen in June.
Can trams cross the bridge? | Trams can cross the bridge.
Did the ministry deny that the dam leaked? | The ministry denied that the dam leaked.
Did the mayor say that the bridge was safe? | The mayor said the bridge was safe.
Did prices rise by 5 percent? | Prices increased by 5% in May.
Did the strike begin on Monday? | The strike started on Monday.
Did the firm refuse to pay the fine? | The firm refused to pay the fine.
Did the rescuers free the whale? | The rescuers managed to free the whale.
According to Reuters, did the ferry sink? | The ferry sank, according to Reuters.
In 2021, was the school closed? | The school was closed in 2021.
Was the statue found near the river? | The statue was found near the river by a walker.
Was the concert cancelled? | The concert was called off.
Did the airline cancel flights to Oslo? | The airline cancelled all flights to Oslo on Sunday.
Did the airline cancel flights to Oslo? | Flights to Oslo were cancelled by the airline.
Is the ceasefire backed by France? | The ceasefire is backed by France and the US.
Is the museum free? | The museum is free on Sundays.
Has the senator apologised? | The senator apologised on Thursday.
Are there tigers in the park? | There are about 40 tigers in the park.
Did the river flood the town? | The town was flooded by the river.
Did the company lay off 200 workers? | The company laid off 200 workers in May.
Was the president arrested? | Police arrested the president on Sunday night.
Will taxes rise? | Taxes will rise next year, the minister said.
Is Anna older than Ben? | Anna is older than Ben.
"""
NO = """
Did Norwick accept the truce? | Norwick rejected the truce.
Did Norwick accept the truce? | Norwick did not accept the truce.
Did Norwick accept the truce? | Norwick refused to accept the truce.
Did Norwick accept the truce? | Norwick turned down the truce.
Did Norwick accept the truce? | Norwick never accepted the truce.
Didn't Norwick accept the truce? | Norwick rejected the truce.
Did Norwick not accept the truce? | Norwick rejected the truce.
Norwick accepted the truce, didn't it? | Norwick rejected the truce.
Did Norwick reject the truce? | Norwick accepted the truce.
Did Norwick back the plan? | Norwick opposed the plan.
Did Norwick back the plan? | Norwick voted against the plan.
Has Norwick accepted the truce? | Norwick has not yet accepted the truce.
Was the budget approved? | The council rejected the budget.
Was the budget approved? | The budget was not approved.
Was the budget approved by the council? | The council voted down the budget.
Did the team win the match? | The team lost the match.
Did prices rise? | Prices fell.
Did prices rise in May? | Prices dropped in May.
Did 40 people die? | The mayor said 55 people died.
Did 40 people die in the fire? | In the fire, 55 people were killed.
Were 40 homes lost? | Twelve homes were lost.
Was the dam built in 1950? | The dam was built in 1962.
Did the strike begin on Monday? | The strike began on Tuesday.
Was the treaty signed in May? | The treaty was signed in June.
Was anyone hurt? | No one was hurt.
Was anyone hurt? | Nobody was hurt in the crash.
Were there any injuries? | There were no injuries.
Were there any injuries? | No injuries were reported.
Did any of the towns refuse the plan? | None of the towns refused the plan.
Did any town refuse the plan? | No town refused the plan.
Is the bridge safe? | The bridge is not safe.
Is the bridge safe? | The bridge is unsafe.
Is the bridge open? | The bridge is closed.
Is the bridge still open? | The bridge is no longer still open.
Is Ada Weir the mayor of Lind? | Ada Weir is not the mayor of Lind.
Does the town have a hospital? | The town has no hospital.
Does the firm own the mine? | The firm does not own the mine.
Will the museum reopen in June? | The museum will not reopen in June.
Will the museum reopen in June? | The museum won't reopen in June.
Did the miners survive? | The miners died.
Did the miners survive? | The miners did not survive.
Did the firm confirm the leak? | The firm denied the leak.
Did the firm pay the fine? | The firm failed to pay the fine.
Did Ada Weir resign? | She did not resign. | Ada Weir spoke to reporters.
Did the concert take place? | The concert was cancelled.
Did the police find anything? | The police found nothing.
Did the fire cause deaths? | The fire caused no deaths.
Was the suspect convicted? | The court acquitted the suspect.
Did the minister rule out closing the dam? | The minister did not rule out closing the dam.
Did the airline cancel flights to Oslo? | The airline has not cancelled flights to Oslo.
Is the museum free? | The museum is not free.
Does the drug cure cancer? | The drug does not cure cancer.
Has the senator apologised? | The senator never apologised.
Are there tigers in the park? | There are no tigers in the park.
Did the king die in 1820? | The king died in 1822.
Did the company lay off 200 workers? | The company laid off 350 workers.
Will taxes rise? | The minister said taxes will not rise.
Did the talks succeed? | The talks failed.
Can the public visit the cave? | The public can not visit the cave.
Did the army withdraw? | The army refused to withdraw its tanks.
"""
UNCLEAR = """
Did Norwick accept the truce? | Norwick may accept the truce.
Did Norwick accept the truce? | Norwick is expected to accept the truce.
Did Norwick accept the truce? | Norwick would accept the truce if the guns fell silent.
Did Norwick accept the truce? | Norwick plans to accept the truce.
Did Norwick accept the truce? | Lind accepted the truce.
Did Norwick accept the truce? | Norwick proposed the truce.
Did Norwick accept the truce? | Norwick's allies accepted the truce.
Did Norwick accept the truce? | Norwick did not reject the truce.
Did Norwick accept the truce? | Norwick denied that it accepted the truce.
Did Norwick accept the truce? | It is not true that Norwick accepted the truce.
Did Norwick accept the truce? | Norwick almost accepted the truce.
Did Norwick accept the truce? | Did Norwick accept the truce?
Did Norwick accept the truce? | Norwick initially accepted the truce.
Did Norwick accept the second truce? | Norwick accepted the truce.
Did Norwick accept the truce? | Norwick accepted the truce monitors.
Did Norwick accept the truce? | The mayor claimed Norwick accepted the truce.
Did Norwick accept the truce? | The union praised Norwick and accepted the truce.
Did the ministry sue the union? | The union sued the ministry.
Was the ministry sued by the union? | The ministry sued the union.
Was the ministry sued by the union? | The union was sued by the ministry.
Did the ministry sue the union? | The ministry was sued by the union.
Did the mayor resign? | The mayor's adviser resigned.
Did the mayor resign? | An adviser to the mayor resigned.
Did the mayor resign? | The former mayor resigned.
Did the mayor reject the plan? | The mayor said the council rejected the plan.
Did the mayor reject the plan? | The mayor of the town that rejected the plan spoke.
Did the mayor reject the plan? | The mayor urged the council to reject the plan.
Did the miners survive? | Some of the miners survived.
Did all the miners survive? | The miners survived.
Did 40 people die? | More than 30 people died.
Did 40 people die? | Another 15 people died.
Did 40 people die in the fire? | 40 people were hurt in the fire.
Did 40 people die? | A total of 40 homes burned, and people died.
Was the dam built in 1950? | The dam was repaired in 1962.
Was the dam repaired in 1962? | The dam, built in 1962, was repaired in 1980.
Was the dam built in 1950? | The dam was built to last.
Did the minister visit Lind in May? | The minister visited Lind in June.
Did the minister visit Lind? | The minister visited Norwick.
Did France back the plan? | Germany backed the plan.
Did the strike begin? | The strike ended on Friday.
Was the man arrested? | The man was released on Friday.
Is the bridge open? | The bridge was closed in 2019.
Is the bridge open? | The bridge to the port is long.
Does the firm own the mine? | The firm owned the mine until 2010.
Will the museum reopen in June? | The museum may reopen in June.
Will the museum reopen in June? | The museum reopened in June.
Is Ada Weir the mayor of Lind? | Ada Weir is the deputy mayor of Lind.
Is Ada Weir the mayor of Lind? | Ada Weir lives in Lind.
Did he resign? | The mayor resigned.
Did Ada Weir resign? | She resigned on Monday. | Bo Lund met Ada Weir.
Who resigned? | The mayor resigned.
Did the council close the school? | The council closed the school canteen.
Did the council close the northern bridge? | The council closed the southern bridge.
Did he fly to Lind? | He flew from Lind.
Did the union sue the ministry? | The union sued the bank and the ministry resigned.
Did the firm pay the fine? | The firm agreed to pay the fine.
Were 40 homes lost on Monday? | The mayor said on Monday that 40 homes were lost.
Was Olsen convicted? | Olsen's brother was convicted.
Did 12 people die in the flood? | The flood killed 12 people. It was the worst in years.
Did the union sue the bank? | The union met on Monday and sued the bank.
Did the miners survive? | The miners did not die.
Did the strike begin on Monday? | The strike ended on Monday.
Was the summit held in Lind? | The summit was held in Norwick.
Was the bridge built by Hartmann? | The bridge was built by Olsen.
Did the airline cancel flights to Oslo? | The airline cancelled flights from Oslo.
Did the airline cancel flights to Oslo? | The airline may cancel flights to Oslo.
Did Iran attack Israel? | Iran warned that it would attack Israel.
Does the drug cure cancer? | Researchers hope that the drug will cure cancer.
Does the drug cure cancer? | The drug slows cancer.
Has the senator apologised? | The senator's spokesman apologised.
Did the senator apologise to the mayor? | The mayor apologised to the senator.
Did the company lay off 200 workers? | The company hired 350 workers.
Was the president arrested? | The vice president was arrested.
Was the president arrested? | The president's son was arrested.
Was the president arrested? | The president had a protester arrested.
Was the president arrested? | Police arrested the president's brother.
Will taxes rise? | Taxes rose last year.
Was the deal signed? | The deal was to be signed on Monday.
Was the deal signed? | The deal has yet to be signed.
Was the deal signed? | The deal was nearly signed.
Was the deal signed? | Nobody knows whether the deal was signed.
Did the talks succeed? | The talks began on Monday.
Did Anna marry Ben? | Anna's sister married Ben.
Did Anna marry Ben? | Anna said Clara married Ben.
Is Anna older than Ben? | Ben is older than Anna.
Can the public visit the cave? | Scientists can visit the cave.
Did the bank fail? | The bank failed to pay its staff.
Did the court ban the party? | The court lifted the ban on the party.
Did the court ban the party? | The court was asked to ban the party.
Did the mayor resign? | The mayor may have resigned.
Did California sign the deal? | California signed the deal if the banks agreed.
Did Rask kill Adler? | Rask, allegedly, killed Adler.
Did Rask kill Adler? | Rask (reportedly) killed Adler.
Did the dam break? | The dam, officials fear, broke.
Is Adler dead? | Adler is feared dead.
Is Adler dead? | Adler is presumed dead.
Is Adler dead? | Adler is thought dead.
Did Rask kill Adler? | Rask was charged with killing Adler.
Did Rask win the race? | Rask dreamed of winning the race.
Did Rask win the race? | Rask watched as Adler won the race.
Did Rask win the race? | After Rask left, Adler won the race.
Was the mayor arrested? | The mayor was angry after police arrested Rask.
Was the mayor arrested? | The mayor was at home when his driver was arrested.
Did the bridge collapse? | The bridge was empty when the tram collapsed.
Did France attack Spain? | France protested when Spain attacked Italy.
Did Rask die? | Rask buried his wife after she died.
Did Rask kill Adler? | The man Rask hired killed Adler.
Did Rask kill Adler? | A man beside Rask killed Adler.
Did the factory close? | The factory bought the closed mine.
Is the bridge open? | The bridge is near an open pit.
Is Rask guilty? | Rask is sure Adler is guilty.
Did the school burn down? | The school bus burned down.
Did the truce begin on Monday? | The truce talks began on Tuesday.
Did the bank close? | The bank inquiry closed.
Did Egypt reject the plan? | Egypt rejected criticism of the plan.
Did Israel accept the truce? | Israel accepted blame for breaking the truce.
Did the council approve the budget? | The council approved a review of the budget.
Did Rask sell the house? | Rask sold the paintings in the house.
Is Rask the mayor of Darsa? | Rask is the son of the mayor of Darsa.
Is Rask the mayor of Darsa? | Rask is married to the mayor of Darsa.
Did anyone vote? | Hardly anyone voted.
Did Rask meet Adler? | Rask refused to confirm he met Adler.
Did Adler die? | Rask never said that Adler died.
Did Rask shoot Adler? | Rask was shot twice by Adler.
Did the company sue? | The company was sued.
Did Rask kill anyone? | Rask was killed.
Did the mayor arrest Rask? | The mayor was arrested with Rask.
Does Rask live in Darsa? | Rask lived in Darsa.
Has the bridge opened? | The bridge opens on Friday.
Did most of the ships sink? | Two of the ships sank.
Did the museum open in 1990? | The museum opened its second hall in 1995.
Was Rask elected in 1990? | Rask was elected again in 1995.
Did 40 people die? | 12 people died in the second blast.
Did the couple adopt the boy? | The couple supported the boy.
Did Rask pass the exam? | Rask opposed the exam.
Did Rask admit the theft? | Rask confirmed the theft.
Did Rask leave Darsa? | They left Darsa. | The rebels praised Rask.
Did Rask sink? | It sank. | Rask bought the ship.
Did Rask resign? | He resigned. | The mayor met Rask.
Did the army free the hostages? | The army freed one of the hostages.
Did Spain win the cup? | Spain won the cup semi-final.
Did the UN approve the plan? | The UN council's panel approved the plan.
Did the mayor of Darsa resign? | The mayor fled Darsa and Rask resigned.
Did Rask buy the ship? | Rask bought shares in the ship.
Did Rask buy the ship? | Rask agreed on Monday to have bought the ship by May.
Did the rebels release Adler? | The rebels released a video of Adler.
Did police arrest Rask? | Police arrested Rask's driver.
Did police arrest Rask? | Police came to arrest Rask.
"""


def cases(verdict: Verdict, text: str) -> list[tuple[str, str, str, Verdict]]:
    rows = [[*line.split(" | "), ""][:3] for line in text.strip().split("\n")]
    return [(question, sentence, before, verdict) for question, sentence, before in rows]


@pytest.mark.parametrize(
    ("question", "sentence", "before", "verdict"),
    [*cases("yes", YES), *cases("no", NO), *cases("unclear", UNCLEAR)],
)
def test_verdict(question: str, sentence: str, before: str, verdict: Verdict) -> None:
    assert decide(question, sentence, before) == verdict


WORDS = st.sampled_from(
    "did was is Norwick the union bank truce accept accepted rejected sued by not no never may 40 "
    "12 people died on Monday May said that and but , . ? 's it she of Lind who which —".split()
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=14).map(" ".join))


@settings(max_examples=200)
@given(TEXTS, TEXTS, TEXTS)
def test_any_text_is_judged(question: str, sentence: str, before: str) -> None:
    assert decide(question, sentence, before) in ("yes", "no", "unclear")


@settings(max_examples=50)
@given(TEXTS)
def test_what_may_be_settles_nothing(sentence: str) -> None:
    assert decide("Did Norwick accept the truce?", f"Norwick may accept {sentence}") == "unclear"
