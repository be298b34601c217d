from django.utils.translation import gettext_noop as _

from buddying.programme_templates.shape import Meeting, ProgrammeTemplate
from buddying.programme_templates.words import COMMUNITY, ROLES, RULES, lines

YEAR_OF_CONVERSATIONS = ProgrammeTemplate(
    key="year-of-conversations",
    label=_("A year of conversations"),
    summary=_("Six conversations of two hours over a year, with an opening and a closing meeting of the whole group."),
    weeks=52,
    target_sessions=6,
    session_minutes=120,
    reflection_point=3,
    purpose=_(
        "Some questions do not fit into half an hour. How do I want to lead, what do I want to be good at "
        "in five years, what do I leave behind? Over a year two colleagues accompany each other in such a "
        "question, with time to think and time in between to live."
    ),
    community=lines(
        COMMUNITY,
        _("It suits people who are at a turning point, or who see one coming."),
    ),
    ways=lines(
        _("We begin together, with a meeting of everybody who takes part."),
        _(
            "You then meet about every two months for two hours. For an hour one of you is coached, then you "
            "swap. A walk or a quiet room is better than a desk."
        ),
        _("After three conversations, at half time, you reflect on what works and what does not."),
        _("At the end we all meet again and tell each other what the year has changed, as far as we like."),
    ),
    roles=lines(
        ROLES,
        _("The leads also prepare the opening and the closing meeting."),
    ),
    rules=lines(
        RULES,
        _("Two months are long: whoever cannot keep a date proposes two others at once."),
    ),
    outcomes=lines(
        _("I have come further with a question that matters to me."),
        _("I give myself time to think before I decide."),
        _("There is somebody in the organisation who has known me for a year."),
    ),
    guide={
        "preparation": _(
            "The evening before, take ten minutes and look back: what has happened since we met, what did "
            "I do of what I wanted, and what is the question now?"
        ),
        "phases": [
            {
                "name": _("Arriving"),
                "aim": _(
                    "Come out of the day. Hear what has happened in the weeks between, and find today’s question."
                ),
                "questions": [
                    _("What has changed since we last met?"),
                    _("Which question has stayed with you?"),
                    _("What would make this hour worth it?"),
                ],
                "share": 2,
            },
            {
                "name": _("Looking at it together"),
                "aim": _("There is time. Follow one thread, and let silence do its work."),
                "questions": [
                    _("When did you first notice it?"),
                    _("What would you lose if it were solved?"),
                    _("How would you tell it if you were the other person in it?"),
                    _("What are you not asking yourself?"),
                ],
                "share": 7,
            },
            {
                "name": _("Moving forward"),
                "aim": _("Choose something for the next two months, and one small thing for the next two days."),
                "questions": [
                    _("What do you want to have tried by the time we meet again?"),
                    _("What will you do in the next two days?"),
                    _("How will you remember it in a month?"),
                ],
                "share": 3,
            },
        ],
        "cards": [
            _("What would you regret not having tried?"),
            _("Which advice do you give others and not yourself?"),
            _("What is going well that you hardly mention?"),
            _("Who else is touched by your decision?"),
            _("What did you believe a year ago that you no longer believe?"),
        ],
    },
    questions={
        "works": {
            "words": _("What have these conversations given you so far?"),
            "help": _("Half the year is over. What would be missing without them?"),
        },
        "change": {
            "words": _("What would you like from the second half of the year?"),
            "help": _("For yourself, and between the two of you."),
        },
    },
    meetings=(
        Meeting(_("Opening meeting"), 0, note=_("We get to know each other, and practise coaching in threes.")),
        Meeting(
            _("Closing meeting"), 3, from_end=True, note=_("What the year has changed, as far as you like to tell.")
        ),
    ),
    sign_up_days=42,
    nominations_days=14,
    publishing_days=7,
)
