"""Questions of one part and of several, and comparisons; all subjects are invented.

Of each table the rows with an even place were looked at while the rules were written; the others
were held out, and only counted.
"""

from __future__ import annotations

WHOLE = (
    "Who were the founders of Quill and Marrow?",
    "What did Arnland and Bergia agree on?",
    "What is the relationship between Arnland and the U.S.?",
    "Which towns lie between Tolm and Varra?",
    "How do supply and demand set the price of tin?",
    "Who proposed the truce?",
    "What are the terms and conditions of the loan?",
    "When did Ada Lind and Ivo Marran meet?",
    "Why did the talks between the union and the port fail?",
    "How many men, women and children were on the ferry?",
    "Who founded and led the weavers' union?",
    "What did the man who broke the gate and who fled the town say?",
    "Did the minister say when and where the talks will be held?",
    "What happened when the dam broke and when the levee failed?",
    "Which company built the roads and bridges in Tolm?",
    "Was the mayor both rich and popular?",
    "How does the bank decide who gets a loan and who does not?",
    "What is the Ministry of Roads and Bridges?",
    "How far is it from Tolm to Varra and back?",
    "What did Lind and Marran discover about the tin mine?",
    "Who wrote War and Snow?",
    "Why were the trams and the buses stopped?",
    "What does the treaty say about fish and whales?",
    "How long and costly was the strike?",
    "Which ports did the storm hit on Monday and Tuesday?",
    "Who said that the mine was safe and that nobody was hurt?",
    "Is the bridge old and unsafe?",
    "What is known about what the guards saw and heard?",
    "How many killed and wounded did the army count?",
    "Who knows what happened and when?",
    "Which is larger, Tolm or Varra?",
    "Does the report explain who was to blame and what should be done?",
    "What are the causes and effects of the drought?",
    "When will the red and blue lines open?",
    "How did the police learn where he lived and when he left?",
    "Describe the fire and its aftermath.",
    "What caused the fire and the blackout in Varra?",
    "What is the difference between what was promised and what was delivered?",
    "Who else besides Lind and Marran signed the letter?",
    "Name the two countries that proposed the truce and the one that rejected it.",
    "The dam broke in May. Who built it?",
    "I have read the Tolm Herald. How many ships were lost?",
    "Where did the workers go after they left and before they came back?",
    "What is the law on who may fish and where?",
    "How many more trams and buses will be bought?",
    "Should the port be widened and deepened?",
    "What did the union ask for and get?",
    "Why did the minister resign and leave the country?",
    "Whose idea was the museum of salt and iron?",
    "Which team won the cup in 1902 and 1904?",
    "What percentage of men and women voted?",
    "When was the Bank of Tolm and Varra founded?",
    "In what ways do cats and dogs differ?",
    "What did the judge say about who lied and why?",
    "How much do bread and milk cost in Tolm?",
    "Who is Ada Lind and Sons' main rival?",
    "Do Arnland and Bergia share a border?",
    "Can you tell me who the owners of Salt and Stone are?",
    "What was the reaction of the crowd and the players?",
    "According to the mayor and the police, was the march peaceful?",
    "What do the people who live there and who work there want?",
    "How was the theft planned and carried out?",
    "Are the rules for farms and mills the same?",
    "Which singers and actors were at the gala?",
    "Why?",
    "What about Tolm and Varra?",
    "Who was the first man to climb Mount Orla and return?",
    "What makes the valley green and fertile?",
    "Did he promise to find out who did it and how?",
    "How are salt and sugar made?",
    "truce proposal and rejection",
    "Who plays the king and the fool in the film?",
)

