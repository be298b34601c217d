from buddying.programme_templates.shape import Meeting, ProgrammeTemplate
from buddying.programme_templates.words import RULES

LEADERSHIP_PILOT = ProgrammeTemplate(
    key="leadership-pilot",
    label="A pilot with leaders as ambassadors",
    summary="Five months, eight sessions of an hour. Leaders try it themselves first, then bring it to their teams.",
    weeks=20,
    target_sessions=8,
    session_minutes=60,
    reflection_point=4,
    purpose=(
        "Whoever leads is asked for answers all day and is seldom asked a good question. In this pilot people who "
        "lead coach each other as equals. They find out whether buddying is worth offering to everybody, and "
        "those who think so become its ambassadors."
    ),
    community=(
        "People who lead a team, a project or a field, from different parts of the organisation and from neighbouring "
        "levels.\nNobody is sent. Who takes part wants to."
    ),
    ways=(
        "We begin together, with half a day of practice in threes.\n"
        "You then meet about every two weeks for an hour. For 30 minutes one of you is coached, then you swap.\n"
        "After four sessions you reflect on what works and what does not.\n"
        "At half time and at the end the whole group meets: not to tell what was said, but what such conversations "
        "need here, and what gets in their way.\n"
        "Whoever likes to becomes an ambassador: you tell your own team about it from your own experience, and "
        "help the next cohort to begin."
    ),
    roles=(
        "You bring your own questions, keep your dates, and coach your buddy as well as you can.\n"
        "Your buddy does the same for you.\n"
        "Ambassadors speak of their own experience, never of their buddy’s. They invite, and they persuade nobody.\n"
        "The leads of the programme invite, pair and answer questions. They see whether pairs meet, and nothing of "
        "what is said.\n"
        "Whoever decides on what comes after the pilot hears what the group as a whole reports, and no more."
    ),
    rules=f"{RULES}\nA title counts for nothing in a session. Nobody is paired with somebody in their own line.",
    outcomes=(
        "I ask more and answer less, also in my own team.\n"
        "I have somebody to think with who wants nothing from me.\n"
        "We know what buddying needs in order to work here, and some of us vouch for it."
    ),
    guide={
        "cards": [
            "Which decision are you putting off?",
            "What does your team not dare to tell you?",
            "When did you last change your mind, and what made you do it?",
            "What do you do because your predecessor did it?",
            "What would be missing if you were away for three months?",
            "Which question would you like to be asked by somebody you lead?",
        ],
    },
    questions={
        "change": {
            "words": "What would buddying need here, so that others can do it too?",
            "help": "Time, places, a word from above, something to be left off. Begin with the two of you.",
        },
    },
    meetings=(
        Meeting("Opening, with practice in threes", 0, note="Half a day."),
        Meeting("Half time", 70, note="What helps, what gets in the way. Nobody tells what was said in a session."),
        Meeting("Closing, and what comes next", 3, from_end=True, note="Ambassadors for the next cohort are found."),
    ),
    sign_up_days=35,
)
