"""A download is seen by its person alone. Whoever makes it sees that it is asked for; what is in it is sealed."""

from django.db import migrations

from trust.policies import DOWNLOADING, allow, guard, own


class Migration(migrations.Migration):
    dependencies = [("trust", "0004_looks_in_the_readers_language")]

    operations = [
        *guard("trust_download", own("person_id")),
        allow("trust_download", DOWNLOADING, "SELECT", "UPDATE", "DELETE", rows="buddying_person() IS NULL"),
    ]
