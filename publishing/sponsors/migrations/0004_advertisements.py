import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sponsors", "0003_sources"),
    ]

    operations = [
        migrations.CreateModel(
            name="AdSense",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("client", models.CharField(blank=True, default="", max_length=23, verbose_name="publisher id")),
                ("is_on", models.BooleanField(default=False, editable=False, verbose_name="connected")),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("none", "Nobody: nothing is loaded"),
                            ("own", "The site: a dialogue of its own"),
                            ("tcf", "A certified platform (TCF)"),
                        ],
                        default="none",
                        max_length=4,
                    ),
                ),
                (
                    "platform_script",
                    models.URLField(blank=True, default="", max_length=300, verbose_name="script of the platform"),
                ),
                ("privacy_page", models.CharField(blank=True, default="", max_length=400, verbose_name="privacy page")),
                ("checks", models.JSONField(default=dict, editable=False)),
                ("checked_at", models.DateTimeField(editable=False, null=True)),
            ],
            options={
                "verbose_name": "AdSense",
                "verbose_name_plural": "AdSense",
            },
        ),
        migrations.CreateModel(
            name="Advertiser",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, unique=True)),
                ("link_number", models.PositiveIntegerField(db_default=1, default=1, editable=False)),
            ],
            options={
                "verbose_name": "advertiser",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Creative",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "advertiser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="creatives",
                        to="sponsors.advertiser",
                    ),
                ),
                ("name", models.CharField(help_text="Only staff and the advertiser see this.", max_length=80)),
                (
                    "kind",
                    models.CharField(
                        choices=[("picture", "Picture"), ("text", "Text")], default="picture", max_length=10
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="switched on")),
                ("slots", models.JSONField(blank=True, default=list, verbose_name="places")),
                ("target", models.CharField(max_length=500, verbose_name="leads to")),
                ("headline", models.CharField(blank=True, default="", max_length=60)),
                ("text", models.CharField(blank=True, default="", max_length=140)),
                ("picture", models.CharField(blank=True, default="", editable=False, max_length=60)),
                ("width", models.PositiveIntegerField(default=0, editable=False)),
                ("height", models.PositiveIntegerField(default=0, editable=False)),
                ("alt", models.CharField(blank=True, default="", max_length=200, verbose_name="alternative text")),
                ("starts_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="from")),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(100),
                        ],
                    ),
                ),
                (
                    "most_seen",
                    models.PositiveIntegerField(
                        blank=True, help_text="In all. Empty: without a limit.", null=True, verbose_name="at most seen"
                    ),
                ),
            ],
            options={
                "verbose_name": "advertisement",
                "ordering": ["-starts_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CreativeDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "creative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="days", to="sponsors.creative"
                    ),
                ),
                ("day", models.DateField()),
                ("seen", models.PositiveIntegerField(default=0)),
                ("clicked", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["day"],
                "default_permissions": [],
            },
        ),
        migrations.CreateModel(
            name="Proof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        choices=[
                            ("article-top", "Above an article"),
                            ("article-body", "Inside an article"),
                            ("article-end", "Below an article"),
                            ("list", "In lists of articles"),
                            ("beside", "Beside an article, on wide screens"),
                        ],
                        max_length=20,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("browser", models.CharField(max_length=80)),
                ("digest", models.CharField(max_length=64)),
                ("is_passed", models.BooleanField()),
                ("cases", models.JSONField()),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "default_permissions": ["view"],
            },
        ),
        migrations.AddConstraint(
            model_name="adsense",
            constraint=models.CheckConstraint(condition=models.Q(("pk", 1)), name="only_one_adsense"),
        ),
        migrations.AddConstraint(
            model_name="adsense",
            constraint=models.CheckConstraint(
                condition=models.Q(("consent__in", ["none", "own", "tcf"])), name="adsense_consent_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="creative",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["picture", "text"])), name="creative_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="creative",
            constraint=models.CheckConstraint(
                condition=models.Q(("weight__range", (1, 100))), name="creative_weight_in_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="creative",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at", None), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                name="creative_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="creativeday",
            constraint=models.UniqueConstraint(fields=("creative", "day"), name="creative_day_unique"),
        ),
    ]
