"""Somebody's download holds what they wrote in a pairing that they have left; no page of theirs does."""

from django.db import migrations

from trust.policies import DOWNLOADING, SAT, allow, own

KEY = f"owner_kind = 'pairing' AND {SAT.replace('PAIRING', '{table}.owner_id')}"


class Migration(migrations.Migration):
    dependencies = [("sessions_log", "0006_row_level_security")]

    operations = [
        allow("sessions_log_sharednote", DOWNLOADING, "SELECT", rows=own()),
        allow("sessions_log_commitment", DOWNLOADING, "SELECT", rows=own()),
        allow("sessions_log_word", DOWNLOADING, "SELECT", rows=own()),
        allow("sessions_log_proposal", DOWNLOADING, "SELECT", rows=own("proposed_by_id")),
        allow("trust_datakey", DOWNLOADING, "SELECT", rows=KEY),
    ]
