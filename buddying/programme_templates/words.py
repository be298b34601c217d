"""Words that several templates share. Each line is a sentence or two of its own, for whoever translates."""

from django.utils.translation import gettext_noop as _


def lines(*each: str) -> str:
    return "\n".join(each)


RULES = lines(
    _("What is said stays between the two of you."),
    _("You meet as equals: each coaches, each is coached."),
    _("You decide what to talk about. Nobody reports on it, and nobody asks."),
    _("Either of you can stop without giving a reason."),
    _("When it is more than coaching, you turn to the contacts that the organisation names."),
)

ROLES = lines(
    _("You bring your own questions, keep your dates, and coach your buddy as well as you can."),
    _("Your buddy does the same for you."),
    _("The leads invite, pair and answer questions. They see whether pairs meet, and nothing of what is said."),
    _("Managers give the time, and ask no questions about it."),
)

COMMUNITY = lines(
    _("Colleagues from all over the organisation who would like to learn together with somebody as equals."),
    _("You do not need any experience with coaching."),
)
