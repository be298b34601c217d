from django.utils.translation import gettext_noop as _

from buddying.programme_templates.shape import ProgrammeTemplate
from buddying.programme_templates.words import COMMUNITY, ROLES, RULES, lines

THREE_MONTHS = ProgrammeTemplate(
    key="three-month-buddying",
    label=_("Three months of buddying"),
    summary=_("Pairs meet every two weeks for an hour: six sessions, two turns of 30 minutes each time."),
    weeks=13,
    target_sessions=6,
    session_minutes=60,
    reflection_point=3,
    purpose=_(
        "We learn from the work we do, and we learn more when somebody listens and asks. In this programme "
        "two colleagues who do not depend on each other support each other’s learning for three months."
    ),
    community=COMMUNITY,
    ways=lines(
        _("You name two or three people you would like as your buddy. Where it can be, you get one of them."),
        _("You meet every two weeks for an hour. For 30 minutes one of you is coached, then you swap."),
        _("Each time you end with what you will do before the next session."),
        _("After three sessions you take a moment to reflect on what works and what does not."),
    ),
    roles=ROLES,
    rules=RULES,
    outcomes=lines(
        _("I think more clearly about my own questions."),
        _("I listen and ask better, in this programme and elsewhere."),
        _("I know somebody outside my team whom I can turn to."),
    ),
)
