import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0002_thread_count_becomes_thread"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ban",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("reader", "This browser"),
                            ("email", "An e-mail address"),
                            ("network", "An address range"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(editable=False, max_length=100)),
                ("day", models.DateField(blank=True, editable=False, null=True)),
                ("label", models.CharField(editable=False, max_length=100, verbose_name="who")),
                (
                    "reason",
                    models.CharField(help_text="For moderators; the person banned does not read it.", max_length=200),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="since"),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CommentSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "policy",
                    models.CharField(
                        choices=[("hold", "Hold all"), ("trust", "Trust known writers"), ("closed", "Closed")],
                        default="hold",
                        help_text="Known: an e-mail address confirmed, or comments approved. A rejection or removal ends it.",
                        max_length=10,
                        verbose_name="new comments",
                    ),
                ),
                (
                    "close_after_days",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "never"), (14, "after 14 days"), (90, "after 90 days")],
                        default=0,
                        help_text="Counted from the publication of the article.",
                        verbose_name="threads close by themselves",
                    ),
                ),
                (
                    "trusted_after",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="Approved comments since the last rejection or removal, by the cookie of one browser.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="known after",
                    ),
                ),
                (
                    "links_held",
                    models.PositiveSmallIntegerField(
                        default=2,
                        help_text="A comment with this many links or more waits among the suspect ones.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="links that hold a comment",
                    ),
                ),
                (
                    "report_threshold",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                        verbose_name="reports that ask for a second look",
                    ),
                ),
                (
                    "digest_hours",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="At most one mail in this time, and only while something waits. 0: no mails.",
                        validators=[django.core.validators.MaxValueValidator(168)],
                        verbose_name="hours between mails to moderators",
                    ),
                ),
                ("digest_due_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("digest_sent_at", models.DateTimeField(blank=True, editable=False, null=True)),
            ],
            options={
                "verbose_name": "rules for comments",
                "verbose_name_plural": "rules for comments",
            },
        ),
        migrations.CreateModel(
            name="EmailAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reader", models.CharField(max_length=32)),
                ("email", models.EmailField(max_length=254)),
                ("mailbox", models.CharField(editable=False, max_length=254)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "e-mail addresses",
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="NetworkKey",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(max_length=32)),
            ],
            options={
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reader", models.CharField(max_length=32)),
                ("network", models.CharField(blank=True, max_length=80)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unkind", "It attacks someone"),
                            ("spam", "It is advertising or spam"),
                            ("private", "It gives away personal details"),
                            ("wrong", "It says something false that does harm"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("comment", "Comment"),
                            ("question", "Question"),
                            ("correction", "Correction"),
                            ("tip", "Tip"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("body", models.TextField(max_length=4000)),
                ("digest", models.CharField(max_length=64)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Word",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=80, verbose_name="word or phrase")),
                ("tokens", models.CharField(editable=False, max_length=400, unique=True)),
                (
                    "severity",
                    models.CharField(
                        choices=[("suspect", "Hold the comment as suspect"), ("banned", "Reject the comment")],
                        default="suspect",
                        max_length=10,
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="added"),
                ),
            ],
            options={
                "ordering": ["tokens"],
            },
        ),
        migrations.AlterModelOptions(
            name="comment",
            options={
                "ordering": ["created_at", "pk"],
                "permissions": [
                    ("moderate_comment", "Can decide about comments"),
                    ("answer_comment", "Can answer comments as an editor"),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="thread",
            options={"verbose_name": "comments under the article", "verbose_name_plural": "comments under the article"},
        ),
        migrations.RemoveConstraint(
            model_name="comment",
            name="comment_has_name",
        ),
        migrations.RemoveConstraint(
            model_name="comment",
            name="comment_body_length",
        ),
        migrations.RemoveConstraint(
            model_name="comment",
            name="comment_depth_of_parent",
        ),
        migrations.RemoveConstraint(
            model_name="moderationentry",
            name="entry_is_a_change",
        ),
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_thread",
        ),
        migrations.RemoveIndex(
            model_name="comment",
            name="comment_queue",
        ),
        migrations.AddField(
            model_name="comment",
            name="claimed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="claimed_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="comment",
            name="edited_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="comment",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="comment",
            name="external_id",
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name="comment",
            name="holds",
            field=models.JSONField(blank=True, default=list, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="is_editorial",
            field=models.BooleanField(default=False, editable=False, verbose_name="by an editor"),
        ),
        migrations.AddField(
            model_name="comment",
            name="is_suspect",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="is_visible",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="kind",
            field=models.CharField(
                choices=[
                    ("comment", "Comment"),
                    ("question", "Question"),
                    ("correction", "Correction"),
                    ("tip", "Tip"),
                ],
                default="comment",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="network",
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name="comment",
            name="network_range",
            field=models.CharField(blank=True, editable=False, max_length=80),
        ),
        migrations.AddField(
            model_name="comment",
            name="open_reports",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="comment",
            name="root",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="conversation",
                to="comments.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="text_key",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="comment",
            name="told_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="moderationentry",
            name="article",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.article"
            ),
        ),
        migrations.AddField(
            model_name="moderationentry",
            name="comment_number",
            field=models.BigIntegerField(default=0, verbose_name="comment's number"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="moderationentry",
            name="reader",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="moderationentry",
            name="rule",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="moderationentry",
            name="undoes",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="undone_by",
                to="comments.moderationentry",
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="close_after_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(0, "never"), (14, "after 14 days"), (90, "after 90 days")],
                help_text="Counted from publication. Empty: as the site.",
                null=True,
                verbose_name="closes by itself",
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="pinned",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="pinned_in",
                to="comments.comment",
            ),
        ),
        migrations.AddField(
            model_name="thread",
            name="policy",
            field=models.CharField(
                choices=[
                    ("inherit", "As the site"),
                    ("hold", "Hold all"),
                    ("trust", "Trust known writers"),
                    ("closed", "Closed"),
                ],
                default="inherit",
                max_length=10,
                verbose_name="new comments",
            ),
        ),
        migrations.AlterField(
            model_name="moderationentry",
            name="comment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="entries", to="comments.comment"
            ),
        ),
        migrations.AlterField(
            model_name="moderationentry",
            name="moderator",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AlterField(
            model_name="thread",
            name="comment_count",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="comments"),
        ),
        migrations.AddIndex(
            model_name="moderationentry",
            index=models.Index(fields=["moderator", "-created_at", "-id"], name="entry_by_moderator"),
        ),
        migrations.AddIndex(
            model_name="moderationentry",
            index=models.Index(
                condition=models.Q(("reader", ""), _negated=True),
                fields=["reader", "created_at", "id"],
                name="entry_by_reader",
            ),
        ),
        migrations.AddIndex(
            model_name="moderationentry",
            index=models.Index(fields=["-created_at", "-id"], name="entry_newest"),
        ),
        migrations.AddConstraint(
            model_name="moderationentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("new_status__in", ["pending", "approved", "rejected", "spam", "removed"]),
                    models.Q(
                        models.Q(("new_status", models.F("old_status")), _negated=True),
                        ("new_status", "approved"),
                        _connector="OR",
                    ),
                ),
                name="entry_is_a_change",
            ),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("policy__in", ["inherit", "hold", "trust", "closed"])), name="thread_policy_known"
            ),
        ),
        migrations.AddField(
            model_name="ban",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="commentsettings",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="only_one_comment_settings"),
        ),
        migrations.AddConstraint(
            model_name="commentsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("policy__in", ["hold", "trust", "closed"])), name="settings_policy_known"
            ),
        ),
        migrations.AddIndex(
            model_name="emailaddress",
            index=models.Index(fields=["mailbox"], name="email_by_mailbox"),
        ),
        migrations.AddConstraint(
            model_name="emailaddress",
            constraint=models.UniqueConstraint(fields=("reader", "email"), name="email_once_per_reader"),
        ),
        migrations.AddConstraint(
            model_name="emailaddress",
            constraint=models.CheckConstraint(
                condition=models.Q(("reader", ""), _negated=True), name="email_has_reader"
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="notify",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="comments",
                to="comments.emailaddress",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_visible", True)), fields=["article", "depth", "path"], name="comment_roots"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_visible", True)), fields=["root", "path"], name="comment_conversation"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_visible", True)), fields=["article", "path"], name="comment_visible"
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_suspect", False), ("status", "pending")),
                fields=["status", "created_at", "id"],
                name="comment_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("is_suspect", True), ("status", "pending")),
                fields=["status", "created_at", "id"],
                name="comment_suspect",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("open_reports__gt", 0), ("status", "approved")),
                fields=["status", "created_at", "id"],
                name="comment_reported",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["status", "decided_at", "id"], name="comment_decided"),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("reader", ""), _negated=True),
                fields=["reader", "created_at"],
                name="comment_by_reader",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("network", ""), _negated=True),
                fields=["network", "created_at"],
                name="comment_by_network",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("text_key", ""), _negated=True),
                fields=["text_key", "created_at"],
                name="comment_by_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["comment", "question", "correction", "tip"])),
                name="comment_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), ("erased_at__isnull", False), _connector="OR"
                ),
                name="comment_has_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(models.Q(("body", ""), _negated=True), ("erased_at__isnull", False), _connector="OR"),
                    django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length("body"), 4000),
                ),
                name="comment_body_length",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_visible", False), ("status", "approved"), _connector="OR"),
                name="comment_visible_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("article", "external_id"),
                name="comment_imported_once",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reports", to="comments.comment"
            ),
        ),
        migrations.AddField(
            model_name="revision",
            name="comment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="comments.comment"
            ),
        ),
        migrations.AddField(
            model_name="word",
            name="created_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="ban",
            constraint=models.UniqueConstraint(fields=("kind", "value"), name="ban_once"),
        ),
        migrations.AddConstraint(
            model_name="ban",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("day__isnull", True), ("kind__in", ["reader", "email"])),
                    models.Q(("day__isnull", False), ("expires_at__isnull", False), ("kind", "network")),
                    _connector="OR",
                ),
                name="ban_of_network_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("comment", "reader"), name="report_once_per_reader"),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason__in", ["unkind", "spam", "private", "wrong", "other"])),
                name="report_reason_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="word",
            constraint=models.CheckConstraint(
                condition=models.Q(("severity__in", ["suspect", "banned"])), name="word_severity_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="word",
            constraint=models.CheckConstraint(
                condition=models.Q(("tokens", ""), _negated=True), name="word_has_tokens"
            ),
        ),
    ]
