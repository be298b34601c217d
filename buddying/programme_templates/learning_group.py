from django.utils.translation import gettext_noop as _

from buddying.programme_templates.shape import Meeting, ProgrammeTemplate
from buddying.programme_templates.words import ROLES, RULES, lines

LEARNING_GROUP = ProgrammeTemplate(
    key="learning-group",
    label=_("A learning group with new pairs each quarter"),
    summary=_("Six months, an hour every two weeks. After a quarter everybody gets another buddy from the group."),
    weeks=26,
    target_sessions=6,
    session_minutes=60,
    reflection_point=4,
    purpose=_(
        "We are a group with a field in common, and each of us works on something else in it. For six "
        "months we learn from each other two by two: a quarter with one buddy, a quarter with another."
    ),
    community=lines(
        _("A group that knows each other a little or would like to: a profession, a site, a year of newcomers."),
        _("Whoever joins, joins for both quarters."),
    ),
    ways=lines(
        _("You meet your buddy every two weeks for an hour. For 30 minutes one of you is coached, then you swap."),
        _("After four sessions you reflect on what works and what does not."),
        _(
            "After three months new pairs are made, and nobody is paired with the same person again. You part "
            "with a last conversation: what did I learn from you, and what do I take along?"
        ),
        _("When the pairs change, the whole group meets for an hour."),
    ),
    roles=lines(
        ROLES,
        _("The leads make new pairs each quarter and call the group together."),
    ),
    rules=lines(
        RULES,
        _("What you heard from your first buddy you do not tell your second."),
    ),
    outcomes=lines(
        _("I have moved on with what I work on, and seen it with two other people’s eyes."),
        _("I can begin with somebody new, and part well."),
        _("We are a group in which one asks for help."),
    ),
    guide={
        "cards": [
            _("What have you learned lately, and from whom?"),
            _("What can you do that others in this group would like to be able to do?"),
            _("What would you like to have understood by the end of the quarter?"),
            _("Whom in the group could you ask?"),
            _("What did you take along from your last buddy?"),
        ],
    },
    questions={
        "works": {
            "words": _("What have you learned with this buddy?"),
            "help": _("Something that you would not have learned alone."),
        },
        "change": {
            "words": _("What would you like to do differently, now or with your next buddy?"),
            "help": _("One small thing is enough."),
        },
    },
    meetings=(
        Meeting(_("First meeting of the group"), 0),
        Meeting(_("The group meets, and pairs change"), 91, note=_("An hour: what have we learned, and who is next?")),
        Meeting(_("Last meeting of the group"), 3, from_end=True),
    ),
    new_pairs_weeks=13,
)
