"""Who sees and writes which notes, words, times on offer, addresses of calendars, and how useful a session was."""

from django.db import migrations

from trust.policies import STARTS_AT, allow, guard, own, seat_in

# What somebody writes belongs to their pairing, also where it belongs to a time before they came.
PAIR = seat_in()


class Migration(migrations.Migration):
    dependencies = [
        ("sessions_log", "0005_meetings_and_usefulness"),
        ("matching", "0008_keys_of_pairings"),
    ]

    operations = [
        *guard("sessions_log_privatenote", own()),
        *guard("sessions_log_sharednote", seat_in(of=STARTS_AT), PAIR),
        *guard("sessions_log_commitment", seat_in(of=STARTS_AT), PAIR),
        *guard("sessions_log_word", seat_in(of="{table}.said_at"), PAIR),
        *guard("sessions_log_proposal", seat_in(of="{table}.proposed_at"), PAIR),
        allow("sessions_log_proposal", "proposals", "SELECT", "UPDATE"),
        *guard("sessions_log_busycalendar", own("person_id")),
        allow("sessions_log_busycalendar", "calendars", "SELECT", "UPDATE"),
        *guard("sessions_log_usefulness", own("person_id")),
        allow("sessions_log_usefulness", "counting", "SELECT"),
    ]
