from matching.models.edits import DraftEdit
from matching.models.floors import FloorStudy
from matching.models.pairings import Pairing, PairingMember, buddies_of, member_of, within_cohort
from matching.models.runs import TIERS, MatchRun, MatchRunQuerySet, Proposal, ProposalSeat
from matching.models.waiting import Pause, Waiting

__all__ = [
    "TIERS",
    "DraftEdit",
    "FloorStudy",
    "MatchRun",
    "MatchRunQuerySet",
    "Pairing",
    "PairingMember",
    "Pause",
    "Proposal",
    "ProposalSeat",
    "Waiting",
    "buddies_of",
    "member_of",
    "within_cohort",
]
