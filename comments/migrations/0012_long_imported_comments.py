"""Comments of other systems may be longer than those that are written here."""

from django.db import migrations, models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual

HAS_TEXT = models.Q(models.Q(("body", ""), _negated=True), ("erased_at__isnull", False), _connector="OR")


def no_long_ones_left(apps, schema_editor):
    """Shorten them to what the earlier constraint allows: that is all that going back can keep."""
    comments = apps.get_model("comments", "Comment").objects.using(schema_editor.connection.alias)
    for comment in comments.annotate(length=Length("body")).filter(length__gt=4000).only("body").iterator():
        comments.filter(pk=comment.pk).update(body=comment.body[:4000])


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0011_plain_labels"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="comment", name="comment_body_length"),
        migrations.RunPython(migrations.RunPython.noop, no_long_ones_left),
        migrations.AlterField(model_name="comment", name="body", field=models.TextField(max_length=65535)),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    HAS_TEXT,
                    models.Q(
                        LessThanOrEqual(Length("body"), 4000),
                        models.Q(models.Q(("external_id", ""), _negated=True), LessThanOrEqual(Length("body"), 65535)),
                        _connector="OR",
                    ),
                ),
                name="comment_body_length",
            ),
        ),
    ]
