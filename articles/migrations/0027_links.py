"""Which pages of this site an article links to. Of those before: what their HTML links to, by redirects if it moved."""

import re
from html import unescape
from urllib.parse import unquote, urlsplit

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BATCH, MOST, LENGTH = 200, 500, 400
ADDRESS = re.compile(r'<a(?: [a-z]+="[^"]*")*? href="([^"]*)"')
ARTICLE = re.compile(r"/articles/([-\w]+)")


def paths_in(html, hosts):
    """The paths of this site, without those that are relative, and without files and the admin."""
    found = []
    for address in ADDRESS.findall(html):
        try:
            parts = urlsplit(unescape(address).strip())
        except ValueError:
            continue
        path = "/" + unquote(parts.path).strip("/")
        is_here = parts.netloc.lower() in hosts if parts.netloc else not parts.scheme and parts.path.startswith("/")
        others = (settings.MEDIA_URL, settings.STATIC_URL, "/admin/", "/preview/")
        if is_here and 1 < len(path) <= LENGTH and "\0" not in path and not f"{path}/".startswith(others):
            found.append(path)
    return list(dict.fromkeys(found))[:MOST]


def fill(apps, schema_editor):
    article_model, link_model = apps.get_model("articles", "Article"), apps.get_model("articles", "Link")
    keys = dict(article_model.objects.order_by().values_list("slug", "pk"))
    redirects = apps.get_model("publishing", "Redirect").objects
    moved = dict(redirects.filter(old_path__startswith="/articles/").values_list("old_path", "new_path"))
    hosts = {urlsplit(settings.SITE_URL).netloc.lower()}

    def key_of(path):
        for tried in (path, moved.get(path, "").rstrip("/")):
            match = ARTICLE.fullmatch(tried)
            if match and match[1] in keys:
                return keys[match[1]]
        return None

    rows = article_model.objects.filter(html__contains="href=").order_by("pk").values_list("pk", "html")
    for pk, html in rows.iterator(chunk_size=BATCH):
        links = {path: key_of(path) for path in paths_in(html, hosts)}
        link_model.objects.bulk_create(
            link_model(article_id=pk, path=path, kind="article" if key else "", key=key)
            for path, key in links.items()
            if key != pk
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0026_trash"), ("publishing", "0002_withdrawn_addresses")]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.CharField(max_length=400)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("key", models.BigIntegerField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="links", to="articles.article"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "key", "article"], name="link_target"),
                    models.Index(condition=models.Q(key=None), fields=["path"], name="link_without_target"),
                ],
                "constraints": [models.UniqueConstraint(fields=("article", "path"), name="link_of_article")],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
