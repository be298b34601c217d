from django.utils.translation import gettext_noop as _

from buddying.programme_templates.shape import ProgrammeTemplate
from buddying.programme_templates.words import ROLES, RULES, lines

THREE_EPISODES = ProgrammeTemplate(
    key="three-episodes",
    label=_("Three episodes, with something to look at"),
    summary=_("Three sessions of 90 minutes in twelve weeks. Each brings a recording or a piece of work to look at."),
    weeks=12,
    target_sessions=3,
    session_minutes=90,
    reflection_point=3,
    purpose=_(
        "We talk a great deal about what we do, and seldom look at it. In this programme two colleagues "
        "look together at moments from each other’s work: ten minutes of a lesson, a meeting or a "
        "conversation, a draft, a plan."
    ),
    community=lines(
        _(
            "People who teach, lead, advise, present or write, and who would like to see their own work with "
            "other eyes."
        ),
        _("You do not need any experience with coaching, nor a good camera."),
    ),
    ways=lines(
        _("You go through three episodes. Each takes about four weeks: prepare, look together, try something."),
        _(
            "Before each session both of you choose something to look at: a recording of at most ten minutes, "
            "or a piece of your work. You say what you would like to find out."
        ),
        _("In the session you look at it together, first at the one, then at the other. 45 minutes each."),
        _("Until the next episode each tries one thing, and shows it there."),
        _("After the third episode you reflect on what it has given you."),
    ),
    roles=lines(
        ROLES,
        _("Whoever is in a recording was asked before, and may say no."),
    ),
    rules=lines(
        RULES,
        _("Recordings are shown, not handed over. Each deletes their own when it has been looked at."),
        _("First you say what you see. What you think of it comes later, and only if it is asked for."),
    ),
    outcomes=lines(
        _("I see what I do, and not only what I mean to do."),
        _("I have tried three things and know what became of them."),
        _("I can look at somebody’s work without judging it."),
    ),
    guide={
        "preparation": _(
            "Choose a recording of at most ten minutes, or a piece of your work, in which something "
            "happens that you would like to understand. Ask everybody who can be seen or heard in it. Note "
            "one question about it, and bring it in a form that the two of you can look at together."
        ),
        "phases": [
            {
                "name": _("Orientation"),
                "aim": _("Hear what the other would like to find out, and only then look."),
                "questions": [
                    _("What are we going to see, and what was going on?"),
                    _("What is your question about it?"),
                    _("What shall I watch for?"),
                ],
                "share": 2,
            },
            {
                "name": _("Looking together"),
                "aim": _("Look once without stopping. Then stop where something happens, and say what you see."),
                "questions": [
                    _("What did you see just now?"),
                    _("What did you want to happen there?"),
                    _("What did the others do then?"),
                    _("What would you like to look at once more?"),
                ],
                "share": 5,
            },
            {
                "name": _("Moving forward"),
                "aim": _("Choose one thing to try, and decide how you will see whether it works."),
                "questions": [
                    _("What will you try before the next episode?"),
                    _("How could you capture it, so that we can look at it?"),
                ],
                "share": 2,
            },
        ],
        "cards": [
            _("Where in these ten minutes were you most yourself?"),
            _("What happens just before the moment you stopped at?"),
            _("Who speaks, and for how long?"),
            _("What would somebody notice who does not know your field?"),
            _("What would you keep exactly as it is?"),
        ],
    },
    questions={
        "works": {
            "words": _("What did looking together let you see?"),
            "help": _("Think of one moment in one of the three episodes."),
        },
        "does-not-work": {
            "words": _("What got in the way?"),
            "help": _("Finding material, asking for consent, time, trust, technology."),
        },
        "change": {
            "words": _("What do you want to keep doing?"),
            "help": _("Alone, with your buddy, or with others."),
        },
    },
)
