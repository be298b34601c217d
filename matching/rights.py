"""What is kept of a person on this floor, and what erasing them means here (see ``trust.holdings``)."""

from __future__ import annotations

from trust.holdings import Fate, Holding, leave_out, register

THE_PAIR_AND_LEADS = "you and your buddy, and the leads while the cohort runs"
PAIRED = "With whom you are paired, since when and until when"


def register_all() -> None:
    register(
        Holding(
            "matching.Pairing",
            PAIRED,
            "members__participant__person",
            {"Cohort": "cohort__name", "Opened": "opened_at", "Closed": "closed_at", "Goes on since": "continues_at",
             "Why": "reasons"},
            Fate.WITH_THE_OTHERS,
            blank={"reasons": []},
            who=THE_PAIR_AND_LEADS,
        ),
        Holding(
            "matching.PairingMember",
            PAIRED,
            "participant__person",
            {"Pairing": "pairing", "Cohort": "pairing__cohort__name", "Joined": "joined_at", "Left": "left_at"},
            Fate.WITH_THE_OTHERS,
            who=THE_PAIR_AND_LEADS,
        ),
        Holding(
            "matching.Waiting",
            "That you wait for a buddy, since when and why",
            "participant__person",
            {"Cohort": "participant__cohort__name", "Since": "since", "Why": "reason", "Until": "ended_at"},
        ),
        Holding(
            "matching.Pause",
            "That you pause, and until when",
            "participant__person",
            {"Cohort": "participant__cohort__name", "Since": "paused_at", "Until": "until", "Ended": "ended_at"},
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
