"""What the demo's pairs have gone through: lessons, goals, practice, reflection. Made by the product's verbs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from buddying.models import Participant, Person, Programme
from equipping import rewording, rounds
from equipping.lessons import ORDER
from equipping.models import PracticeGroup
from insights import demo_words as words
from matching.models import Pairing
from reflection import agreeing, fitting, goal_setting, helping, reflecting
from reflection.goal_setting import Aim
from reflection.models import FitCheck, ReflectionPrompt
from reflection.sections import sections, together
from reflection.sharing import sentences_of, share

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def learn(programme: Programme, people: Iterable[Person], at: datetime) -> None:
    """Two to five of the lessons."""
    for number, person in enumerate(people):
        for slug in ORDER[: 2 + number % 4]:
            rewording.mark_read(programme, slug, person, True, at)


def practise(group: PracticeGroup, starts_at: datetime) -> None:
    """All rounds, a sheet, and what each keeps from it."""
    people = group.people()
    for roles in rounds.roles_of(people):
        rounds.begin(group, roles.number, starts_at + (roles.number - 1) * 17 * MINUTE)
        for observer in roles.observers[:1]:
            rounds.observe(group, roles.number, observer, words.OBSERVED)
    rounds.finish(group, at=starts_at + 60 * MINUTE)
    for number, person in enumerate(people[:2]):
        rounds.keep(group, person, words.STRENGTHS[number], words.GROWTH[number])


def set_goals(participant: Participant, number: int, at: datetime, further: int = 0) -> None:
    """Again later, ``further`` up on the way from 0 to 10."""
    focus, outcomes = words.GOALS[number % len(words.GOALS)]
    aims = [Aim(text, min(10, 2 + (number + place) % 3 + further)) for place, text in enumerate(outcomes)]
    goal_setting.keep(participant, focus, aims, at)
    hoped = goal_setting.still_to_rate(participant, at)
    goal_setting.rate(participant, {one.digest: min(5, 2 + number % 2 + further // 2) for one in hoped}, at)


def say_how_it_feels(pairing: Pairing, at: datetime) -> None:
    """A good fit, mostly; some take their time."""
    for check in FitCheck.objects.unanswered().filter(pairing=pairing, asked_at__lte=at):
        slow = check.round == 1 and check.person_id % 4 == 0
        fitting.answer(check, FitCheck.DECIDING if slow else FitCheck.GOOD, at)


def reflect(pairing: Pairing, at: datetime, but_for: Person | None = None) -> None:
    """Each alone, then all but a sentence shared. Whoever is left out has begun to write."""
    prompts = ReflectionPrompt.objects.filter(pairing=pairing).select_related("person", "pairing__cohort__programme")
    for number, prompt in enumerate(prompts):
        answers = (words.REFLECTED, words.ALSO_REFLECTED)[number % 2]
        if prompt.person == but_for:
            reflecting.keep(prompt, {"works": answers["works"]})
        else:
            reflecting.answer(prompt, answers, {"balance": 3 - number % 2, "rhythm": 2}, at)
            share(prompt, [one.token for rows in sentences_of(prompt).values() for one in rows][1:], at)


def look_at_it_together(pairing: Pairing, at: datetime) -> None:
    for prompt in ReflectionPrompt.objects.filter(pairing=pairing):
        reflecting.mark_seen(prompt, at)


def change_the_rhythm(pairing: Pairing, by: Person, at: datetime) -> None:
    """A second version, signed by whoever wrote it."""
    newest = agreeing.latest(pairing)
    assert newest is not None
    parts = [
        part._replace(words=words.CHANGED_RHYTHM) if part.heading == "Rhythm" else part
        for part in sections(newest.text)
    ]
    changed = agreeing.rewrite(pairing, together(parts), by, at)
    agreeing.sign(pairing, changed, by=by, read_at=changed.written_at, at=at + 5 * MINUTE)


def write_in_confidence(writer: Person, lead: Person, at: datetime) -> None:
    """Answered, and the answer not read yet."""
    thread = helping.ask(lead, words.ASKED, by=writer, at=at)
    helping.mark_read(thread, lead, until=at)
    helping.write(thread, words.ANSWERED, by=lead, at=at + DAY / 3)
