"""The question bank, the other kinds of question, repairs, and what statistics are made from."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_search_index"),
        ("quizzes", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "path",
                    models.CharField(
                        help_text="Folders are parted by slashes: Python/Iteration.",
                        max_length=200,
                        unique=True,
                    ),
                ),
            ],
            options={
                "verbose_name": "bank category",
                "verbose_name_plural": "bank categories",
                "ordering": ["path"],
            },
        ),
        migrations.CreateModel(
            name="FunnelCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[("seen", "Seen"), ("started", "Started"), ("answered", "Answered")], max_length=10
                    ),
                ),
                ("answered", models.PositiveSmallIntegerField(default=0)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["edition", "answered"],
            },
        ),
        migrations.CreateModel(
            name="Placement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(default=0, help_text="Order in the quiz, smallest first.")),
                (
                    "is_always",
                    models.BooleanField(
                        default=False, help_text="On every paper, also when questions are drawn.", verbose_name="always"
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="QuestionTag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, unique=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Repair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("last_edition", models.PositiveIntegerField(editable=False)),
                ("question", models.PositiveBigIntegerField()),
                (
                    "action",
                    models.CharField(
                        choices=[("disregard", "Disregard the question"), ("accept", "Accept this answer too")],
                        max_length=10,
                    ),
                ),
                ("choice", models.PositiveBigIntegerField(blank=True, null=True)),
                ("blank", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "text",
                    models.CharField(blank=True, help_text="The typed answer that is accepted too.", max_length=1000),
                ),
                ("note", models.CharField(help_text="What was wrong, for those who answered it.", max_length=300)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data", models.JSONField(default=dict)),
                ("modified_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "verbose_name_plural": "tallies",
            },
        ),
        migrations.RemoveConstraint(
            model_name="choice",
            name="choice_has_text",
        ),
        migrations.RemoveConstraint(
            model_name="question",
            name="question_kind_known",
        ),
        migrations.AddField(
            model_name="attempt",
            name="is_counted",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="attempt",
            name="is_first",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="attempt",
            name="is_late",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="attempt",
            name="marks",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="attempt",
            name="order",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="attempt",
            name="seconds",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="choice",
            name="blank",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Fill the blanks: which one.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(99)],
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="is_pinned",
            field=models.BooleanField(
                default=False, help_text="Stays where it stands when choices are shuffled.", verbose_name="pinned"
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="pair",
            field=models.CharField(
                blank=True, help_text="Matching: the right side, plain text.", max_length=300, verbose_name="belongs to"
            ),
        ),
        migrations.AddField(
            model_name="choice",
            name="tolerance",
            field=models.CharField(blank=True, help_text="Numeric: how far off an answer may be.", max_length=40),
        ),
        migrations.AddField(
            model_name="choice",
            name="tolerance_kind",
            field=models.CharField(
                choices=[("nominal", "plus or minus"), ("relative", "a share of the value"), ("geometric", "a factor")],
                default="nominal",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="anchor",
            field=models.CharField(
                blank=True,
                help_text="The id of the heading in that article, as it stands after the # in its address.",
                max_length=200,
                verbose_name="heading",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="article",
            field=models.ForeignKey(
                blank=True,
                help_text="Where the answer can be read.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="articles.article",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="question",
            name="hints",
            field=models.TextField(
                blank=True,
                help_text="Markdown. Opened one after another by readers who want one; a line --- between two hints.",
                max_length=20000,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="interpreter",
            field=models.CharField(
                blank=True, help_text="What you ran it with, and which version: CPython 3.11.7.", max_length=80
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="language",
            field=models.CharField(blank=True, help_text="Of the program, for its colours: python.", max_length=40),
        ),
        migrations.AddField(
            model_name="question",
            name="matching",
            field=models.CharField(
                choices=[
                    ("plain", "Words: capitals and spacing do not count"),
                    ("case", "Words: capitals count"),
                    ("whitespace", "Code: white space does not count"),
                    ("quotes", "Code: white space and the kind of quotes do not count"),
                    ("python", "Python: compared token by token"),
                    ("set", "A set: order and repetition do not count"),
                    ("lines", "Output: only trailing white space does not count"),
                ],
                default="plain",
                help_text="How a typed answer is compared with what is accepted.",
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="program",
            field=models.TextField(
                blank=True, help_text="Whose output is asked for. It is shown, and never run here.", max_length=20000
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="recorded_for",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name="question",
            name="recorded_output",
            field=models.TextField(
                blank=True, help_text="What the program printed when you ran it, to the letter.", max_length=5000
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="rule",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "By the weights"),
                    (
                        "Choices",
                        [
                            ("single", "The weight of the choice"),
                            ("right-minus-wrong", "Right minus wrong"),
                            ("weighted-sum", "The sum of the weights"),
                            ("all-or-nothing", "All or nothing"),
                        ],
                    ),
                    (
                        "Ordering",
                        [
                            ("all-or-nothing", "All or nothing"),
                            ("absolute-position", "Each item in its place"),
                            ("next-exclude-last", "Each item before its next"),
                            ("next-include-last", "Each item before its next, and the last one last"),
                            ("previous-and-next", "Each item between its neighbours"),
                            ("all-previous-and-next", "Each pair in the right order"),
                            ("longest-ordered-subset", "The longest row in the right order"),
                            ("longest-contiguous-subset", "The longest row of neighbours"),
                            ("relative-to-correct", "How far each item is from its place"),
                        ],
                    ),
                ],
                help_text="How an answer is scored. By the weights: plain ones count right minus wrong, others are summed.",
                max_length=32,
            ),
        ),
        migrations.AddField(
            model_name="quiz",
            name="category",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="quizzes",
                to="articles.category",
            ),
        ),
        migrations.AddField(
            model_name="quiz",
            name="draw_count",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="How many of the questions stand on one reader's paper. Empty: all of them.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)],
                verbose_name="questions drawn",
            ),
        ),
        migrations.AddField(
            model_name="quiz",
            name="layout",
            field=models.CharField(
                choices=[("page", "All questions on one page"), ("one", "One question at a time")],
                default="page",
                max_length=4,
            ),
        ),
        migrations.AddField(
            model_name="quiz",
            name="shuffle_questions",
            field=models.BooleanField(default=False, help_text="Off: the questions stand in your order."),
        ),
        migrations.AddField(
            model_name="quiz",
            name="time_limit",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Minutes. Empty, as it should be: readers take the time they need.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(600)],
            ),
        ),
        migrations.AlterField(
            model_name="choice",
            name="feedback",
            field=models.TextField(
                blank=True, help_text="Markdown. Shown to those who answered this.", max_length=5000
            ),
        ),
        migrations.AlterField(
            model_name="choice",
            name="text",
            field=models.TextField(
                blank=True,
                help_text="Markdown; of typed answers the accepted text itself. Empty: only the right side of a pair.",
                max_length=5000,
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="explanation",
            field=models.TextField(
                blank=True, help_text="Markdown. Shown with the result, whatever was answered.", max_length=20000
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="kind",
            field=models.CharField(
                choices=[
                    ("single", "Single choice"),
                    ("multiple", "Multiple choice"),
                    ("true_false", "True or false"),
                    ("short_answer", "Short answer"),
                    ("numeric", "Numeric"),
                    ("ordering", "Ordering"),
                    ("matching", "Matching"),
                    ("cloze", "Fill the blanks"),
                    ("output", "Predict the output"),
                ],
                default="single",
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="quiz",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, null=True, related_name="old_questions", to="quizzes.quiz"
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="stem",
            field=models.TextField(
                help_text="Markdown. Blanks to fill are written [[1]], [[2]].", max_length=20000, verbose_name="text"
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                condition=models.Q(("is_counted", False), ("is_first", True), ("is_late", False)),
                fields=["edition", "id"],
                name="attempt_not_counted",
            ),
        ),
        migrations.AddConstraint(
            model_name="choice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True), models.Q(("pair", ""), _negated=True), _connector="OR"
                ),
                name="choice_has_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankcategory",
            constraint=models.CheckConstraint(
                condition=models.Q(("path", ""), _negated=True), name="bank_category_has_path"
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="category",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="questions",
                to="quizzes.bankcategory",
            ),
        ),
        migrations.AddField(
            model_name="funnelcount",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="funnel", to="quizzes.edition"
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="placements", to="quizzes.question"
            ),
        ),
        migrations.AddField(
            model_name="placement",
            name="quiz",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="placements", to="quizzes.quiz"
            ),
        ),
        migrations.AddField(
            model_name="quiz",
            name="questions",
            field=models.ManyToManyField(related_name="quizzes", through="quizzes.Placement", to="quizzes.question"),
        ),
        migrations.AddField(
            model_name="question",
            name="tags",
            field=models.ManyToManyField(blank=True, related_name="questions", to="quizzes.questiontag"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "single",
                            "multiple",
                            "true_false",
                            "short_answer",
                            "numeric",
                            "ordering",
                            "matching",
                            "cloze",
                            "output",
                        ],
                    )
                ),
                name="question_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("matching__in", ["plain", "case", "whitespace", "quotes", "python", "set", "lines"])
                ),
                name="question_matching_known",
            ),
        ),
        migrations.AddField(
            model_name="repair",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="repair",
            name="quiz",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="repairs", to="quizzes.quiz"
            ),
        ),
        migrations.AddField(
            model_name="tally",
            name="edition",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="tally", to="quizzes.edition"
            ),
        ),
        migrations.AddConstraint(
            model_name="funnelcount",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["seen", "started", "answered"])), name="funnel_stage_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="funnelcount",
            constraint=models.UniqueConstraint(fields=("edition", "stage", "answered"), name="funnel_count_once"),
        ),
        migrations.AddConstraint(
            model_name="placement",
            constraint=models.UniqueConstraint(
                fields=("quiz", "question"),
                name="question_once_in_a_quiz",
                violation_error_message="This question stands in the quiz already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(("action__in", ["disregard", "accept"])), name="repair_action_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(condition=models.Q(("note", ""), _negated=True), name="repair_has_note"),
        ),
        migrations.AddConstraint(
            model_name="repair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("action", "disregard"), ("choice__isnull", True), ("text", "")),
                    models.Q(
                        ("action", "accept"),
                        models.Q(("choice__isnull", False), models.Q(("text", ""), _negated=True), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="repair_says_what_is_accepted",
            ),
        ),
    ]
