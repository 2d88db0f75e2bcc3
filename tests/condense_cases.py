"""Invented conversations with every follow-up written out by hand; knows nothing of the rules.

Lines: `Q` a question, `A` its answer (behind `|` the bare answer, where there is one), `=` the
question as it can be understood by itself, or `= same` where it must be left untouched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.follow_up.condense import condense
from assistant.state import Query
from assistant.types import Answer, Claim, Turn, Understood

_DIALOGUES = """
Q Who proposed the truce in Sarn?
A The envoy Ilse Brandt proposed it on Monday. | Ilse Brandt
Q and who rejected it?
= Who rejected the truce in Sarn?
A General Tomas Harrow rejected the plan within hours. | General Tomas Harrow
Q why?
= Why did General Tomas Harrow reject the truce in Sarn?
A He said that it left his men without supplies.
Q How many people live in Sarn?
= same

Q How many rockets hit Kelmar in May?
A Forty-one rockets hit the town in May. | Forty-one
Q What about Dorvik?
= How many rockets hit Dorvik in May?
A Twelve rockets hit Dorvik. | Twelve
Q And in June?
= How many rockets hit Dorvik in June?
A None were reported. | None
Q how many were intercepted?
= How many rockets that hit Dorvik in June were intercepted?

Q Did the Alder party win the election in 2019?
A Yes. The Alder party won 54 of 101 seats. | Yes
Q and in 2023?
= Did the Alder party win the election in 2023?
A No. It lost to the Liberal Union. | No
Q by how much?
= By how much did the Alder party lose the election in 2023?
A By nine seats. | nine seats
Q Who leads the Liberal Union?
= same
A Marta Oyelaran has led it since 2021. | Marta Oyelaran
Q How old is she?
= How old is Marta Oyelaran?

Q Who is the mayor of St. Orlan?
A The mayor is Jonas Petersen. | Jonas Petersen
Q When was he elected?
= When was Jonas Petersen elected?
A He was elected in October 2020. | October 2020
Q Did the mayor say he would resign?
= same
A No. | No
Q What did he say about the bridge?
= What did Jonas Petersen say about the bridge?
A He said that the bridge would be finished by winter.
Q How much will it cost?
= How much will the bridge cost?

Q What caused the fire at the Brenn refinery?
A A cracked valve caused the fire. | A cracked valve
Q when?
= When did the fire at the Brenn refinery happen?
A It broke out on 3 August. | 3 August
Q how many people were hurt?
= How many people were hurt in the fire at the Brenn refinery?
A Seven workers were hurt. | Seven
Q Who owns the company?
= Who owns the Brenn refinery?

Q Which team won the Halden Cup in 2022?
A Riverside won the cup. | Riverside
Q And the year before?
= Which team won the Halden Cup in 2021?
A Northgate won it in 2021. | Northgate
Q Who was their captain?
= Who was Northgate's captain?
A Paul Okafor captained the side. | Paul Okafor
Q How many goals did he score?
= How many goals did Paul Okafor score?

Q How much did the Meridian museum pay for the painting?
A The Gazette says that it paid 3.2 million crowns. | 3.2 million crowns
Q no, I meant the Post's figure
= How much did the Meridian museum pay for the painting according to the Post?
A The Post puts it at 2.8 million crowns. | 2.8 million crowns
Q Who sold it?
= Who sold the painting?

Q What did the Ombra telescope find?
A It found water vapour on the planet Teva-4. | water vapour
Q where?
= Where did the Ombra telescope find water vapour?
A On Teva-4. | Teva-4
Q How far away is it?
= How far away is Teva-4?
A It is 120 light years away. | 120 light years
Q tell me more
= Tell me more about Teva-4.

Q Why did the bank in Lund Bay close its branches?
A It closed them because few customers came.
Q How many?
= How many branches did the bank in Lund Bay close?
A It closed eleven branches. | eleven
Q which ones?
= Which branches did the bank in Lund Bay close?
A Those in Tarn, Elm and Coldwater.
Q What do economists say about inflation in Norvia?
= same

Q What is the population of Elvaas?
A About 41,000 people live there. | 41,000
Q What about Mirren?
= What is the population of Mirren?
A Mirren has 12,500 people. | 12,500
Q and who governs there?
= Who governs in Mirren?
A The town is governed by a council of nine. | a council of nine
Q When was it founded?
= When was Mirren founded?

