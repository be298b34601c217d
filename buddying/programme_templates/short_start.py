from buddying.programme_templates.shape import ProgrammeTemplate
from buddying.programme_templates.words import ROLES, RULES

SHORT_START = ProgrammeTemplate(
    key="short-start",
    label="A short start",
    summary="Six weeks to find out whether buddying suits you: three sessions of 60 minutes.",
    weeks=6,
    target_sessions=3,
    session_minutes=60,
    reflection_point=3,
    purpose="A first taste of coaching each other as equals, for a team or a place that has not tried it before.",
    community="Whoever is curious. You do not need any experience with coaching.",
    ways=(
        "You meet every two weeks for an hour. For 30 minutes one of you is coached, then you swap.\n"
        "After the third session you reflect, and say whether you would like to go on."
    ),
    roles=ROLES,
    rules=RULES,
    outcomes="I know whether buddying is something for me.",
    sign_up_days=21,
    nominations_days=7,
    publishing_days=3,
)
