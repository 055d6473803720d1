from django.db import migrations, models

import ejournal_rollout.files.private


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="StaffUpload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded")),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("paper", models.JSONField()),
                ("imported_at", models.DateTimeField(blank=True, null=True, verbose_name="loaded")),
            ],
            options={
                "verbose_name": "uploaded staff list",
                "verbose_name_plural": "uploaded staff lists",
                "ordering": ["-uploaded_at"],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded")),
                (
                    "file",
                    models.FileField(
                        upload_to=ejournal_rollout.files.private.RandomName("uploads"), verbose_name="file"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("draft", models.JSONField()),
                ("remarks", models.JSONField(default=list)),
                ("paper", models.CharField(blank=True, db_index=True, max_length=64)),
                ("answers", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "uploaded order",
                "verbose_name_plural": "uploaded orders",
                "ordering": ["-uploaded_at"],
            },
        ),
    ]
