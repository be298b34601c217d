"""Row-level security on files that a lead uploaded and has not confirmed."""

from django.db import migrations

from trust.policies import allow, guard, own


class Migration(migrations.Migration):
    dependencies = [("buddying", "0006_leave_and_day_hours"), ("trust", "0002_row_level_security")]

    operations = [
        *guard("buddying_importdraft", own("owner_id")),
        allow("buddying_importdraft", "sweeping", "SELECT", "DELETE", rows="uploaded_at <= now() - interval '1 day'"),
    ]
