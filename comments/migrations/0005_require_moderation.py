import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0004_fill_moderation")]

    operations = [
        migrations.AlterField(
            model_name="moderationentry",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="articles.article"
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("depth", 1), ("parent__isnull", True), ("root__isnull", True)),
                    models.Q(("depth__gt", 1), ("depth__lte", 5), ("parent__isnull", False), ("root__isnull", False)),
                    _connector="OR",
                ),
                name="comment_depth_of_parent",
            ),
        ),
    ]
