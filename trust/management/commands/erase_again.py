from typing import Any

from django.core.management.base import BaseCommand

from trust import erasing, tombstones


class Command(BaseCommand):
    help = "After a restore from a backup: erase once more whoever was erased since it was made."

    def handle(self, *args: Any, **options: Any) -> None:
        marks = len(tombstones.marks())
        if not marks:
            self.stderr.write(f"There are no marks in {tombstones.path()}. Is this the data folder of before?")
        self.stdout.write(f"{marks} marks read, {erasing.erase_again()} accounts erased again.")
