"""What a comment is found by when its writer, who ended the mails, asks for it by letter."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0008_batch")]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="writer_hash",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("writer_hash", ""), _negated=True), fields=["writer_hash"], name="comment_by_writer"
            ),
        ),
    ]
