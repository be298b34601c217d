from typing import Any

from django.core.management.base import CommandError

from trust.commands import OwnerCommand
from trust.keys import CannotRead, current_wrapping_key
from trust.rotating import rotate


class Command(OwnerCommand):
    help = "Wrap all data keys with the first key of BUDDYING_CONTENT_KEYS. Texts stay as they are; run again at will."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = rotate()
        except CannotRead as error:
            raise CommandError(
                f"{error} Put it back into the ring; what was wrapped anew before this stands."
            ) from error
        self.stdout.write(f"{done:,} wrapped anew with “{current_wrapping_key()[0]}”.")
