from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from buddying.models import Cohort, Participant, Person, Programme
from buddying.setting_up import copy_programme
from equipping import rewording
from equipping.lessons import ORDER, ORIGINALS, Lesson, lessons_of, unread
from equipping.markup import plain
from equipping.models import LessonText, ReadMark
from insights.home import home_for
from insights.learning import to_learn
from matching.models import Pairing
from sessions_log.models import CoachingSession

As = Callable[[Person | None], Client]


@pytest.mark.parametrize("lesson", ORIGINALS.values(), ids=ORDER)
def test_our_lessons_are_short_calm_and_end_with_an_exercise(lesson: Lesson) -> None:
    assert len(plain(lesson.text).split()) <= 700
    assert lesson.minutes <= 5
    assert "!" not in lesson.text
    assert lesson.text.count("\n## Try it\n") == 1
    assert lesson.text.rindex("\n## ") == lesson.text.index("\n## Try it\n")
    assert lesson.title


def test_reading_time_is_rounded_up() -> None:
    assert [Lesson("x", "X", "word " * words).minutes for words in (0, 1, 180, 181)] == [1, 1, 1, 2]


@pytest.fixture
def mine(participants: dict[str, Participant], programme: Programme) -> Programme:
    """Ada, Ben and Cleo take part in it; Dora leads it."""
    return programme


def test_who_reads_them(
    as_: As, mine: Programme, ada: Person, dora: Person, olga: Person, eve: Person, max_: Person
) -> None:
    for name, args in (("equipping:lessons", [mine.pk]), ("equipping:lesson", [mine.pk, "listening"])):
        page = reverse(name, args=args)
        assert [as_(who).get(page).status_code for who in (ada, dora, olga, eve, max_)] == [200, 200, 200, 404, 404]
    assert as_(ada).get(reverse("equipping:lesson", args=[mine.pk, "no-such"])).status_code == 404


def test_the_list_says_how_long_each_takes(as_: As, mine: Programme, ada: Person) -> None:
    page = as_(ada).get(reverse("equipping:lessons", args=[mine.pk]))
    assert [lesson.slug for lesson in page.context["lessons"]] == list(ORDER)
    text = page.content.decode()
    assert [title in text for title in ("Listening", "Open questions", "Change the words")] == [True, True, False]
    assert f"{sum(lesson.minutes for lesson in ORIGINALS.values())} minutes in all" in text


def test_a_lead_puts_their_own_words_in_place_of_ours(
    as_: As, mine: Programme, ada: Person, dora: Person, olga: Person
) -> None:
    url = reverse("equipping:words", args=[mine.pk, "listening"])
    own = {"title": "How we listen", "text": "## Here\r\n\r\nWe listen <b>twice</b>."}
    assert as_(ada).post(url, own).status_code == 404
    assert as_(dora).post(url, own).status_code == 302
    text = as_(ada).get(reverse("equipping:lesson", args=[mine.pk, "listening"])).content.decode()
    assert "How we listen" in text
    assert "We listen &lt;b&gt;twice&lt;/b&gt;." in text
    assert "<h2>Here</h2>" in text
    as_(olga).post(url, own | {"title": "By an administrator"})
    assert LessonText.objects.get().title == "By an administrator"


def test_another_programme_keeps_the_original_words(mine: Programme, dora: Person) -> None:
    other = Programme.objects.create(name="Other", template="short-start", purpose="x")
    other.add_lead(dora, added_by=dora)
    rewording.reword(mine, "feedback", "Ours", "Words.", by=dora)
    assert [lesson.title for lesson in lessons_of(other, dora)] == [one.title for one in ORIGINALS.values()]
    assert [lesson.is_own for lesson in lessons_of(mine, dora)] == [False, False, False, True, False]


def test_nothing_typed_is_refused_and_kept(as_: As, mine: Programme, dora: Person) -> None:
    url = reverse("equipping:words", args=[mine.pk, "listening"])
    answer = as_(dora).post(url, {"title": "Kept title", "text": " "})
    assert (answer.status_code, "Kept title" in answer.content.decode()) == (422, True)
    assert not LessonText.objects.exists()


def test_back_to_the_original_words(as_: As, mine: Programme, dora: Person, ada: Person) -> None:
    rewording.reword(mine, "feedback", "Ours", "Words.", by=dora)
    url = reverse("equipping:original", args=[mine.pk, "feedback"])
    assert as_(ada).post(url).status_code == 404
    assert "Back to the original words?" in as_(dora).get(url).content.decode()
    assert LessonText.objects.exists()
    for _ in range(2):
        assert as_(dora).post(url).status_code == 302
    assert not LessonText.objects.exists()


def test_words_saved_unchanged_stay_ours(mine: Programme, dora: Person) -> None:
    original = ORIGINALS["feedback"]
    rewording.reword(mine, "feedback", "Ours", "Words.", by=dora)
    rewording.reword(mine, "feedback", original.title, original.text.replace("\n", "\r\n"), by=dora)
    assert not LessonText.objects.exists()


def test_a_mark_is_set_once_seen_by_its_reader_alone_and_taken_away(
    as_: As, mine: Programme, ada: Person, ben: Person, dora: Person
) -> None:
    url = reverse("equipping:reading", args=[mine.pk, "listening"])
    browser = as_(ada)
    for _ in range(2):
        assert browser.post(url, {"read": "yes"})["Location"] == reverse(
            "equipping:lesson", args=[mine.pk, "open-questions"]
        )
    assert ReadMark.objects.count() == 1
    assert [unread(mine, who) for who in (ada, ben, dora)] == [4, 5, 5]
    assert not ReadMark.objects.visible_to(dora).exists()
    browser.post(url, {"read": "no"})
    assert unread(mine, ada) == 5


def test_after_the_last_one_there_is_no_next(as_: As, mine: Programme, ada: Person) -> None:
    for slug in ORDER[:-1]:
        rewording.mark_read(mine, slug, ada, True)
    answer = as_(ada).post(reverse("equipping:reading", args=[mine.pk, ORDER[-1]]), {"read": "yes"})
    assert answer["Location"] == reverse("equipping:lessons", args=[mine.pk])


def test_own_words_come_along_with_a_copied_programme(mine: Programme, dora: Person) -> None:
    rewording.reword(mine, "feedback", "Ours", "Words.", by=dora)
    copy = copy_programme(mine, Programme(name="Copy", purpose="x"), by=dora)
    assert [(text.slug, text.title, text.text) for text in copy.lesson_texts.all()] == [("feedback", "Ours", "Words.")]
    rewording.reword(copy, "feedback", "Changed", "Words.", by=dora)
    assert mine.lesson_texts.get().title == "Ours"


def test_home_offers_them_between_pairing_and_first_session(
    pairing: Pairing, mine: Programme, ada: Person, cohort: Cohort
) -> None:
    from django.utils import timezone

    def titles() -> list[str]:
        return [step.title for step in home_for(ada, timezone.now()).steps]

    offer = "Before your first session, read how it goes"
    assert titles() == ["Agree with Ben how you want to do this", offer]
    for slug in ORDER:
        rewording.mark_read(mine, slug, ada, True)
    assert offer not in titles()
    rewording.mark_read(mine, "feedback", ada, False)
    assert [step.why for step in to_learn(ada, [pairing], timezone.now())] == [
        "1 short lesson of five minutes, whenever you like."
    ]
    CoachingSession.objects.create(pairing=pairing, starts_at=timezone.now(), held_at=timezone.now())
    assert to_learn(ada, [pairing], timezone.now()) == []
