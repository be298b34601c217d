"""``manage.py words``: bring locale/ up to date with the sentences of the code, for whoever translates."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

ELSEWHERE = (".venv", "node_modules", "var", "staticfiles", "tests", "bench", "bin", "docs")


def gather(language: str, **options: Any) -> None:
    """Needs GNU gettext. New sentences come in untranslated, those that changed as fuzzy."""
    call_command(
        "makemessages",
        locale=[language],
        ignore_patterns=[f"{folder}/*" for folder in ELSEWHERE],
        add_location="file",
        no_wrap=True,
        no_obsolete=True,
        verbosity=0,
        **options,
    )


class Command(BaseCommand):
    help = "Gather all sentences into locale/ and compile the translations that are there."

    def handle(self, *args: Any, **options: Any) -> None:
        for language, name in settings.LANGUAGES[1:]:
            gather(language)
            call_command("compilemessages", locale=[language], ignore_patterns=[".venv/*"], verbosity=0)
            self.stdout.write(f"{name}: gathered and compiled. What is untranslated or fuzzy shows in English.")
