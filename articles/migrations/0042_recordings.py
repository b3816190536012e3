"""Audio and video files."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0041_chosen_languages")]

    operations = [
        migrations.CreateModel(
            name="Recording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=24, unique=True)),
                (
                    "file",
                    models.FileField(
                        help_text="MP3, M4A, OGG, WAV, FLAC, MP4 or WebM.", upload_to="", verbose_name="file"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="Shown below the player, unless the text says something else.",
                        max_length=200,
                        verbose_name="title",
                    ),
                ),
                (
                    "captions",
                    models.FileField(
                        blank=True,
                        default="",
                        help_text="For those who cannot hear it: a WebVTT file (.vtt). "
                        "A transcript can also stand in the text.",
                        upload_to="",
                        verbose_name="captions",
                    ),
                ),
                (
                    "captions_language",
                    models.CharField(
                        blank=True,
                        db_default="",
                        default="",
                        help_text="A tag such as en, pt-BR or ar.",
                        max_length=35,
                        verbose_name="language of the captions",
                    ),
                ),
                ("size", models.PositiveBigIntegerField(editable=False, verbose_name="bytes")),
                ("seconds", models.PositiveIntegerField(editable=False, null=True)),
                ("width", models.PositiveIntegerField(default=0, editable=False)),
                ("height", models.PositiveIntegerField(default=0, editable=False)),
                ("original_name", models.CharField(blank=True, editable=False, max_length=200)),
                ("digest", models.CharField(db_index=True, editable=False, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="uploaded on")),
            ],
            options={
                "verbose_name": "audio or video file",
                "verbose_name_plural": "audio and video files",
                "ordering": ["-created_at"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("title", ""), _negated=True), name="recording_has_title")
                ],
            },
        ),
    ]
