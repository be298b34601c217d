from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trust", "0003_append_only_trail_and_downloads"),
    ]

    operations = [
        migrations.AlterField(
            model_name="accessrecord",
            name="purpose",
            field=models.CharField(db_column="purpose", max_length=200),
        ),
        migrations.RenameField(
            model_name="accessrecord",
            old_name="purpose",
            new_name="sentence",
        ),
        migrations.AddField(
            model_name="accessrecord",
            name="cohort_name",
            field=models.CharField(blank=True, db_default="", default="", max_length=250),
        ),
    ]
