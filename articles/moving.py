"""The importer of articles in the admin: its options, in plain words. The importer itself is loaded by the worker."""

from zoneinfo import available_timezones

from django import forms
from django.urls import reverse
from django.utils import timezone

from publishing.moving.registry import Importer, register

from .importing.options import PARTS, Options, is_pattern
from .models import Article, Status


class OptionsForm(forms.Form):
    category = forms.CharField(
        initial=Options.category, max_length=80, help_text="For posts that name none. It is made if it is not there."
    )
    old_url = forms.CharField(
        required=False,
        max_length=200,
        label="Addresses until now",
        help_text="Such as /blog/{year}/{stem}/ if the source does not say them. They will lead to the new ones. "
        "Parts: " + ", ".join(f"{{{part}}}" for part in PARTS),
    )
    date_from = forms.ChoiceField(
        choices=[("none", "Import it as a draft"), ("mtime", "Take the time of its file")],
        label="A post without a date",
    )
    zone = forms.CharField(
        required=False,
        max_length=60,
        label="Time zone",
        help_text="Of dates without one, such as Europe/Berlin. Empty: that of this site.",
    )
    fetch = forms.BooleanField(
        required=False,
        label="Download pictures from other sites",
        help_text="Otherwise they stay where they are, as links, and are counted.",
    )
    overwrite = forms.BooleanField(
        required=False,
        label="Replace what was changed here",
        help_text="If the source was imported before. Otherwise what was changed here and there stays as it is here.",
    )

    def clean_old_url(self):
        pattern = self.cleaned_data["old_url"]
        if not is_pattern(pattern):
            raise forms.ValidationError("It may contain the parts below, and no other braces.")
        return pattern

    def clean_zone(self):
        zone = self.cleaned_data["zone"].strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError("There is no such time zone. Write it like Europe/Berlin.")
        return zone

    def options(self) -> dict:
        return dict(self.cleaned_data)


def rows(keys: list[int]) -> dict[int, tuple[str, str, bool]]:
    """Title, address in the admin, and whether it is public, of articles that are there."""
    found = Article.objects.filter(pk__in=keys).values_list("pk", "title", "status", "published_at")
    now = timezone.now()
    return {
        pk: (
            title,
            reverse("admin:articles_article_change", args=[pk]),
            status == Status.PUBLISHED and bool(at) and at <= now,
        )
        for pk, title, status, at in found
    }


register(
    Importer(
        form=OptionsForm,
        begin="articles.importing.desk.begin",
        undo="articles.importing.desk.undo",
        rows="articles.moving.rows",
    )
)