Q Did Hungary sign the treaty on rivers?
A Yes, Hungary signed it on 4 June. | Yes
Q not Hungary, Slovakia
= Did Slovakia sign the treaty on rivers?
A No. Slovakia refused. | No
Q why not?
= Why did Slovakia not sign the treaty on rivers?
A Its minister called the terms unfair.
Q What are the terms?
= What are the terms of the treaty on rivers?

Q Who wrote the novel The Salt Road?
A Ines Calder wrote it in 1987. | Ines Calder
Q what else did she write?
= What else did Ines Calder write?
A She wrote two plays and a memoir. | two plays and a memoir
Q Where was she born?
= Where was Ines Calder born?
A In the port of Vell. | the port of Vell
Q So who won the Booker prize that year?
= Who won the Booker prize in 1987?

Q When did the trial of Viktor Lasko begin?
A It began on 12 March. | 12 March
Q What was he accused of?
= What was Viktor Lasko accused of?
A He was accused of bribing two judges.
Q Who are they?
= Who are the two judges?
A The judges are Anna Rehn and Bo Falk. | Anna Rehn and Bo Falk
Q What happened to the judge in the Carrow case?
= same

Q How many jobs will Tessel Motors cut?
A Tessel Motors will cut 900 jobs. | 900
Q And Orbis?
= How many jobs will Orbis cut?
A Orbis will cut 250. | 250
Q when?
= When will Orbis cut 250 jobs?
A By the end of the year. | the end of the year
Q Was that figure confirmed by the union?
= Was the figure of 250 jobs confirmed by the union?

Q Which countries border Lake Orrin?
A Norvia, Sarland and Kest border the lake. | Norvia, Sarland and Kest
Q Which of them signed the water pact?
= Which of Norvia, Sarland and Kest signed the water pact?
A Norvia and Kest did. | Norvia and Kest
Q and which one refused?
= Which of Norvia, Sarland and Kest refused the water pact?
A Sarland refused. | Sarland

Q What did Minister Greta Holm propose?
A She proposed a tax on plastic bags. | a tax on plastic bags
Q who supports it?
= Who supports a tax on plastic bags?
A The Green League supports it. | The Green League
Q who else?
= Who else supports a tax on plastic bags?
A Two unions of fishermen do. | Two unions of fishermen
Q And who opposes the tax?
= Who opposes the tax on plastic bags?
A Shop owners oppose it. | Shop owners
Q How did the price of wheat change in spring?
= same

Q Did scientists find gold near the Ashby mine?
A Yes, they found traces of gold. | Yes
Q How much?
= How much gold did scientists find near the Ashby mine?
A About two grams per tonne. | two grams per tonne
Q And silver?
= Did scientists find silver near the Ashby mine?

Q Where did the storm Petra make landfall?
A It made landfall near Cape Dorn. | near Cape Dorn
Q How strong was it?
= How strong was the storm Petra?
A Winds reached 190 kilometres per hour. | 190 kilometres per hour
Q how many homes were destroyed there?
= How many homes were destroyed near Cape Dorn?
A Some 300 homes were destroyed. | 300
Q Is there any report on the flood in Tamsin valley?
= same

Q What is the new speed limit on the A9?
A It is 100 kilometres per hour. | 100 kilometres per hour
Q and before that?
= What was the speed limit on the A9 before the new one?
A It was 120. | 120
Q Who decided that?
= Who decided the new speed limit on the A9?

Q Who won the women's race in Ostra?
A Lena Vogt won it in 2:21. | Lena Vogt
Q and the men's race?
= Who won the men's race in Ostra?
A Daniel Kiprop won. | Daniel Kiprop
Q What was his time?
= What was Daniel Kiprop's time?
A He ran 2:05. | 2:05
Q When will the next race in Ostra take place?
= same

Q Did the council approve the budget?
A Yes, by nine votes to four. | Yes
Q Who voted against it?
= Who voted against the budget?
A The two independents and the Conservatives. | The two independents and the Conservatives
Q what was their argument?
= What was the argument of the two independents and the Conservatives?
A They said that the schools would suffer.
Q more details
= Give more details about the council and the budget.

Q How long is the Gauntlet tunnel?
A The tunnel is 14 kilometres long. | 14 kilometres
Q and the Arlen tunnel?
= How long is the Arlen tunnel?
A It is 9 kilometres long. | 9 kilometres
Q which is older?
= Which is older, the Gauntlet tunnel or the Arlen tunnel?

