"""Labels, help texts and choices in plainer words, and the column `told_at` as `notified_at`."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0010_queued_tasks"),
    ]

    operations = [
        migrations.RenameField(model_name="comment", old_name="told_at", new_name="notified_at"),
        migrations.AlterField(
            model_name="ban",
            name="reason",
            field=models.CharField(help_text="Only moderators see this.", max_length=200),
        ),
        migrations.AlterField(
            model_name="batch",
            name="action",
            field=models.CharField(
                choices=[
                    ("approve", "Approve"),
                    ("reject", "Reject"),
                    ("spam", "Mark as spam"),
                    ("remove", "Remove"),
                    ("restore", "Put back into the queue"),
                    ("ban", "Ban, with their comments"),
                    ("undo", "Undo"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="batch",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("off-topic", "It is not about this article."),
                    ("unkind", "It attacks a person instead of an opinion."),
                    ("advertising", "It advertises something."),
                    ("private", "It contains personal details of someone."),
                    ("repeated", "It repeats another comment."),
                    ("unclear", "It is unclear."),
                    ("other", "It does not fit our rules for comments."),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="batchitem",
            name="action",
            field=models.CharField(
                choices=[
                    ("approve", "Approve"),
                    ("reject", "Reject"),
                    ("spam", "Mark as spam"),
                    ("remove", "Remove"),
                    ("restore", "Put back into the queue"),
                    ("ban", "Ban, with their comments"),
                    ("undo", "Undo"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="comment",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("off-topic", "It is not about this article."),
                    ("unkind", "It attacks a person instead of an opinion."),
                    ("advertising", "It advertises something."),
                    ("private", "It contains personal details of someone."),
                    ("repeated", "It repeats another comment."),
                    ("unclear", "It is unclear."),
                    ("other", "It does not fit our rules for comments."),
                ],
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="commentsettings",
            name="close_after_days",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "never"), (14, "after 14 days"), (90, "after 90 days")],
                default=0,
                help_text="After the publication of the article.",
                verbose_name="close comments",
            ),
        ),
        migrations.AlterField(
            model_name="commentsettings",
            name="links_held",
            field=models.PositiveSmallIntegerField(
                default=2,
                help_text="A comment with this many links or more is suspect.",
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)],
                verbose_name="links before a review",
            ),
        ),
        migrations.AlterField(
            model_name="commentsettings",
            name="policy",
            field=models.CharField(
                choices=[("hold", "Hold all"), ("trust", "Trust known writers"), ("closed", "Closed")],
                default="hold",
                help_text="A confirmed e-mail address or approved comments make a writer known, until a rejection or removal.",
                max_length=10,
                verbose_name="new comments",
            ),
        ),
        migrations.AlterField(
            model_name="commentsettings",
            name="report_threshold",
            field=models.PositiveSmallIntegerField(
                default=3,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)],
                verbose_name="reports before a review",
            ),
        ),
        migrations.AlterField(
            model_name="moderationentry",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("off-topic", "It is not about this article."),
                    ("unkind", "It attacks a person instead of an opinion."),
                    ("advertising", "It advertises something."),
                    ("private", "It contains personal details of someone."),
                    ("repeated", "It repeats another comment."),
                    ("unclear", "It is unclear."),
                    ("other", "It does not fit our rules for comments."),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="reason",
            field=models.CharField(
                choices=[
                    ("unkind", "It attacks someone"),
                    ("spam", "It is advertising or spam"),
                    ("private", "It contains personal details"),
                    ("wrong", "It contains harmful false information"),
                    ("other", "Something else"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="thread",
            name="close_after_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(0, "never"), (14, "after 14 days"), (90, "after 90 days")],
                help_text="After publication. Empty: use the site default.",
                null=True,
                verbose_name="close comments",
            ),
        ),
        migrations.AlterField(
            model_name="thread",
            name="policy",
            field=models.CharField(
                choices=[
                    ("inherit", "Site default"),
                    ("hold", "Hold all"),
                    ("trust", "Trust known writers"),
                    ("closed", "Closed"),
                ],
                default="inherit",
                max_length=10,
                verbose_name="new comments",
            ),
        ),
    ]
