"""What this app tells people, as kinds of message: what brings each about, and what choosing about it means."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from outbox import kinds, reconciling
from outbox.groups import COHORT, NUDGES, PERSONAL, REFLECTION
from outbox.kinds import Kind
from reflection import encouraging, encouraging_letters, fitting, going_on, letters, previews, reflecting


def register_all() -> None:
    for kind in (*_of_the_pair(), *_of_leads(), *_of_reflection(), *_of_the_end()):
        kinds.register(kind)
    reconciling.register(reflecting.tell_those_prompted)
    reconciling.register(reflecting.follow_up_once)
    reconciling.register(fitting.tell_those_asked)
    reconciling.register(going_on.call_to_look_back)


def _of_the_pair() -> list[Kind]:
    return [
        Kind(
            "agreement_waiting",
            _("Your agreement waits for you"),
            letters.agreement_waiting,
            group=NUDGES,
            when=_("When one of a pair has signed the agreement, to the other."),
            preview=previews.agreement_waiting,
        ),
        Kind(
            "help_message",
            _("A message in confidence"),
            letters.help_message,
            group=PERSONAL,
            when=_("When somebody writes to a lead in confidence, or the lead answers; only that there is a message."),
            page="reflection:conversation",
            preview=previews.help_message,
        ),
    ]


def _of_leads() -> list[Kind]:
    return [
        Kind(
            encouraging.SIGN,
            _("A kind word about your agreement"),
            encouraging_letters.encourage,
            group=NUDGES,
            when=_(
                "When a lead sends it to a pair that has not signed a week after it was paired; once a week at most."
            ),
            page="insights:pairing",
            preview=previews.encourage_to_sign,
        ),
        Kind(
            encouraging.BOOK,
            _("A kind word about your next session"),
            encouraging_letters.encourage,
            group=NUDGES,
            when=_("When a lead sends it to a pair that has booked nothing for three weeks; once a week at most."),
            page="insights:pairing",
            preview=previews.encourage_to_book,
        ),
    ]


def _of_reflection() -> list[Kind]:
    return [
        Kind(
            "fit_check",
            _("Is it a good fit?"),
            letters.fit_check,
            group=REFLECTION,
            when=_("After a pair's first session; once more after the next, to whoever was still deciding."),
            page="reflection:fit_check",
            preview=previews.fit_check,
        ),
        Kind(
            "reflection_prompt",
            _("Time to reflect"),
            letters.reflection_prompt,
            group=REFLECTION,
            when=_("When a pair has held as many sessions as the cohort's reflection point says."),
            page="reflection:reflection",
            preview=previews.reflection_prompt,
        ),
        Kind(
            reflecting.FOLLOW_UP,
            _("Your reflection still waits"),
            letters.reflection_followup,
            group=REFLECTION,
            when=_("A week after that, once, to whoever has not answered; never again."),
            page="reflection:reflection",
            preview=previews.reflection_followup,
        ),
    ]


def _of_the_end() -> list[Kind]:
    return [
        Kind(
            going_on.LOOK_BACK_MAIL,
            _("Your cohort ends soon: time to look back"),
            letters.look_back,
            group=COHORT,
            when=_("Two weeks before the cohort ends, once, to everybody who is paired."),
            page="reflection:looking_back",
            preview=previews.look_back,
        ),
        Kind(
            "pairing_goes_on",
            _("You go on as buddies"),
            letters.pairing_goes_on,
            group=COHORT,
            when=_("When all of a pair wish to go on after the cohort, to each of them."),
            page="insights:pairing",
            preview=previews.pairing_goes_on,
        ),
    ]