Q What did Professor Amara Nwosu discover?
A She discovered a new species of frog. | a new species of frog
Q Where did she find it?
= Where did Professor Amara Nwosu find a new species of frog?
A In the marshes of Lower Ket. | the marshes of Lower Ket
Q What does it eat?
= What does a new species of frog eat?
A It eats ants. | ants
Q But is climate change a danger to frogs in general?
= same

Q Who stole the Vermeer from the Haven gallery?
A Two former guards stole it. | Two former guards
Q were they caught?
= Were the two former guards caught?
A Yes, in Lisbon. | Yes
Q When was that?
= When were the two former guards caught?
A In January 2018. | January 2018
Q Who directed the film The Long Thaw?
= same

Q What did the report say about schools in Tarn?
A It said that a third of the roofs leak.
Q explain that
= Explain what the report said about schools in Tarn.
A The roofs were built in the sixties.
Q And hospitals?
= What did the report say about hospitals in Tarn?

Q Which airline ordered the new jets?
A Boreal Air ordered 30 jets. | Boreal Air
Q how many?
= How many new jets did Boreal Air order?
A It ordered 30. | 30
Q from whom?
= From whom did Boreal Air order the new jets?
A From Caldera Aerospace. | Caldera Aerospace
Q Where is the company based?
= Where is Caldera Aerospace based?

Q When did President Adaeze Obi visit Kest?
A She visited Kest on 9 May. | 9 May
Q who did she meet there?
= Who did President Adaeze Obi meet in Kest?
A She met King Rurik. | King Rurik
Q What did they agree on?
= What did President Adaeze Obi and King Rurik agree on?
A They agreed on a trade deal. | a trade deal
Q What did President Obi say about her own party?
= same

Q Is the vaccine against river fever safe?
A Yes, the agency found no serious effects. | Yes
Q For children too?
= Is the vaccine against river fever safe for children?
A It was not tested on children.
Q who made it?
= Who made the vaccine against river fever?
A Lumen Labs made it. | Lumen Labs
Q And how effective is it?
= How effective is the vaccine against river fever?

Q How much rain fell in Calder on Friday?
A 80 millimetres of rain fell. | 80 millimetres
Q And on Saturday?
= How much rain fell in Calder on Saturday?
A Only five millimetres. | five millimetres
Q Sorry, I mean Calden
= How much rain fell in Calden on Saturday?

Q Who founded the Lantern theatre?
A Rosa and Emil Zuber founded it. | Rosa and Emil Zuber
Q When?
= When did Rosa and Emil Zuber found the Lantern theatre?
A In 1921. | 1921
Q What did they do before?
= What did Rosa and Emil Zuber do before?
A They ran a bakery.
Q Did Emil Zuber say that he regretted it?
= same

Q Does the Novara law ban drones?
A Yes, it bans drones above towns. | Yes
Q since when?
= Since when does the Novara law ban drones?
A Since 1 July. | 1 July
Q what is the fine?
= What is the fine in the Novara law?
A The fine is 400 crowns. | 400 crowns
Q and in Sarland?
= What is the fine in Sarland?

Q What did the court decide in the Bexley case?
A The court decided that the town must pay 2 million.
Q To whom?
= To whom must the town pay 2 million in the Bexley case?
A To the families of the victims. | the families of the victims
Q Will the town appeal the decision?
= Will the town appeal the decision in the Bexley case?
A No. | No
Q Which judge sat in the case of Marlow against Pike?
= same

Q How many medals did Norvia win at the winter games?
A Norvia won eight medals. | eight
Q How many of them were gold?
= How many of the medals that Norvia won at the winter games were gold?
A Three were gold. | Three
Q and Kest?
= How many medals did Kest win at the winter games?
A Kest won two. | two
Q Who carried the flag of Norvia?
= same

Q Why was the Tamsin dam closed?
A It was closed because of cracks in its wall.
Q Who found them?
= Who found the cracks in the wall of the Tamsin dam?
A An engineer named Per Solheim found them. | Per Solheim
Q What did he do then?
= What did Per Solheim do then?
A He called the minister.
Q How tall is the Tamsin dam?
= same

Q Who replaced Carl Bremer as head of the Union Bank?
A Yusra Haddad replaced him. | Yusra Haddad
Q how long did he serve?
= How long did Carl Bremer serve?
A He served for eleven years. | eleven years
Q and what does she want to change?
= What does Yusra Haddad want to change?

Q When will the Corran bridge open?
A It will open in April. | April
Q I meant the tunnel
= When will the Corran tunnel open?
A The tunnel will open in 2027. | 2027
Q what does it cost?
= What does the Corran tunnel cost?
A It costs 90 million. | 90 million
Q who pays for that?
= Who pays for the Corran tunnel?

