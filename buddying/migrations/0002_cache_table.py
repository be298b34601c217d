"""The cache (rate limits) lives in PostgreSQL, so that a lost Redis breaks no page."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE buddying_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX buddying_cache_expires ON buddying_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("buddying", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, "DROP TABLE buddying_cache")]
