"""What is kept of a person on this floor, and what erasing them means here (see ``trust.holdings``)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from trust.holdings import Fate, Holding, leave_out, register

THE_PAIR_AND_LEADS = _("you and your buddy, and the leads while the cohort runs")
PAIRED = _("With whom you are paired, since when and until when")


def register_all() -> None:
    register(
        Holding(
            "matching.Pairing",
            PAIRED,
            "members__participant__person",
            {_("Cohort"): "cohort__name", _("Opened"): "opened_at", _("Closed"): "closed_at",
             _("Goes on since"): "continues_at", _("Why"): "why"},
            Fate.WITH_THE_OTHERS,
            blank={"reasons": []},
            who=THE_PAIR_AND_LEADS,
        ),
        Holding(
            "matching.PairingMember",
            PAIRED,
            "participant__person",
            {_("Pairing"): "pairing", _("Cohort"): "pairing__cohort__name", _("Joined"): "joined_at",
             _("Left"): "left_at"},
            Fate.WITH_THE_OTHERS,
            who=THE_PAIR_AND_LEADS,
        ),
        Holding(
            "matching.Waiting",
            _("That you wait for a buddy, since when and why"),
            "participant__person",
            {_("Cohort"): "participant__cohort__name", _("Since"): "since", _("Why"): "reason", _("Until"): "ended_at"},
        ),
        Holding(
            "matching.Pause",
            _("That you pause, and until when"),
            "participant__person",
            {_("Cohort"): "participant__cohort__name", _("Since"): "paused_at", _("Until"): "until",
             _("Ended"): "ended_at"},
        ),
    )  # fmt: skip
    leave_out(
        "What a match run was computed from and gave: numbers of rows. Names and wishes in it go with the person.",
        "matching.MatchRun",
        "matching.Proposal",
        "matching.ProposalSeat",
        "matching.DraftEdit",
        "matching.FloorStudy",
    )