Q Which cities applied to host the games?
A Vell, Ostra and Mirren applied. | Vell, Ostra and Mirren
Q Which was chosen?
= Which of Vell, Ostra and Mirren was chosen?
A Ostra was chosen. | Ostra
Q What did the mayor say?
= What did the mayor of Ostra say?
A She called it a great day.
Q What did the mayor of Vell say about the new stadium?
= same

Q Did Orbis buy the start-up Finch?
A Yes, Orbis bought Finch for 40 million. | Yes
Q for how much?
= For how much did Orbis buy the start-up Finch?
A For 40 million. | 40 million
Q and did it buy Larkspur?
= Did Orbis buy Larkspur?
A No. | No
Q And why did Larkspur's founder leave in 2020?
= same

Q How did the fire service reach the island of Skarn?
A By boat, after the bridge had burnt.
Q how long did that take?
= How long did it take the fire service to reach the island of Skarn?
A Two hours. | Two hours
Q And when was the bridge on Skarn built?
= same

Q Who trains the Norvian team?
A Ada Lindqvist trains the team. | Ada Lindqvist
Q since when?
= Since when does Ada Lindqvist train the Norvian team?
A Since 2016. | 2016
Q and the Kestian team?
= Who trains the Kestian team?
A Olav Brun does. | Olav Brun
Q What did he say about the final?
= What did Olav Brun say about the final?
A He said that it was lost in the first ten minutes.
Q Who won the final of the chess Olympiad in Vell?
= same

Q What percentage of voters backed the plan for a new port?
A 58 per cent backed it. | 58 per cent
Q And how many were against this plan?
= How many voters were against the plan for a new port?
A 39 per cent were against it. | 39 per cent
Q what about the rest?
= What about the rest of the voters?
A They left the ballot blank.
Q Who designed the new port?
= same

Q Where was the oldest map of Europe found?
A It was found in a castle near Brest. | in a castle near Brest
Q By whom?
= By whom was the oldest map of Europe found?
A By the archaeologist Yves Morel. | the archaeologist Yves Morel
Q When did he find it?
= When did Yves Morel find the oldest map of Europe?
A In 2014. | 2014
Q What is it made of?
= What is the oldest map of Europe made of?

Q Why did the workers of the Kolm mine strike?
A They wanted higher pay.
Q how many took part?
= How many workers of the Kolm mine took part in the strike?
A About 1,200 took part. | 1,200
Q How long did the strike last?
= How long did the strike of the workers of the Kolm mine last?
A Nine days. | Nine days
Q So what is the average pay of a miner in Norvia?
= same

Q Who is Selma Idris?
A She is a pianist from Vell.
Q how old is she?
= How old is Selma Idris?
A She is 34. | 34
Q What about her brother?
= How old is Selma Idris's brother?
A He is 29. | 29
Q Which pianists won the Vell competition in 2015?
= same

Q Was the senator charged with fraud?
A Yes, Senator Paul Dunmore was charged in May. | Yes
Q how did he respond?
= How did Senator Paul Dunmore respond?
A He denied all charges.
Q and the party?
= How did the party respond?
A The party suspended him.
Q What did his lawyer Ruth Amsel say about the charges?
= What did Paul Dunmore's lawyer Ruth Amsel say about the charges?

Q What does the study by Hagen University say about coffee?
A It says that coffee protects the liver.
Q and tea?
= What does the study by Hagen University say about tea?
A It found no effect of tea.
Q How many people took part?
= How many people took part in the study by Hagen University?
A 4,000 people did. | 4,000
Q How is tea grown in the highlands of Kest?
= same

Q Which party did Elin Strand join?
A She joined the Alder party. | the Alder party
Q when?
= When did Elin Strand join the Alder party?
A In 2009. | 2009
Q and why did she leave it?
= Why did Elin Strand leave the Alder party?
A She left over a dispute on taxes.
Q is that true?
= Is it true that Elin Strand left the Alder party over a dispute on taxes?

Q When did the volcano Mount Ferro last erupt?
A It last erupted in 1902. | 1902
Q How many people died then?
= How many people died in 1902?
A Some 2,000 people died. | 2,000
Q was the town rebuilt?
= Was the town near the volcano Mount Ferro rebuilt?
A Yes, ten years later. | Yes
Q Did the town of Lund Bay rebuild its harbour?
= same

