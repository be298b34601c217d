from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from buddying.models import Cohort, Participant, Person, Programme
from buddying.setting_up import copy_programme
from equipping import rewording
from equipping.lessons import ORDER, Lesson, lessons_of, originals, unread
from equipping.markup import plain
from equipping.models import LessonText, ReadMark
from insights.home import home_for
from insights.learning import to_learn
from matching.models import Pairing
from sessions_log.models import CoachingSession

As = Callable[[Person | None], Client]


LANGUAGES = {"en-gb": "Try it", "de": "Probier es aus"}


def in_language(language: str) -> dict[str, Lesson]:
    with translation.override(language):
        return dict(originals())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ORDER)
def test_our_lessons_are_short_calm_and_end_with_an_exercise(slug: str, language: str) -> None:
    lesson, exercise = in_language(language)[slug], f"\n## {LANGUAGES[language]}\n"
    assert len(plain(lesson.text).split()) <= 700
    assert lesson.minutes <= 5
    assert "!" not in lesson.text
    assert lesson.text.count(exercise) == 1
    assert lesson.text.rindex("\n## ") == lesson.text.index(exercise)
    assert lesson.title


@pytest.mark.parametrize("slug", ORDER)
def test_a_lesson_has_the_same_parts_in_every_language(slug: str) -> None:
    def parts(lesson: Lesson) -> list[str]:
        """Of each paragraph, how it begins: heading, item or words."""
        return [re.match(r"(## |- |\d\. |)", line)[0] for line in lesson.text.splitlines()]  # type: ignore[index]

    english, german = in_language("en-gb")[slug], in_language("de")[slug]
    assert parts(german) == parts(english)
    assert german.title != english.title or slug == "feedback"
    assert not set(filter(None, german.text.splitlines())) & set(english.text.splitlines())


def test_there_are_lessons_in_every_language_of_the_product() -> None:
    assert {code for code, _ in settings.LANGUAGES} == set(LANGUAGES)


def test_each_reads_our_words_in_their_language(as_: As, mine: Programme, ada: Person, ben: Person) -> None:
    Person.objects.filter(pk=ben.pk).update(language="de")
    ben.refresh_from_db()
    page = reverse("equipping:lesson", args=[mine.pk, "listening"])
    titles = [as_(who).get(page).context["lesson"].title for who in (ada, ben)]
    assert titles == ["Listening", "Zuhören"]


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
    assert f"{sum(lesson.minutes for lesson in originals().values())} minutes in all" in text


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
    assert [lesson.title for lesson in lessons_of(other, dora)] == [one.title for one in originals().values()]
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_saved_unchanged_stay_ours(language: str, mine: Programme, dora: Person) -> None:
    original = in_language(language)["feedback"]
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
