"""``/_components/``, in development only: every component in every state, with sample data."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

ZONES = [("Europe/Berlin", "Berlin"), ("Europe/London", "London"), ("UTC", "UTC")]
SLOTS = [
    ("a", "Thursday 4 December, 09:00"),
    ("b", "Thursday 4 December, 14:30"),
    ("c", "Friday 5 December, 10:00"),
]

TOPICS = ["Giving feedback", "Presenting", "Saying no", "Writing clearly"]
JOURNEY = [
    {"label": "Signed up", "state": "done", "detail": "3 November"},
    {"label": "Paired with Ben", "state": "done", "detail": "17 November"},
    {"label": "Sign your agreement", "state": "now", "detail": "Ben has signed. Your name is missing.", "url": "#"},
    {"label": "First session", "state": "next"},
    {"label": "Reflect after three sessions", "state": "next"},
]
PATH = [
    {"label": "Invited", "count": 21, "left": 0, "width": 100, "narrowing": "0,0 100,0 93,10 7,10", "url": "#"},
    {"label": "Joined", "count": 18, "left": 7, "width": 86, "narrowing": "7,0 93,0 79,10 21,10"},
    {"label": "Paired", "count": 12, "left": 21, "width": 58, "narrowing": ""},
]
WEEKS = {
    "ticks": [{"y": 190, "label": 0}, {"y": 98, "label": 4}, {"y": 6, "label": 8}],
    "columns": [
        {"x": 9, "width": 18, "middle": 18, "label": "1", "outer_top": 52, "outer_height": 138,
         "inner_top": 52, "inner_height": 138},
        {"x": 32, "width": 18, "middle": 41, "label": "2", "outer_top": 29, "outer_height": 161,
         "inner_top": 75, "inner_height": 115},
        {"x": 55, "width": 18, "middle": 64, "label": "3", "outer_top": 98, "outer_height": 92,
         "inner_top": 190, "inner_height": 0},
    ],
    "line": 40,
    "now": 53,
}  # fmt: skip


class SampleForm(forms.Form):
    name = forms.CharField(label="Your name", help_text="As colleagues know you.")
    work = forms.CharField(
        label="What I work on",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Two or three sentences are plenty.",
    )
    note = forms.CharField(label="Private note", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    zone = forms.ChoiceField(label="Time zone", choices=ZONES, widget=forms.Select(attrs={"data-guess-timezone": True}))
    day = forms.ChoiceField(label="Day", choices=[("0", "Monday"), ("1", "Tuesday")])
    start = forms.TimeField(label="From", widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label="Minutes", initial=60)
    when = forms.DateField(label="Nominations close", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    style = forms.ChoiceField(
        label="How shall we meet?",
        choices=[("call", "By video"), ("room", "In a room"), ("walk", "On a walk")],
        widget=forms.RadioSelect,
        help_text="You can change it for each session.",
    )
    slot = forms.ChoiceField(label="A time that suits you both", choices=SLOTS, initial="b", widget=forms.RadioSelect)
    scale = forms.ChoiceField(
        label="How useful was this session?",
        choices=[(n, n) for n in range(1, 6)],
        widget=forms.RadioSelect,
        required=False,
    )
    days = forms.MultipleChoiceField(
        label="Days that usually work",
        choices=[("mo", "Monday"), ("tu", "Tuesday"), ("we", "Wednesday")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    file = forms.FileField(label="People, as a CSV file", help_text="Nothing is saved until you have seen a preview.")
    agree = forms.BooleanField(label="I have read our agreement and sign it")
    topics = forms.MultipleChoiceField(
        label="What I can help with",
        choices=[(one, one) for one in TOPICS],
        initial=TOPICS[:2],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    locked = forms.CharField(
        label="E-mail",
        initial="ada@example.org",
        disabled=True,
        help_text="Your organisation set this address.",
    )


def components(request: HttpRequest) -> HttpResponse:
    return render(request, "_components.html", sample(timezone.now()))


def sample(now: datetime) -> dict[str, Any]:
    at = now.replace(hour=13, minute=0) + timedelta(days=9)
    bad = SampleForm({"zone": "x", "work": "", "name": "Ada", "minutes": "soon"}, auto_id="bad_%s")
    bad.add_error(None, "This cohort closed while you were writing.")
    return {
        "form": SampleForm(),
        "bad": bad,
        "at": at,
        "until": at + timedelta(minutes=60),
        "steps": [
            {"label": "About you", "state": "done", "url": "#"},
            {"label": "Your week", "state": "now"},
            {"label": "Wished-for buddies", "state": "next"},
        ],
        "journey": JOURNEY,
        "topics": TOPICS,
        "tabs": [
            {"label": "Overview", "url": "#"},
            {"label": "People", "url": "#", "current": True, "count": 21},
            {"label": "Matching", "url": "#"},
            {"label": "Settings", "url": "#"},
        ],
        "page": Paginator(range(95), 20).page(2),
        "stats": [
            {"label": "people have joined", "value": 18, "of": 21},
            {"label": "pairings", "value": 9},
            {"label": "sessions held", "value": 34},
            {"label": "pairings with nothing booked", "value": 2},
        ],
        "funnel": [
            {"label": "Invited", "count": 21},
            {"label": "Joined", "count": 18, "url": "#"},
            {"label": "Nominated", "count": 15},
            {"label": "Paired", "count": 0},
        ],
        "bars": [
            {"label": "3 November", "value": 4},
            {"label": "10 November", "value": 11},
            {"label": "17 November", "value": 8, "tone": "warm"},
            {"label": "24 November", "hidden": True},
        ],
        "path": {"sheet": {"title": "How far people have come"}, "drawing": PATH},
        "weeks": {"sheet": {"title": "Sessions by week"}, "drawing": WEEKS},
    }
