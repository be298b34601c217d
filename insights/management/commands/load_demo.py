from argparse import ArgumentParser
from typing import Any

from django.conf import settings

from insights import demo
from trust.commands import OwnerCommand


class Command(OwnerCommand):
    help = "Loads the demo programme once; --who says whom to log in as."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--who", action="store_true", help="only print whom to log in as")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["who"]:
            demo.load()
        if demo.is_loaded():
            self._say_who()

    def _say_who(self) -> None:
        for address, what in demo.who():
            self.stdout.write(f"{address:<22} {what}")
        if settings.MODE == "demo":
            self.stdout.write(f"Log-in codes arrive at {settings.BASE_URL}/demo/mail/")
