from reflection.models.agreements import Agreement, Signature
from reflection.models.endings import EndingWish, Thanks
from reflection.models.fit import FitCheck
from reflection.models.goals import GoalOutcome, Goals, OutcomeRating
from reflection.models.help import HelpMessage, HelpThread
from reflection.models.reflections import ReflectionAnswer, ReflectionPrompt, ReflectionScale, SharedAnswer

__all__ = [
    "Agreement",
    "EndingWish",
    "FitCheck",
    "GoalOutcome",
    "Goals",
    "HelpMessage",
    "HelpThread",
    "OutcomeRating",
    "ReflectionAnswer",
    "ReflectionPrompt",
    "ReflectionScale",
    "SharedAnswer",
    "Signature",
    "Thanks",
]
