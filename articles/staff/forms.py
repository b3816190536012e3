"""The form of a colleague: name, address, role and byline."""

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..models import Author
from ..news.telling import wants_news
from .accounts import DUTIES, NAME_LENGTH, ROLE_NAMES, role_of

NO_BYLINE = _("A new one with the name above, if the role writes")


class ColleagueForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=NAME_LENGTH, validators=Author._meta.get_field("name").validators,
        help_text=_("First name, then last name."),
    )  # fmt: skip
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role, format_lazy("{}: {}", ROLE_NAMES[role], DUTIES[role])) for role in settings.ROLES],
        widget=forms.RadioSelect,
        initial="Author",
    )
    byline = forms.ModelChoiceField(
        Author.objects.none(),
        label=_("Byline"),
        required=False,
        empty_label=NO_BYLINE,
        help_text=_("Readers see it above articles. Choose one that is there to take over its articles."),
    )

    news = forms.BooleanField(
        label=_("Send mails about articles"),
        required=False,
        initial=True,
        help_text=_("What others do with articles that concern them: sent for review, sent back, published, notes."),
    )

    def __init__(self, *args, user: User | None = None, by: User | None = None, **kwargs):
        """`user` is the account that is changed, None for a new one; `by` is who changes it."""
        self.user = user
        if user is not None:
            author = Author.objects.filter(user=user).first()
            initial = {"name": user.get_full_name(), "email": user.email, "role": role_of(user), "byline": author}
            initial |= {"news": wants_news(user)}
            kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, label_suffix="", **kwargs)
        if user is not None and (user == by or user.is_superuser):
            # Nobody takes their own rights away, so that somebody always has them.
            self.fields["role"].disabled = bool(role_of(user))
        free = Q(user=None) if user is None else Q(user=None) | Q(user=user)
        self.fields["byline"].queryset = Author.objects.filter(free).defer("biography", "biography_html")
        for name, token in (("name", "off"), ("email", "off")):
            self.fields[name].widget.attrs |= {"autocomplete": token, "class": "vTextField"}

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def clean_email(self):
        email = self.cleaned_data["email"]
        others = User.objects.filter(email__iexact=email)
        if self.user is not None:
            others = others.exclude(pk=self.user.pk)
        if other := others.first():
            name = other.get_full_name() or other.get_username()
            text = gettext("This is the address of %(name)s. Each account has its own.")
            raise forms.ValidationError(text % {"name": name})
        return email


class NewColleagueForm(ColleagueForm):
    invite = forms.BooleanField(
        label=_("Send an invitation"),
        required=False,
        initial=True,
        help_text=_("A mail with a link to choose a password."),
    )


class MailsForm(forms.Form):
    """What everyone chooses for their own account."""

    news = forms.BooleanField(
        label=_("Send me mails about articles"),
        required=False,
        help_text=_("When a colleague sends one for review, sends mine back, publishes it, or writes a note."),
    )
