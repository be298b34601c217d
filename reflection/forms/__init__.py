from reflection.forms.agreements import SectionsForm, WholeTextForm
from reflection.forms.answers import FitForm, MessageForm, ThanksForm, WishForm
from reflection.forms.goals import GoalsForm
from reflection.forms.reflections import ReflectionForm, SharingForm

__all__ = [
    "FitForm",
    "GoalsForm",
    "MessageForm",
    "ReflectionForm",
    "SectionsForm",
    "SharingForm",
    "ThanksForm",
    "WholeTextForm",
    "WishForm",
]
