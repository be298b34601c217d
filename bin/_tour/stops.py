"""The pages worth a picture: who opens each, and by which links they get there."""

from __future__ import annotations

from dataclasses import dataclass

VISITOR = ""


@dataclass(frozen=True)
class Stop:
    """``way``: an address, then patterns of links to follow, each on the page before. ``then`` goes behind the last."""

    name: str
    who: str
    way: tuple[str, ...]
    then: str = ""
    press: str = ""
    """A button to press there, whose page is the one to show."""


PAIRING, SESSION = r"/pairings/\d+/$", r"/sessions/\d+/$"
OPEN, RUNNING = r"/cohorts/\d+/nominations/$", "Autumn"

STOPS = (
    Stop("landing", VISITOR, ("/",)),
    Stop("log-in", VISITOR, ("/accounts/login/code/",)),
    Stop("home-new", "wren", ("/",)),
    Stop("profile", "wren", ("/", r"/cohorts/\d+/profile/$")),
    Stop("home", "ada", ("/",)),
    Stop("home-lead", "dora", ("/",)),
    Stop("home-administrator", "olga", ("/",)),
    Stop("nominations", "pia", ("/", OPEN)),
    Stop("pairing", "ada", ("/", PAIRING)),
    Stop("agreement", "ada", ("/", PAIRING, r"/pairings/\d+/agreement/$")),
    Stop("booking", "ada", ("/", PAIRING), then="sessions/new/"),
    Stop("session", "ada", ("/", SESSION)),
    Stop("meet", "ada", ("/", SESSION), then="meet/"),
    Stop("log", "ada", ("/", PAIRING, r"/sessions/\d+/(log/)?$"), then="log/"),
    Stop("reflection", "ada", ("/", r"/reflections/\d+/$")),
    Stop("cohort", "dora", ("/", RUNNING)),
    Stop("draft", "dora", ("/", "Winter", r"/cohorts/\d+/matching/$"), press="Make"),
    Stop("overview", "olga", ("/overview/",)),
    Stop("organisation", "olga", ("/organisation/",)),
    Stop("looks", "ada", ("/privacy/looks/",)),
    Stop("privacy", VISITOR, ("/privacy/",)),
    Stop("components", VISITOR, ("/_components/",)),
)
