"""Somebody's download holds what they wrote and signed in a pairing that they have left; no page of theirs does."""

from django.db import migrations

from trust.policies import DOWNLOADING, allow, own

SIGNED = """EXISTS (
    SELECT FROM reflection_signature AS mine
    WHERE mine.agreement_id = {table}.id AND mine.person_id = buddying_person()
)"""


class Migration(migrations.Migration):
    dependencies = [
        ("reflection", "0003_row_level_security"),
        ("sessions_log", "0007_own_words_of_former_pairings"),  # the key of a pairing
    ]

    operations = [
        allow("reflection_agreement", DOWNLOADING, "SELECT", rows=f"{own('written_by_id')} OR {SIGNED}"),
        allow("reflection_thanks", DOWNLOADING, "SELECT", rows=own()),
        allow("reflection_sharedanswer", DOWNLOADING, "SELECT", rows=own()),
    ]
