from django.utils.translation import gettext_noop as _

from buddying.programme_templates.shape import ProgrammeTemplate
from buddying.programme_templates.words import ROLES, RULES, lines

SHORT_START = ProgrammeTemplate(
    key="short-start",
    label=_("A short start"),
    summary=_("Six weeks to find out whether buddying suits you: three sessions of 60 minutes."),
    weeks=6,
    target_sessions=3,
    session_minutes=60,
    reflection_point=3,
    purpose=_("A first taste of coaching each other as equals, for a team or a place that has not tried it before."),
    community=_("Whoever is curious. You do not need any experience with coaching."),
    ways=lines(
        _("You meet every two weeks for an hour. For 30 minutes one of you is coached, then you swap."),
        _("After the third session you reflect, and say whether you would like to go on."),
    ),
    roles=ROLES,
    rules=RULES,
    outcomes=_("I know whether buddying is something for me."),
    sign_up_days=21,
    nominations_days=7,
    publishing_days=3,
)
