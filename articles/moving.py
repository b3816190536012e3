"""The importer of articles in the admin: its options, in plain words. The importer itself is loaded by the worker."""

from zoneinfo import available_timezones

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.moving.registry import Importer, register

from .importing.options import PARTS, Options, is_pattern
from .models import Article, Status


class OptionsForm(forms.Form):
    category = forms.CharField(
        label=_("Category"),
        initial=Options.category,
        max_length=80,
        help_text=_("For posts that name none. It is made if it is not there."),
    )
    old_url = forms.CharField(
        required=False,
        max_length=200,
        label=_("Addresses until now"),
        help_text=format_lazy(
            "{} {}",
            _("Such as /blog/{year}/{stem}/ if the source does not say them. They will lead to the new ones. Parts:"),
            ", ".join(f"{{{part}}}" for part in PARTS),
        ),
    )
    date_from = forms.ChoiceField(
        choices=[("none", _("Import it as a draft")), ("mtime", _("Take the time of its file"))],
        label=_("A post without a date"),
    )
    zone = forms.CharField(
        required=False,
        max_length=60,
        label=_("Time zone"),
        help_text=_("Of dates without one, such as Europe/Berlin. Empty: that of this site."),
    )
    fetch = forms.BooleanField(
        required=False,
        label=_("Download pictures from other sites"),
        help_text=_("Otherwise they stay where they are, as links, and are counted."),
    )
    overwrite = forms.BooleanField(
        required=False,
        label=_("Replace what was changed here"),
        help_text=_(
            "If the source was imported before. Otherwise what was changed here and there stays as it is here."
        ),
    )

    def clean_old_url(self):
        pattern = self.cleaned_data["old_url"]
        if not is_pattern(pattern):
            raise forms.ValidationError(gettext("It may contain the parts below, and no other braces."))
        return pattern

    def clean_zone(self):
        zone = self.cleaned_data["zone"].strip()
        if zone and zone not in available_timezones():
            raise forms.ValidationError(gettext("There is no such time zone. Write it like Europe/Berlin."))
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
