"""Pictures have a caption, a focal point and renditions, and can be decorative: then they have no alternative text."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_bylines_of_accounts"),
    ]

    operations = [
        migrations.AddField(
            model_name="image",
            name="caption",
            field=models.CharField(
                blank=True, db_default="", help_text="Offered when it is put into a text.", max_length=300
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="focus_x",
            field=models.PositiveSmallIntegerField(
                db_default=50,
                default=50,
                help_text="What stays in view if it is cropped.",
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="focal point from the left, %",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="focus_y",
            field=models.PositiveSmallIntegerField(
                db_default=50,
                default=50,
                validators=[django.core.validators.MaxValueValidator(100)],
                verbose_name="focal point from the top, %",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="is_decorative",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="It says nothing that the text does not say.",
                verbose_name="decorative",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="widths",
            field=models.JSONField(default=list, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="image",
            name="alt",
            field=models.CharField(
                blank=True,
                help_text="Describe the image for people who cannot see it. Leave empty only if it is decorative.",
                max_length=300,
                verbose_name="alternative text",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_decorative", False), ("alt", ""), _connector="OR"),
                name="image_decorative_has_no_alt",
                violation_error_message="A decorative picture has no alternative text.",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(("focus_x__lte", 100), ("focus_y__lte", 100)), name="image_focus_is_inside"
            ),
        ),
    ]
