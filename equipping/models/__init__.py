from equipping.models.lessons import LessonText, ReadMark
from equipping.models.practice import ObserverNote, Practice, PracticeGroup, PracticeNote, PracticeRound, PracticeSeat

__all__ = [
    "LessonText",
    "ObserverNote",
    "Practice",
    "PracticeGroup",
    "PracticeNote",
    "PracticeRound",
    "PracticeSeat",
    "ReadMark",
]
