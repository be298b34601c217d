"""What somebody writes down in practice is theirs alone."""

from django.db import migrations

from trust.policies import guard, own


class Migration(migrations.Migration):
    dependencies = [("equipping", "0001_lessons_and_practice"), ("trust", "0002_row_level_security")]

    operations = [
        *guard("equipping_observernote", own()),
        *guard("equipping_practicenote", own()),
    ]
