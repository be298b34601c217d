from django.utils.translation import gettext_noop as _

from buddying.programme_templates.shape import Meeting, ProgrammeTemplate
from buddying.programme_templates.words import RULES, lines

LEADERSHIP_PILOT = ProgrammeTemplate(
    key="leadership-pilot",
    label=_("A pilot with leaders as ambassadors"),
    summary=_("Five months, eight sessions of an hour. Leaders try it themselves first, then bring it to their teams."),
    weeks=20,
    target_sessions=8,
    session_minutes=60,
    reflection_point=4,
    purpose=_(
        "Whoever leads is asked for answers all day and is seldom asked a good question. In this pilot "
        "people who lead coach each other as equals. They find out whether buddying is worth offering to "
        "everybody, and those who think so become its ambassadors."
    ),
    community=lines(
        _(
            "People who lead a team, a project or a field, from different parts of the organisation and from "
            "neighbouring levels."
        ),
        _("Nobody is sent. Who takes part wants to."),
    ),
    ways=lines(
        _("We begin together, with half a day of practice in threes."),
        _("You then meet about every two weeks for an hour. For 30 minutes one of you is coached, then you swap."),
        _("After four sessions you reflect on what works and what does not."),
        _(
            "At half time and at the end the whole group meets: not to tell what was said, but what such "
            "conversations need here, and what gets in their way."
        ),
        _(
            "Whoever likes to becomes an ambassador: you tell your own team about it from your own experience, "
            "and help the next cohort to begin."
        ),
    ),
    roles=lines(
        _("You bring your own questions, keep your dates, and coach your buddy as well as you can."),
        _("Your buddy does the same for you."),
        _("Ambassadors speak of their own experience, never of their buddy’s. They invite, and they persuade nobody."),
        _(
            "The leads of the programme invite, pair and answer questions. They see whether pairs meet, and "
            "nothing of what is said."
        ),
        _("Whoever decides on what comes after the pilot hears what the group as a whole reports, and no more."),
    ),
    rules=lines(
        RULES,
        _("A title counts for nothing in a session. Nobody is paired with somebody in their own line."),
    ),
    outcomes=lines(
        _("I ask more and answer less, also in my own team."),
        _("I have somebody to think with who wants nothing from me."),
        _("We know what buddying needs in order to work here, and some of us vouch for it."),
    ),
    guide={
        "cards": [
            _("Which decision are you putting off?"),
            _("What does your team not dare to tell you?"),
            _("When did you last change your mind, and what made you do it?"),
            _("What do you do because your predecessor did it?"),
            _("What would be missing if you were away for three months?"),
            _("Which question would you like to be asked by somebody you lead?"),
        ],
    },
    questions={
        "change": {
            "words": _("What would buddying need here, so that others can do it too?"),
            "help": _("Time, places, a word from above, something to be left off. Begin with the two of you."),
        },
    },
    meetings=(
        Meeting(_("Opening, with practice in threes"), 0, note=_("Half a day.")),
        Meeting(
            _("Half time"), 70, note=_("What helps, what gets in the way. Nobody tells what was said in a session.")
        ),
        Meeting(
            _("Closing, and what comes next"), 3, from_end=True, note=_("Ambassadors for the next cohort are found.")
        ),
    ),
    sign_up_days=35,
)
