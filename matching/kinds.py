"""What this app tells people, as kinds of message: what brings each about, and what choosing about it means."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from matching import letters, news, previews
from outbox.groups import COHORT, NUDGES
from outbox.kinds import Kind, register
from outbox.lanes import Lane

PAIRING = "insights:pairing"


def register_all() -> None:
    for kind in (*_of_matching(), *_of_what_changes()):
        register(kind)


def _of_matching() -> list[Kind]:
    return [
        Kind(
            letters.REMINDER,
            _("Time to name buddies"),
            letters.nomination_reminder,
            group=NUDGES,
            when=_(
                "Three days before nominations close, once, to those who have named nobody; and when you ask for it."
            ),
            page="buddying:nominations",
            preview=previews.nomination_reminder,
        ),
        Kind(
            letters.PUBLISHED,
            _("You are paired"),
            letters.pairing_published,
            group=COHORT,
            lane=Lane.TIMELY,
            when=_("When you publish pairs, and when somebody is paired later."),
            page=PAIRING,
            preview=previews.pairing_published,
        ),
        Kind(
            letters.WAITING,
            _("You are waiting for a buddy"),
            letters.waiting_for_buddy,
            group=COHORT,
            when=_("When you publish pairs and somebody is left without a buddy."),
            preview=previews.waiting_for_buddy,
        ),
    ]


def _of_what_changes() -> list[Kind]:
    return [
        Kind(
            news.ENDED,
            _("Your pairing has ended"),
            news.pairing_ended,
            when=_("When a pairing ends before its time, to everybody in it, in the same words."),
            preview=previews.pairing_ended,
            page=PAIRING,
            group=COHORT,
        ),
        Kind(
            news.NEW_BUDDY,
            _("You have a new buddy"),
            news.new_buddy,
            when=_("When somebody whose pairing has ended is paired again."),
            preview=previews.new_buddy,
            page=PAIRING,
            group=COHORT,
        ),
        Kind(
            news.JOINED,
            _("Somebody joins your pairing"),
            news.buddy_joined,
            when=_("When you let somebody join a pair, to the two who are in it."),
            preview=previews.buddy_joined,
            page=PAIRING,
            group=COHORT,
        ),
        Kind(
            news.BUDDY_LEFT,
            _("Your buddy has left"),
            news.buddy_left,
            when=_("When somebody leaves the cohort, to their buddies."),
            preview=previews.buddy_left,
            page=PAIRING,
            group=COHORT,
        ),
        Kind(
            news.LEFT,
            _("You have left a cohort"),
            news.cohort_left,
            group=COHORT,
            when=_("When somebody leaves the cohort, or you take them off the list."),
            preview=previews.cohort_left,
        ),
        Kind(
            news.PAUSES,
            _("Your buddy pauses"),
            news.buddy_pauses,
            group=COHORT,
            when=_("When somebody pauses, to their buddies."),
            preview=previews.buddy_pauses,
        ),
    ]
