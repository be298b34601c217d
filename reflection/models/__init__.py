from reflection.models.agreements import Agreement, Signature
from reflection.models.fit import FitCheck
from reflection.models.help import HelpMessage, HelpThread
from reflection.models.reflections import ReflectionAnswer, ReflectionPrompt, SharedAnswer

__all__ = [
    "Agreement",
    "FitCheck",
    "HelpMessage",
    "HelpThread",
    "ReflectionAnswer",
    "ReflectionPrompt",
    "SharedAnswer",
    "Signature",
]
