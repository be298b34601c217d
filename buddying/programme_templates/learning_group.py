from buddying.programme_templates.shape import Meeting, ProgrammeTemplate
from buddying.programme_templates.words import ROLES, RULES

LEARNING_GROUP = ProgrammeTemplate(
    key="learning-group",
    label="A learning group with new pairs each quarter",
    summary="Six months, an hour every two weeks. After a quarter everybody gets another buddy from the group.",
    weeks=26,
    target_sessions=6,
    session_minutes=60,
    reflection_point=4,
    purpose=(
        "We are a group with a field in common, and each of us works on something else in it. For six months we learn "
        "from each other two by two: a quarter with one buddy, a quarter with another."
    ),
    community=(
        "A group that knows each other a little or would like to: a profession, a site, a year of newcomers.\n"
        "Whoever joins, joins for both quarters."
    ),
    ways=(
        "You meet your buddy every two weeks for an hour. For 30 minutes one of you is coached, then you swap.\n"
        "After four sessions you reflect on what works and what does not.\n"
        "After three months new pairs are made, and nobody is paired with the same person again. You part with a last "
        "conversation: what did I learn from you, and what do I take along?\n"
        "When the pairs change, the whole group meets for an hour."
    ),
    roles=f"{ROLES}\nThe leads make new pairs each quarter and call the group together.",
    rules=f"{RULES}\nWhat you heard from your first buddy you do not tell your second.",
    outcomes=(
        "I have moved on with what I work on, and seen it with two other people’s eyes.\n"
        "I can begin with somebody new, and part well.\n"
        "We are a group in which one asks for help."
    ),
    guide={
        "cards": [
            "What have you learned lately, and from whom?",
            "What can you do that others in this group would like to be able to do?",
            "What would you like to have understood by the end of the quarter?",
            "Whom in the group could you ask?",
            "What did you take along from your last buddy?",
        ],
    },
    questions={
        "works": {
            "words": "What have you learned with this buddy?",
            "help": "Something that you would not have learned alone.",
        },
        "change": {
            "words": "What would you like to do differently, now or with your next buddy?",
            "help": "One small thing is enough.",
        },
    },
    meetings=(
        Meeting("First meeting of the group", 0),
        Meeting("The group meets, and pairs change", 91, note="An hour: what have we learned, and who is next?"),
        Meeting("Last meeting of the group", 3, from_end=True),
    ),
    new_pairs_weeks=13,
)
