"""What somebody has typed and not sent yet is seen and kept by them alone; what is a month old is forgotten."""

from django.db import migrations

from trust.policies import allow, guard, own


class Migration(migrations.Migration):
    dependencies = [("buddying", "0010_unsent_text_and_contacts")]

    operations = [
        *guard("buddying_unsenttext", own()),
        allow("buddying_unsenttext", "sweeping", "SELECT", "DELETE"),
    ]
