"""Who sees and writes what of agreements, goals, reflections, wishes and conversations.

A signature says of which pairing it is, so that whoever may know only that an agreement is signed asks no agreement.
"""

import django.db.models.deletion
from django.db import migrations, models

from trust.policies import allow, guard, own, policy, seat_in

PAIR = seat_in()
THE_TWO = "buddying_person() IN ({table}.writer_id, {table}.lead_id)"
IN_THEIR_THREAD = """EXISTS (
    SELECT FROM reflection_helpthread AS thread
    WHERE thread.id = {of} AND buddying_person() IN (thread.writer_id, thread.lead_id)
)"""
THEIR_KEY = f"{{table}}.owner_kind = 'help-thread' AND {IN_THEIR_THREAD.replace('{of}', '{table}.owner_id')}"
OF_THE_PARTICIPANT = """EXISTS (
    SELECT FROM buddying_participant AS rater
    WHERE rater.id = {table}.participant_id AND rater.person_id = buddying_person()
)"""
TELL_THE_PAIRING = """
UPDATE reflection_signature SET pairing_id = agreement.pairing_id
FROM reflection_agreement AS agreement WHERE agreement.id = agreement_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reflection", "0002_coaching_relationship"),
        ("matching", "0008_keys_of_pairings"),
    ]

    operations = [
        migrations.AddField(
            "signature",
            "pairing",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="signatures",
                to="matching.pairing",
            ),
        ),
        migrations.RunSQL(TELL_THE_PAIRING, migrations.RunSQL.noop),
        migrations.AlterField(
            "signature",
            "pairing",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="signatures", to="matching.pairing"
            ),
        ),
        *guard("reflection_agreement", seat_in(of="{table}.written_at"), PAIR),
        allow("reflection_agreement", "drafting", "INSERT", rows="version = 1 AND written_by_id IS NULL"),
        *guard("reflection_thanks", seat_in(of="{table}.written_at"), PAIR),
        *guard("reflection_sharedanswer", seat_in(of="{table}.shared_at"), PAIR),
        *guard("reflection_endingwish", own("person_id")),
        allow("reflection_endingwish", "going on", "SELECT"),
        *guard("reflection_fitcheck", own("person_id")),
        allow("reflection_fitcheck", "asking", "SELECT", rows="answered_at IS NULL"),
        allow("reflection_fitcheck", "counting", "SELECT", rows="answered_at IS NOT NULL"),
        *guard("reflection_goals", own()),
        *guard("reflection_goaloutcome", own()),
        *guard("reflection_outcomerating", OF_THE_PARTICIPANT),
        allow("reflection_outcomerating", "counting", "SELECT"),
        *guard("reflection_reflectionanswer", own()),
        *guard("reflection_reflectionscale", own()),
        allow("reflection_reflectionscale", "counting", "SELECT"),
        *guard("reflection_helpthread", THE_TWO),
        *guard("reflection_helpmessage", IN_THEIR_THREAD.replace("{of}", "{table}.thread_id")),
        policy("trust_datakey", "the_two", "ALL", THEIR_KEY, THEIR_KEY),
    ]