SPLIT: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Who proposed the levy and how did Bergia respond?",
        ("Who proposed the levy?", "How did Bergia respond to the levy?"),
    ),
    (
        "Who drafted the treaty and how did Arnland react?",
        ("Who drafted the treaty?", "How did Arnland react to the treaty?"),
    ),
    ("When and where was Ada Lind born?", ("When was Ada Lind born?", "Where was Ada Lind born?")),
    (
        "Where and when did the ferry sink?",
        ("Where did the ferry sink?", "When did the ferry sink?"),
    ),
    (
        "How many were killed and how many wounded in the Tolm flood?",
        ("How many were killed in the Tolm flood?", "How many were wounded in the Tolm flood?"),
    ),
    (
        "How many homes were destroyed and how many damaged in the Varra fire?",
        (
            "How many homes were destroyed in the Varra fire?",
            "How many homes were damaged in the Varra fire?",
        ),
    ),
    (
        "What did the Herald and the Gazette report as the number of dead?",
        (
            "What did the Herald report as the number of dead?",
            "What did the Gazette report as the number of dead?",
        ),
    ),
    (
        "What figures did the Tolm Herald and the Varra Gazette give for the losses?",
        (
            "What figures did the Tolm Herald give for the losses?",
            "What figures did the Varra Gazette give for the losses?",
        ),
    ),
    ("Who won the race? By how much?", ("Who won the race?", "By how much? (won race)")),
    (
        "Who lost the vote? By how many votes?",
        ("Who lost the vote?", "By how many votes? (lost vote)"),
    ),
    (
        "When was the dam built, and why?",
        ("When was the dam built?", "Why was the dam built?"),
    ),
    (
        "Where was the tower moved, and by whom?",
        ("Where was the tower moved?", "By whom was the tower moved?"),
    ),
    (
        "Who led the union, and what pay rise did it want?",
        ("Who led the union?", "What pay rise did the union want?"),
    ),
    (
        "Who runs the museum, and how many visitors does it have?",
        ("Who runs the museum?", "How many visitors does the museum have?"),
    ),
    (
        "Who proposed the truce and who rejected it?",
        ("Who proposed the truce?", "Who rejected the truce?"),
    ),
    (
        "Who painted the ceiling and who paid for it?",
        ("Who painted the ceiling?", "Who paid for the ceiling?"),
    ),
    (
        "Who leads the union and what did she say about automation?",
        ("Who leads the union?", "What did she say about automation?"),
    ),
    (
        "Who runs the harbour and where was he born?",
        ("Who runs the harbour?", "Where was he born?"),
    ),
    (
        "Which company runs the dam and who is its director?",
        ("Which company runs the dam?", "Who is its director?"),
    ),
    (
        "Which town has the oldest mill and what is its population?",
        ("Which town has the oldest mill?", "What is its population?"),
    ),
    (
        "When was Ada Lind born and where did she die?",
        ("When was Ada Lind born?", "Where did Ada Lind die?"),
    ),
    (
        "Where did Ivo Marran study and what did he invent?",
        ("Where did Ivo Marran study?", "What did Ivo Marran invent?"),
    ),
    (
        "What caused the fire and how long did it burn?",
        ("What caused the fire?", "How long did the fire burn?"),
    ),
    (
        "What is the name of the ferry and when was it built?",
        ("What is the name of the ferry?", "When was the ferry built?"),
    ),
    (
        "How many ships were lost in the storm and which port was closed for three weeks?",
        (
            "How many ships were lost in the storm?",
            "Which port was closed for three weeks?",
        ),
    ),
    (
        "Who designed the Orla Bridge and how much did the new tunnel under the river cost?",
        ("Who designed the Orla Bridge?", "How much did the new tunnel under the river cost?"),
    ),
    (
        "When did the strike begin, when did it end, and what did the workers win?",
        (
            "When did the strike begin?",
            "When did the strike end?",
            "What did the workers win? (strike begin)",
        ),
    ),
    (
        "Who built the canal, when was it opened and what did it cost?",
        ("Who built the canal?", "When was the canal opened?", "What did the canal cost?"),
    ),
    (
        "Did the council approve the budget and did the mayor sign it?",
        ("Did the council approve the budget?", "Did the mayor sign the budget?"),
    ),
    (
        "Was the pilot hurt, and was the plane insured?",
        ("Was the pilot hurt?", "Was the plane insured? (pilot hurt)"),
    ),
    (
        "What did the union demand and what did the port offer?",
        ("What did the union demand?", "What did the port offer? (union demand)"),
    ),
    (
        "What does Arnland want and what does Bergia fear?",
        ("What does Arnland want?", "What does Bergia fear?"),
    ),
    (
        "How many people were hurt and how many died in the Varra crash?",
        ("How many people were hurt in the Varra crash?", "How many died in the Varra crash?"),
    ),
    (
        "How many voted for and how many against the levy?",
        ("How many voted for the levy?", "How many voted against the levy?"),
    ),
    (
        "Who is the mayor of Tolm and how long has she been in office?",
        ("Who is the mayor of Tolm?", "How long has she been in office?"),
    ),
    (
        "Who is the head of the bank and what did he study?",
        ("Who is the head of the bank?", "What did he study?"),
    ),
    (
        "Who resigned and why?",
        ("Who resigned?", "Why? (resigned)"),
    ),
    (
        "Who was arrested and why?",
        ("Who was arrested?", "Why? (arrested)"),
    ),
    (
        "What was stolen from the museum and when?",
        ("What was stolen from the museum?", "When? (stolen museum)"),
    ),
    (
        "Which tram line was closed and for how long?",
        ("Which tram line was closed?", "For how long? (tram line closed)"),
    ),
    (
        "What do the Herald and the Gazette say about the cause of the fire?",
        (
            "What does the Herald say about the cause of the fire?",
            "What does the Gazette say about the cause of the fire?",
        ),
    ),
    (
        "How many dead did the police and the army count?",
        ("How many dead did the police count?", "How many dead did the army count?"),
    ),
    (
        "According to the Herald and the Gazette, how many people died?",
        (
            "According to the Herald, how many people died?",
            "According to the Gazette, how many people died?",
        ),
    ),
    (
        "According to the union and the port, how many workers are on strike?",
        (
            "According to the union, how many workers are on strike?",
            "According to the port, how many workers are on strike?",
        ),
    ),
    (
        "Can you tell me who won the cup and who came second?",
        ("Who won the cup?", "Who came second? (won cup)"),
    ),
    (
        "Please tell me who chairs the board and who founded it.",
        ("Who chairs the board?", "Who founded the board?"),
    ),
    (
        "What is the tallest tower in Varra and who designed it?",
        ("What is the tallest tower in Varra?", "Who designed it?"),
    ),
    (
        "What is the oldest school in Tolm and when was it founded?",
        ("What is the oldest school in Tolm?", "When was it founded?"),
    ),
    (
        "Which player scored the winning goal, and how old is he?",
        ("Which player scored the winning goal?", "How old is he?"),
    ),
    (
        "Which minister resigned, and what was her reason?",
        ("Which minister resigned?", "What was her reason?"),
    ),
    (
        "How tall is the Orla Tower and how many steps does it have?",
        ("How tall is the Orla Tower?", "How many steps does the Orla Tower have?"),
    ),
    (
        "How old is the mill, and who owns it now?",
        ("How old is the mill?", "Who owns the mill now?"),
    ),
    (
        "Why did the bank fail and who was blamed?",
        ("Why did the bank fail?", "Who was blamed? (bank fail)"),
    ),
    (
        "Why was the road closed and when will it reopen?",
        ("Why was the road closed?", "When will the road reopen?"),
    ),
    (
        "Who directed the film? Who wrote its music?",
        ("Who directed the film?", "Who wrote the film's music?"),
    ),
    (
        "When did the mine open? How many people worked there?",
        ("When did the mine open?", "How many people worked there? (mine open)"),
    ),
    (
        "Which countries signed the pact, and when did they sign it?",
        ("Which countries signed the pact?", "When did they sign the pact?"),
    ),
    (
        "Which countries proposed the truce and who rejected it?",
        ("Which countries proposed the truce?", "Who rejected the truce?"),
    ),
    (
        "How many people work at the port and what is their average pay?",
        ("How many people work at the port?", "What is their average pay? (people work port)"),
    ),
    (
        "In which year was the abbey founded and who was its first abbot?",
        ("In which year was the abbey founded?", "Who was the abbey's first abbot?"),
    ),
    (
        "At what time did the gate fail, and how many sirens worked?",
        ("At what time did the gate fail?", "How many sirens worked? (gate fail)"),
    ),
    (
        "By how much did rents rise in Tolm, and what did the council do?",
        ("By how much did rents rise in Tolm?", "What did the council do? (rents rise Tolm)"),
    ),
    (
        "What did the mayor promise, and did she keep her word?",
        ("What did the mayor promise?", "Did the mayor keep her word?"),
    ),
    (
        "What did Marran claim and how did Lind answer him?",
        ("What did Marran claim?", "How did Lind answer Marran?"),
    ),
    (
        "How and when was the tunnel flooded?",
        ("How was the tunnel flooded?", "When was the tunnel flooded?"),
    ),
    (
        "Why and by whom was the statue removed?",
        ("Why was the statue removed?", "By whom was the statue removed?"),
    ),
    (
        "How many crew and how many passengers were on board the Orla Star?",
        (
            "How many crew were on board the Orla Star?",
            "How many passengers were on board the Orla Star?",
        ),
    ),
    (
        "Who sold the mine, and to whom?",
        ("Who sold the mine?", "To whom? (sold mine)"),
    ),
    (
        "What was the offer, and what was the union's answer?",
        ("What was the offer?", "What was the union's answer? (offer)"),
    ),
    (
        "Who owns the quarry and what is mined there?",
        ("Who owns the quarry?", "What is mined there? (owns quarry)"),
    ),
    (
        "When was the levee raised and by how many metres?",
        ("When was the levee raised?", "By how many metres was the levee raised?"),
    ),
    (
        "Where did the plane land and in what state was it?",
        ("Where did the plane land?", "In what state was the plane?"),
    ),
)

