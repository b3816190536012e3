"""What the desks of the rules take. A rule that would catch comments is first shown with what it would have changed."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from comments.models import Ban, CommentSettings, Policy, Thread, Word
from comments.models.draft import Sender
from comments.moderation import banned
from comments.screening import bans, dry_run
from publishing.text.validators import validate_one_line, validate_storable
from publishing.web import anonymous_ids

# The buttons of the page that shows what a rule would have changed.
CONFIRM, BACK = "_confirmed", "_back"


class DryRunForm(forms.ModelForm):
    """A form that is valid, if it changes a rule, only once its sender was shown what that would have changed.

    `outcome` holds it where it has to be shown first.
    """

    outcome = None

    def changes_the_rule(self) -> bool:
        return self.has_changed()

    def dry_run(self) -> dry_run.Effect:
        raise NotImplementedError

    @property
    def is_confirmed(self) -> bool:
        return CONFIRM in self.data and BACK not in self.data

    def _post_clean(self):
        super()._post_clean()
        if self.errors or self.is_confirmed:
            return
        if BACK in self.data:
            self.add_error(None, ValidationError("Nothing was saved.", "back"))
        elif self.changes_the_rule():
            self.outcome = self.dry_run()
            self.add_error(None, ValidationError("Review this first.", "dry-run"))

    def forget_going_back(self) -> bool:
        """Whether nothing is wrong but that its sender wants to change it once more; then no error is left."""
        goes_back = self.is_bound and len(self.errors) == 1 and self.has_error("__all__", "back")
        if goes_back:
            self._errors = ErrorDict()
        return goes_back


class WordForm(DryRunForm):
    class Meta:
        model = Word
        fields = ["text", "severity"]
        help_texts = {
            "text": "Matches whole words. Case, accents and look-alike characters are ignored.",
        }

    def dry_run(self):
        before = Word.objects.filter(pk=self.instance.pk).first() if "severity" not in self.changed_data else None
        return dry_run.of_word(self.instance, before)


class SettingsForm(DryRunForm):
    class Meta:
        model = CommentSettings
        fields = [
            "policy", "close_after_days", "trusted_after", "links_held", "report_threshold", "digest_hours",
        ]  # fmt: skip

    def changes_the_rule(self):
        return self.cleaned_data["links_held"] != CommentSettings.current().links_held

    def dry_run(self):
        return dry_run.of_links(self.cleaned_data["links_held"], CommentSettings.current().links_held)


# --- bans ---


class BanForm(DryRunForm):
    """What every form of a ban has. The class that an admin makes of it for one request knows that `request`."""

    request = None

    class Meta:
        model = Ban
        fields = ["reason", "expires_at"]
        help_texts = {
            "expires_at": "Leave empty for no end date. IP bans end when their hash key is deleted.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        parts = getattr(self.fields["expires_at"].widget, "widgets", [])
        for part, label in zip(parts, ("Until, date", "Until, time"), strict=False):
            part.attrs["aria-label"] = label

    def dry_run(self):
        return dry_run.of_ban(self.instance)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.take_over(cleaned)
        return cleaned

    def take_over(self, cleaned):
        """Complete the ban and refuse an end that it cannot have."""
        ban = self.instance
        ban.expires_at = cleaned.get("expires_at")
        bans.validate_end(ban)
        cleaned["expires_at"] = ban.expires_at


class NewBanForm(BanForm):
    """A ban, with a decision about what those who are banned have written. It can hit the moderator who sets it, which
    then has to be wished for."""

    waiting = forms.ChoiceField(
        label="Their waiting comments",
        choices=[("", "leave in the queue"), ("spam", "mark as spam"), ("reject", "reject")],
        required=False,
    )
    published = forms.BooleanField(
        label="Remove their published comments",
        required=False,
        help_text="Also removes the replies. You can undo all of it in one step.",
    )

    all_the_same = forms.BooleanField(label="Ban anyway", required=False, widget=forms.HiddenInput({"value": ""}))

    @property
    def writer(self) -> banned.Whom:
        """Whom the ban of a form that was cleaned is about."""
        return banned.Whom(self.instance)

    @property
    def decision(self) -> dict:
        """What is decided about what they wrote."""
        published = "remove" if self.cleaned_data["published"] else ""
        return {"waiting": self.cleaned_data["waiting"], "published": published}

    @property
    def consequence(self) -> str:
        """The same in words, with numbers."""
        numbers = [rows.count() for rows in banned.waiting_and_published(self.writer)]
        waiting, published = self.decision.values()
        said = [f"{numbers[0]:,} waiting: {dict(self.fields['waiting'].choices)[waiting]}"] if waiting else []
        said += [f"{numbers[1]:,} published: remove"] if published else []
        return f"Their comments: {'; '.join(said)}." if said else ""

    def make_ban(self, cleaned) -> Ban:
        """An unsaved ban of whom the form is about. Raises ValidationError or ValueError, in words."""
        raise NotImplementedError

    def take_over(self, cleaned):
        ban = self.make_ban(cleaned)
        for name in ("kind", "value", "day", "label"):
            setattr(self.instance, name, getattr(ban, name))
        if standing := bans.existing(self.instance):
            raise ValidationError(f"Already banned{bans.until(standing.expires_at)}.")
        super().take_over(cleaned)
        if any(self.decision.values()) and banned.written_by(self.writer) is None:
            raise ValidationError(
                "This range is too large to tell which comments came from it, so they cannot be selected."
            )
        if not cleaned["all_the_same"] and self._hits_its_author():
            self.fields["all_the_same"].widget = forms.CheckboxInput()
            self.add_error(
                "all_the_same", "This ban includes you: you could not comment from here. Tick the box to continue."
            )

    def _hits_its_author(self):
        me = Sender(anonymous_ids.known_key(self.request) or "", anonymous_ids.client_address(self.request))
        return bans.is_about(self.instance, me, self.request.user.email)


class TypedBanForm(NewBanForm):
    """A ban of what a moderator types."""

    kind = forms.ChoiceField(
        choices=[choice for choice in Ban.Kind.choices if choice[0] != Ban.Kind.READER],
        help_text="To ban a browser, use the ban button on one of its comments.",
    )
    whom = forms.CharField(
        label="Whom",
        max_length=254,
        validators=[validate_storable, validate_one_line],
        help_text="An e-mail address, IP address or IP range, such as 203.0.113.0/24 or 2001:db8::/48. "
        "Only a hash is stored, so the list cannot show it.",
        widget=forms.TextInput({"autocomplete": "off", "size": 40}),
    )
    network = None

    @property
    def writer(self):
        email = self.cleaned_data["whom"] if self.instance.kind == Ban.Kind.EMAIL else ""
        return banned.Whom(self.instance, email, self.network)

    def make_ban(self, cleaned):
        typed = cleaned["whom"]
        if cleaned["kind"] == Ban.Kind.EMAIL:
            try:
                return bans.of_email(forms.EmailField().clean(typed))
            except ValidationError as error:
                raise ValidationError({"whom": error.messages}) from error
        try:
            self.network = bans.normal_range(typed)
        except ValueError as error:
            raise ValidationError({"whom": str(error)}) from error
        return bans.of_range(self.network, to_store=self.is_confirmed)

    def dry_run(self):
        return dry_run.of_ban(self.instance, self.network)


class CommentBanForm(NewBanForm):
    """A ban of who wrote a comment. The class for one request knows that `comment` and the `kind` of ban.

    A browser or an address is one writer, so the form itself shows what the ban is about, and no page follows."""

    comment = kind = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        waiting, published = (rows.count() for rows in banned.waiting_and_published(self.writer_of()))
        self.fields["waiting"].label = f"Their {waiting:,} waiting comment{'s' * (waiting != 1)}"
        self.fields["waiting"].initial = "spam"
        self.fields["published"].label = f"Remove their {published:,} published comment{'s' * (published != 1)}"
        self.fields["published"].disabled = not published

    @property
    def is_confirmed(self):
        return BACK not in self.data

    @property
    def writer(self):
        return self.writer_of(self.cleaned_data.get("breadth", ""))

    def writer_of(self, breadth: str = "") -> banned.Whom:
        """Whom the ban is about. A form for what cannot be banned is about nobody, and says so when it is sent."""
        try:
            ban = bans.of_comment(self.comment, self.kind, wide=breadth == "range")
        except ValueError:
            return banned.Whom(Ban(kind=self.kind))
        ban = self.instance if self.instance.value else ban
        return banned.Whom(ban, self.comment.notify.email if self.comment.notify else "")

    def make_ban(self, cleaned):
        try:
            return bans.of_comment(self.comment, self.kind, wide=cleaned.get("breadth") == "range")
        except ValueError as error:
            raise ValidationError(str(error)) from error


class NetworkBanForm(CommentBanForm):
    """Others write from the same network, so nothing of theirs is decided unless that is chosen."""

    breadth = forms.ChoiceField(
        label="How wide",
        choices=[("one", "This address only (/32, or /64 for IPv6)"), ("range", "The range around it (/24 or /48)")],
        initial="one",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["waiting"].initial = ""
        self.fields["waiting"].label = "Their waiting comments"
        self.fields["published"].label = "Remove their published comments"
        self.fields["published"].disabled = False
        self.fields["breadth"].choices = [
            (value, f"{label}: {self._numbers(value)}") for value, label in self.fields["breadth"].choices
        ]

    is_confirmed = DryRunForm.is_confirmed

    def _numbers(self, breadth):
        waiting, published = (rows.count() for rows in banned.waiting_and_published(self.writer_of(breadth)))
        return f"{waiting:,} waiting, {published:,} published on that day"


# --- one article ---


class ThreadForm(forms.ModelForm):
    class Meta:
        model = Thread
        fields = ["policy", "close_after_days"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        days = self.fields["close_after_days"]
        days.choices = [("", Policy.INHERIT.label), *days.choices[1:]]

    def save(self, commit=True):
        thread = super().save(commit)
        Thread.invalidate(thread.article_id)
        return thread


class ThreadFormSet(forms.BaseInlineFormSet):
    """The rules of one article's thread. A form that was sent without this part changes nothing of them."""

    def __init__(self, data=None, *args, **kwargs):
        prefix = kwargs.get("prefix") or self.get_default_prefix()
        if data is not None and f"{prefix}-TOTAL_FORMS" not in data:
            data = {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
        super().__init__(data, *args, **kwargs)
