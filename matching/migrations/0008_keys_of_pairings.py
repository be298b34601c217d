"""A pairing's key opens for those who sit in it."""

from django.db import migrations

from trust.policies import policy, seat_in

ITS_PAIR = f"{{table}}.owner_kind = 'pairing' AND {seat_in('{table}.owner_id')}"


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0007_pairings_that_go_on"),
        ("trust", "0002_row_level_security"),
    ]

    operations = [policy("trust_datakey", "its_pair", "ALL", ITS_PAIR, ITS_PAIR)]
