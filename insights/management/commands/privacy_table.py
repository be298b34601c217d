from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser, no_translations

from insights import privacy

PAGE = Path(settings.BASE_DIR) / "docs" / "privacy.md"


class Command(BaseCommand):
    help = "The table of who can see what; with --write, put into docs/privacy.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true")

    @no_translations
    def handle(self, *args: Any, **options: Any) -> None:
        if options["write"]:
            PAGE.write_text(privacy.put_into(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        else:
            self.stdout.write(privacy.as_markdown())