Q Who received the Brandt prize this year?
A The chemist Noor Aziz received it. | Noor Aziz
Q what for?
= What did Noor Aziz receive the Brandt prize for?
A For her work on batteries. | her work on batteries
Q and last year?
= Who received the Brandt prize last year?
A The physicist Leo Marchetti. | Leo Marchetti
Q How many people were there in the hall this year?
= same

Q Did Kest recognise Sarland?
A Kest recognised Sarland in 1994. | Yes
Q And Norvia?
= Did Norvia recognise Sarland?
A No. | No
Q Who said so?
= Who said that Norvia did not recognise Sarland?
A The foreign ministry of Norvia. | The foreign ministry of Norvia
Q When did the war between Kest and Sarland end?
= same

Q How many copies did the album Night Ferry sell?
A It sold 1.1 million copies. | 1.1 million
Q In which countries?
= In which countries did the album Night Ferry sell 1.1 million copies?
A Mostly in Norvia and Kest. | Norvia and Kest
Q Who sings on it?
= Who sings on the album Night Ferry?
A Mika Sund sings. | Mika Sund
Q is she married?
= Is Mika Sund married?

Q What happened in Port Selby on Sunday?
A A ferry ran aground with 90 people on board.
Q was anyone hurt?
= Was anyone hurt in Port Selby on Sunday?
A Nobody was hurt. | No
Q And what happened the same day in Vell?
= What happened on Sunday in Vell?

Q Who owns the newspaper Daily Anchor?
A The Marlow family owns it. | The Marlow family
Q How many readers does it have?
= How many readers does the newspaper Daily Anchor have?
A 200,000 readers. | 200,000
Q sorry, I mean the second one
= sorry, I mean the second one (readers newspaper Daily Anchor)
A The articles do not say.
Q how about the Evening Post?
= How many readers does the Evening Post have?

Q Did the company Pellar recall its heaters?
A Yes, Pellar recalled 8,000 heaters. | Yes
Q What was wrong with them?
= What was wrong with the heaters?
A A fuse could melt.
Q Which models?
= Which models of heaters did the company Pellar recall?
A The H2 and the H3. | The H2 and the H3
Q Did Pellar say when it would replace its heaters?
= same

Q What was the vote on the farm bill?
A 61 to 39 in favour. | 61 to 39
Q When did the vote take place?
= When did the vote on the farm bill take place?
A On Tuesday. | Tuesday
Q And who abstained?
= Who abstained in the vote on the farm bill?
A Nobody. | Nobody
Q and how did Senator Quill vote?
= How did Senator Quill vote on the farm bill?

Q How many ships use the Strait of Orm?
A About 60 ships a day use it. | 60
Q Where exactly is it?
= Where exactly is the Strait of Orm?
A Between Kest and the Tarn islands. | Between Kest and the Tarn islands
Q who controls it?
= Who controls the Strait of Orm?
A Kest controls it. | Kest
Q Then what is the deepest lake in Norvia?
= same

Q Why did the singer Mika Sund cancel her tour?
A She cancelled it because of an illness.
Q How many concerts?
= How many concerts did the singer Mika Sund cancel?
A Fourteen. | Fourteen
Q Will she get better?
= Will Mika Sund get better?
A Her doctor thinks so.
Q Why did the actor Jan Torv sell his house?
= same

Q What is the capital of Kest?
A The capital is Rook. | Rook
Q and its population?
= What is the population of Rook?
A 610,000 people live in Rook. | 610,000
Q Is it larger than Vell?
= Is Rook larger than Vell?
A Yes. | Yes
Q Are there wolves in the forests around Rook?
= same

Q Who discovered the comet?
A The amateur Hiro Tan discovered it. | Hiro Tan
Q no, the planet
= Who discovered the planet?
A Maria Velde discovered the planet. | Maria Velde
Q what is it called?
= What is the planet called?
A It is called Velde b. | Velde b
Q Who, according to the article, found the wreck of the Sea Lark?
= same

Q What did the police find in the house in Elm Street?
A They found three paintings. | three paintings
Q Who do they belong to?
= Who do the three paintings belong to?
A They belong to the Haven gallery. | the Haven gallery
Q What did the police say about this?
= What did the police say about the three paintings?
A They said that more arrests would follow.
Q How many police officers work in Elm Street station?
= same

Q Which minister resigned on Thursday?
A Interior minister Oskar Lind resigned. | Oskar Lind
Q And the day after?
= Which minister resigned on Friday?
A Nobody. | Nobody
Q What do you know about the floods in Kest in 2011?
= same
A They killed 40 people.
Q How high did the water rise?
= How high did the water rise in the floods in Kest in 2011?

