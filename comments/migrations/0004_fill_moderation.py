from django.db import migrations
from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, Substr


def fill(apps, schema_editor):
    Comment = apps.get_model("comments", "Comment")
    Thread = apps.get_model("comments", "Thread")
    ModerationEntry = apps.get_model("comments", "ModerationEntry")

    first = Cast(Substr("path", 1, 12), BigIntegerField())
    Comment.objects.filter(depth__gt=1).update(root_id=first)
    above = [Substr(OuterRef("path"), 1, 12 * depth) for depth in range(1, 6)]
    hidden = Comment.objects.filter(~Q(path=""), path__in=above).exclude(status="approved")
    Comment.objects.filter(~Exists(hidden), status="approved").update(is_visible=True)
    for thread in Thread.objects.iterator():
        thread.comment_count = Comment.objects.filter(article=thread.article_id, is_visible=True).count()
        thread.save(update_fields=["comment_count"])

    comment = Comment.objects.filter(pk=OuterRef("comment_id"))
    ModerationEntry.objects.update(
        comment_number=F("comment_id"),
        article_id=Subquery(comment.values("article_id")[:1]),
        reader=Subquery(comment.values("reader")[:1]),
    )


def drop_what_outlived_its_comment(apps, schema_editor):
    """Before this change a decision could not be kept without its comment."""
    apps.get_model("comments", "ModerationEntry").objects.filter(comment=None).delete()


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_moderation")]

    operations = [migrations.RunPython(fill, drop_what_outlived_its_comment)]
