"""The form of an entry of a menu: words, and where it leads."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from publishing.bases import addressed
from publishing.bases.ordered import OrderedForm, OrderedFormSet
from publishing.links.targets import internal, targets
from publishing.paths import MAX_LENGTH

from ... import navigation
from ...links import choices
from ...models import Category, MenuEntry

MOST_ENTRIES = 24
_WEB, _MAILBOX = URLValidator(schemes=["http", "https"]), EmailValidator()
# Lists at addresses of their own.
LISTS = {
    "quizzes:list": _("All quizzes"),
    "articles:categories": _("All sections"),
    "articles:tags": _("All tags"),
    "articles:authors": _("All authors"),
    "articles:all-series": _("All series"),
    "articles:archive": _("Archive"),
    "articles:follow": _("How to follow"),
    "articles:corrections": _("Corrections"),
    "articles:search": _("Search"),
    "articles:home": _("Front page"),
}


def suggestions(user) -> list[tuple[str, str]]:
    """Addresses and names of what an entry can lead to: all sections and lists; of all else, the newest."""
    sections = [
        (row.get_absolute_url(), gettext("%(name)s (section)") % {"name": row}) for row in Category.objects.all()
    ]
    found = [(choice.address, f"{choice.title} ({name})") for name, choice in choices.found("", user)]
    return [*sections, *((reverse(name), words) for name, words in LISTS.items()), *found]


class EntryForm(OrderedForm):
    leads_to = forms.CharField(
        label=_("Leads to"),
        max_length=MAX_LENGTH,
        widget=forms.TextInput(
            attrs={
                "list": "menu-places",
                "class": "vTextField",
                "autocomplete": "off",
                "placeholder": "/about/ or https://…",
            }
        ),
        help_text=_("A page of this site, such as /about/, or an address that begins with https://."),
        error_messages={"required": _("Say where the entry leads: choose a page, or type an address.")},
    )

    class Meta:
        model = MenuEntry
        fields = ["position", "leads_to", "words"]

    def __init__(self, *args, rows=(), **kwargs):
        """`rows` are those that entries of the menu lead to, by kind and key."""
        super().__init__(*args, **kwargs)
        entry = self.instance
        row = dict(rows).get((entry.kind, entry.key))
        if entry.pk:
            self.initial["leads_to"] = row.get_absolute_url() if row else entry.address
        self.fields["words"].widget.attrs["placeholder"] = str(row) if row else gettext("Words")

    def clean_leads_to(self):
        """Where it leads as (kind, key, address)."""
        address = self.cleaned_data["leads_to"]
        parts = internal(address, "/") if not address.startswith("//") else None
        is_path = address.startswith("/") and parts is not None
        if not is_path and not address.lower().startswith(("http://", "https://", "mailto:")):
            raise ValidationError(gettext("Begin with https://, or with / for a page of this site, such as /about/."))
        if parts is None:
            _check_elsewhere(address)
            return "", None, address
        target = targets([parts.path])[parts.path]
        if target.is_staff:
            raise ValidationError(gettext("Readers cannot open this page. Choose a public one."))
        if not target.is_found or (target.kind and target.row is None):
            raise ValidationError(gettext("There is no page at %(path)s on this site.") % {"path": parts.path[:80]})
        is_page_of_row = target.row and target.match.view_name == addressed.page_name(target.kind)
        if is_page_of_row and not (parts.query or parts.fragment):
            return target.kind, target.row["pk"], ""
        return "", None, parts._replace(scheme="", netloc="").geturl()

    def clean(self):
        cleaned = super().clean()
        if "leads_to" in cleaned:
            self.instance.kind, self.instance.key, self.instance.address = cleaned["leads_to"]
            if not self.instance.kind and not cleaned.get("words") and "words" not in self.errors:
                self.add_error("words", gettext("Say what the entry is called: this address has no name of its own."))
        return cleaned


def _check_elsewhere(address: str) -> None:
    try:
        if address.lower().startswith("mailto:"):
            _MAILBOX(address[len("mailto:") :].partition("?")[0])
        else:
            _WEB(address)
    except ValidationError as error:
        raise ValidationError(gettext("This is not a complete address of a page or a mailbox.")) from error


class EntryFormSet(OrderedFormSet):
    @cached_property
    def rows_of_entries(self) -> dict:
        """A query for each kind."""
        return navigation.rows_of((entry.kind, entry.key) for entry in self.get_queryset() if entry.kind)

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"rows": self.rows_of_entries}

    def clean(self):
        super().clean()
        rows, seen = self.rows(), set()
        if len(rows) > MOST_ENTRIES:
            raise ValidationError(gettext("A menu has at most %(count)s entries.") % {"count": MOST_ENTRIES})
        for form in rows:
            place = form.cleaned_data.get("leads_to")
            if place in seen:
                form.add_error("leads_to", gettext("This is in the menu already."))
            elif place:
                seen.add(place)