Q Does the school in Tarn teach Latin?
A Yes, it teaches Latin. | Yes
Q Greek?
= Does the school in Tarn teach Greek?
A No. | No
Q In which year did the school in Tarn open?
= same
A It opened in 1954. | 1954
Q Who built it?
= Who built the school in Tarn?

Q Has the government of Norvia raised the pension age?
A Yes, to 67. | Yes
Q What was it before?
= What was the pension age in Norvia before?
A It was 65. | 65
Q What did unions say about the change?
= What did unions say about the change of the pension age in Norvia?
A They called it unfair.
Q thanks
= same

Q Where is the headquarters of Caldera Aerospace?
A It is in Ostra. | Ostra
Q and Boreal Air's?
= Where is the headquarters of Boreal Air?
A In Vell. | Vell
Q How many people work there?
= How many people work in Vell?
A 700 people. | 700
Q Does Boreal Air plan to move its headquarters?
= same
A The articles do not say.
Q But how old are the planes of Boreal Air?
= same

Q Who will play in the final at Halden?
A Riverside and Northgate will play. | Riverside and Northgate
Q who won the last time?
= Who won the last time in the final at Halden?
A Northgate won. | Northgate
Q Which tennis player withdrew from the Vell Open?
= same
A Ida Noren withdrew. | Ida Noren
Q because of an injury?
= Did Ida Noren withdraw from the Vell Open because of an injury?

Q What did Dr. Lena Ruiz say about sleep?
A She said that adults need seven hours.
Q and about naps?
= What did Dr. Lena Ruiz say about naps?
A She called naps useful.
Q Where does she work?
= Where does Dr. Lena Ruiz work?
A At Hagen University. | Hagen University
Q Which mushrooms are poisonous?
= same

Q Who wrote the anthem of Norvia?
A The poet Karl Eide wrote it. | Karl Eide
Q the one of Kest?
= Who wrote the anthem of Kest?
A Nobody knows. | Nobody
Q Why is the sky blue?
= same
A Because air scatters blue light.
Q Who explained this first?
= Who explained first why the sky is blue?

Q Did the minister apologise to the families?
A Yes, Minister Holm apologised on Monday. | Yes
Q who asked her to?
= Who asked Minister Holm to apologise to the families?
A The prime minister did. | The prime minister
Q Who is the prime minister of Kest?
= same
A Rolf Aker is. | Rolf Aker
Q of Norvia?
= Who is the prime minister of Norvia?

Q Which bank lent money to Pellar?
A The Union Bank lent it 5 million. | The Union Bank
Q What are the terms of the loan?
= What are the terms of the loan of the Union Bank to Pellar?
A Six per cent over ten years. | Six per cent over ten years
Q And Finch?
= Which bank lent money to Finch?
A Lund Bank. | Lund Bank
Q How do banks decide whether they lend money to start-ups?
= same

Q When was the first underground line in Ostra built?
A It was built in 1931. | 1931
Q the second?
= When was the second underground line in Ostra built?
A In 1949. | 1949
Q How many people use the underground in Ostra when there is snow?
= same
A About 90,000 a day. | 90,000
Q And when there is none?
= How many people use the underground in Ostra when there is no snow?
"""


@dataclass(frozen=True)
class Case:
    """A question as typed at the end of a conversation, and the one wanted; None: untouched."""

    history: tuple[Turn, ...]
    question: str
    wanted: str | None
    held_out: bool

    @property
    def written(self) -> str:
        """The question as it can be understood by itself."""
        return self.wanted or self.question


def cases() -> Iterator[Case]:
    """All of them. What was understood in the turns before is what the rules made of those."""
    for dialogue in _DIALOGUES.strip().split("\n\n"):
        lines = [line.split(" ", 1) for line in dialogue.splitlines()]
        turns: tuple[Turn, ...] = ()
        question, case = "", None
        for mark, text in lines:
            if mark == "Q":
                question = text
            elif mark == "=":
                case = Case(turns, question, None if text == "same" else text, held(dialogue))
                yield case
            else:
                said, _, short = text.partition(" | ")
                understood = Understood(condense(Query(question, turns)))
                answer = Answer(question, (Claim(said),), short, understood=understood)
                turns = (*turns, Turn(question, answer.text, answer))


def held(dialogue: str) -> bool:
    """Whether a conversation is held out: by a digest of its first line, fixed beforehand."""
    return hashlib.sha256(dialogue.splitlines()[0].encode()).digest()[0] % 2 == 1