ASKED: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    # question, kind, what is counted or compared, the sides
    ("Which of the two articles gives more dead?", "most", "dead", ()),
    ("Which of the articles reports fewer injured?", "least", "injured", ()),
    ("Which article mentions the most strikers?", "most", "strikers", ()),
    ("Which report gives the fewest lost ships?", "least", "lost ships", ()),
    ("Which paper reports the higher number of evacuees?", "most", "evacuees", ()),
    ("Which newspaper gave the lower figure for lost homes?", "least", "lost homes", ()),
    ("Which outlet reported more arrests in Tolm?", "most", "arrests in Tolm", ()),
    ("Which piece has the larger number of visitors?", "most", "visitors", ()),
    ("Which of the two reports gives the higher death toll?", "most", "death toll", ()),
    ("Which of the two papers counts more wounded soldiers?", "most", "wounded soldiers", ()),
    ("Which source gives the highest number of dead?", "most", "dead", ()),
    ("What article reports the smallest number of strikers?", "least", "strikers", ()),
    ("Which story cites the lowest number of injured people?", "least", "injured people", ()),
    (
        "Does the Herald or the Gazette report more dead?",
        "most",
        "dead",
        ("the Herald", "the Gazette"),
    ),
    (
        "Did the union or the port give the higher figure for strikers?",
        "most",
        "strikers",
        ("the union", "the port"),
    ),
    (
        "Did the mayor or the police report fewer marchers?",
        "least",
        "marchers",
        ("the mayor", "the police"),
    ),
    (
        "Who gave the higher number of strikers, the union or the port?",
        "most",
        "strikers",
        ("the union", "the port"),
    ),
    (
        "Which paper reported more dead, the Herald or the Gazette?",
        "most",
        "dead",
        ("the Herald", "the Gazette"),
    ),
    (
        "Did Arnland or Bergia claim more victories?",
        "most",
        "victories",
        ("Arnland", "Bergia"),
    ),
    (
        "Who reported fewer injured, the Tolm Herald or the Varra Gazette?",
        "least",
        "injured",
        ("the Tolm Herald", "the Varra Gazette"),
    ),
    (
        "Which came first, the flood or the fire?",
        "first",
        "",
        ("the flood", "the fire"),
    ),
    (
        "Which happened later, the strike or the vote?",
        "last",
        "",
        ("the strike", "the vote"),
    ),
    (
        "What came first, the opening of the Orla Bridge or the Tolm fire?",
        "first",
        "",
        ("the opening of the Orla Bridge", "the Tolm fire"),
    ),
    (
        "Which was earlier, the recount or the raid?",
        "first",
        "",
        ("the recount", "the raid"),
    ),
    ("Was the flood before the fire?", "before", "", ("the flood", "the fire")),
    (
        "Did the strike begin before the vote?",
        "before",
        "",
        ("the strike begin", "the vote"),
    ),
    ("Was the recount after the raid?", "after", "", ("the recount", "the raid")),
    ("Did the Tolm fire happen after the flood?", "after", "", ("the Tolm fire", "the flood")),
    ("How many articles mention Ada Lind?", "count", "Ada Lind", ()),
    ("How many reports are about the strike?", "count", "the strike", ()),
    ("How many of the articles report on the Tolm flood?", "count", "the Tolm flood", ()),
    ("How many articles are there about the Orla Bridge?", "count", "the Orla Bridge", ()),
    ("How many of my articles discuss tin prices?", "count", "tin prices", ()),
    ("In how many articles is Ivo Marran mentioned?", "count", "Ivo Marran", ()),
    ("How many pieces cover the harbour strike?", "count", "the harbour strike", ()),
    ("How many sources talk about the levy?", "count", "the levy", ()),
    ("Which articles mention Ada Lind?", "which", "Ada Lind", ()),
    ("What articles are about the mine?", "which", "the mine", ()),
    ("List all articles that mention the Bank of Tolm.", "which", "the Bank of Tolm", ()),
    ("Which reports deal with the drought?", "which", "the drought", ()),
    ("Which of the articles quote Ivo Marran?", "which", "Ivo Marran", ()),
    ("Name the articles about the Tolm fire.", "which", "the Tolm fire", ()),
)

NOT_ASKED = (
    "How many people died in the flood?",
    "Which town has more inhabitants?",
    "Who came first in the race?",
    "What did the article say about the fire?",
    "Was the bridge closed before the storm hit the coast, and why?",
    "How many articles does the constitution have?",
    "Which paper broke the story?",
    "Did the council or the mayor block the plan?",
    "Which company reports the most profit?",
    "How many reports did the inspector write?",
    "Is it true that the mine closed before noon?",
    "Which article of the treaty bans whaling?",
    "Who wrote more books, Lind or Marran?",
    "Was the mayor told before the police?",
    "How many sources of water does Tolm have?",
    "Which report was published in May?",
    "Did she leave before 1902?",
    "What came of the talks?",
    "How many articles of clothing were stolen?",
    "Which storm hit first?",
    "Were the lamps lit before dusk?",
    "Which sources did the journalist protect?",
    "Did the fire or the flood kill more people?",
    "Which paper do the workers read most?",
)
