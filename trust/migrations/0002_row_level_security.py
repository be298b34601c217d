"""Who acts, as the database is told, and the keys: a key opens for whose text it is, and nobody else."""

from django.db import migrations

from trust.policies import allow, guard

WHO = """
CREATE FUNCTION buddying_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('buddying.person', true), '')::bigint;
CREATE FUNCTION buddying_purpose() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(current_setting('buddying.purpose', true), '');
"""


class Migration(migrations.Migration):
    dependencies = [("trust", "0001_initial")]

    operations = [
        migrations.RunSQL(WHO, "DROP FUNCTION buddying_purpose(); DROP FUNCTION buddying_person()"),
        *guard("trust_datakey", "{table}.owner_kind = 'person' AND {table}.owner_id = buddying_person()"),
        allow("trust_datakey", "drafting", "SELECT", "INSERT", rows="owner_kind = 'pairing'"),
    ]
