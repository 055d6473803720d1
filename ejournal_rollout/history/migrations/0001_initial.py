from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("happened_at", models.DateTimeField(auto_now_add=True, db_index=True, verbose_name="when")),
                ("author", models.CharField(blank=True, max_length=250, verbose_name="author")),
                ("verb", models.CharField(max_length=60, verbose_name="act")),
                ("object_id", models.PositiveBigIntegerField(verbose_name="record")),
                ("subject", models.CharField(max_length=300, verbose_name="about")),
                ("changes", models.JSONField(blank=True, default=list, verbose_name="changes")),
            ],
            options={
                "verbose_name": "journal entry",
                "verbose_name_plural": "journal of changes",
                "ordering": ["-happened_at", "-pk"],
            },
        ),
    ]
