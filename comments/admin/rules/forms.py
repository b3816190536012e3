"""Forms of words, settings, bans and threads. Before a rule is saved, its effect on past decisions is shown."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from comments.models import Ban, CommentSettings, Policy, Thread, Word
from comments.models.draft import Sender
from comments.moderation import banned
from comments.screening import bans, dry_run
from publishing.cache import pages
from publishing.text.moments import in_words, number
from publishing.text.validators import validate_one_line, validate_storable
from publishing.web import anonymous_ids

# The buttons of the page that shows the effect.
CONFIRM, BACK = "_confirmed", "_back"


class DryRunForm(forms.ModelForm):
    """A change of the rule is valid only once it is confirmed; until then `effect` is what `dry_run` returns."""

    effect = None
    # A sentence about what else saving it does.
    consequence = ""

    def changes_the_rule(self) -> bool:
        return self.has_changed()

    @property
    def is_confirmed(self) -> bool:
        return CONFIRM in self.data and BACK not in self.data

    def is_valid(self):
        if not super().is_valid() or BACK in self.data:
            return False
        if not self.is_confirmed and self.changes_the_rule():
            self.effect = self.dry_run()
        return self.effect is None


class WordForm(DryRunForm):
    class Meta:
        model = Word
        fields = ["text", "severity"]
        help_texts = {"text": _("Matches whole words. Case, accents and look-alike characters are ignored.")}

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
    class Meta:
        model = Ban
        fields = ["reason", "expires_at"]
        help_texts = {"expires_at": _("Leave empty for no end date. IP bans end when their hash key is deleted.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        parts = getattr(self.fields["expires_at"].widget, "widgets", [])
        for part, label in zip(parts, (_("Until, date"), _("Until, time")), strict=False):
            part.attrs["aria-label"] = label

    def dry_run(self):
        return dry_run.of_ban(self.instance)

    def clean(self):
        super().clean()
        if not self.errors:
            self.complete(self.instance)

    def complete(self, ban: Ban):
        """Set the end of the ban. Raises ValidationError for one that it cannot have."""
        ban.expires_at = self.cleaned_data.get("expires_at")
        bans.validate_end(ban)
        self.cleaned_data["expires_at"] = ban.expires_at


class NewBanForm(BanForm):
    """With a decision about the comments of the banned. BanAdmin.get_form sets `request`; `make_ban` returns the ban or
    raises ValueError with a message; `target` says whose comments it is about."""

    request = None
    waiting = forms.ChoiceField(
        label=_("Their waiting comments"),
        choices=[("", _("leave in the queue")), ("spam", _("mark as spam")), ("reject", _("reject"))],
        required=False,
    )
    published = forms.BooleanField(
        label=_("Remove their published comments"),
        required=False,
        help_text=_("Also removes the replies. You can undo all of it in one step."),
    )
    ban_anyway = forms.BooleanField(label=_("Ban anyway"), required=False, widget=forms.HiddenInput({"value": ""}))

    @property
    def decision(self) -> dict:
        published = "remove" if self.cleaned_data["published"] else ""
        return {"target": self.target(self.instance), "waiting": self.cleaned_data["waiting"], "published": published}

    @property
    def consequence(self) -> str:
        waiting, published = (rows.count() for rows in banned.waiting_and_published(self.target(self.instance)))
        action = self.cleaned_data["waiting"]
        facts = {"number": number(waiting), "action": dict(self.fields["waiting"].choices)[action]}
        parts = [gettext("%(number)s waiting: %(action)s") % facts] if action else []
        if self.cleaned_data["published"]:
            parts.append(gettext("%(number)s published: remove") % {"number": number(published)})
        return gettext("Their comments: %(actions)s.") % {"actions": "; ".join(parts)} if parts else ""

    def complete(self, ban):
        try:
            new = self.make_ban()
        except ValueError as error:
            raise ValidationError(str(error)) from error
        for name in ("kind", "value", "day", "label"):
            setattr(ban, name, getattr(new, name))
        if existing := bans.existing(ban):
            if not existing.expires_at:
                raise ValidationError(_("Already banned."))
            day = in_words(timezone.localtime(existing.expires_at), "day")
            raise ValidationError(_("Already banned until %(day)s."), params={"day": day})
        super().complete(ban)
        is_deciding = self.cleaned_data["waiting"] or self.cleaned_data["published"]
        if is_deciding and banned.written_by(self.target(ban)) is None:
            raise ValidationError(
                _("This range is too large to tell which comments came from it, so they cannot be selected.")
            )
        me = Sender(anonymous_ids.known_key(self.request) or "", anonymous_ids.client_address(self.request))
        if not self.cleaned_data["ban_anyway"] and bans.is_about(ban, me, self.request.user.email):
            self.fields["ban_anyway"].widget = forms.CheckboxInput()
            includes_you = _("This ban includes you: you could not comment from here. Tick the box to continue.")
            self.add_error("ban_anyway", includes_you)


class TypedBanForm(NewBanForm):
    kind = forms.ChoiceField(
        choices=[choice for choice in Ban.Kind.choices if choice[0] != Ban.Kind.READER],
        help_text=_("To ban a browser, use the ban button on one of its comments."),
    )
    whom = forms.CharField(
        label=_("E-mail or IP address"),
        max_length=254,
        validators=[validate_storable, validate_one_line],
        help_text=_(
            "Also an IP range, such as 203.0.113.0/24 or 2001:db8::/48. "
            "Only a hash is stored, so the list cannot show it."
        ),
        widget=forms.TextInput({"autocomplete": "off", "size": 40}),
    )
    network = None

    def clean_whom(self):
        typed, kind = self.cleaned_data["whom"], self.cleaned_data.get("kind")
        if kind == Ban.Kind.EMAIL:
            return forms.EmailField().clean(typed)
        if kind == Ban.Kind.NETWORK:
            try:
                self.network = bans.normal_range(typed)
            except ValueError as error:
                raise ValidationError(str(error)) from error
        return typed

    def make_ban(self):
        if self.network:
            return bans.of_range(self.network, to_store=self.is_confirmed)
        return bans.of_email(self.cleaned_data["whom"])

    def target(self, ban):
        return banned.Target(ban, "" if self.network else self.cleaned_data["whom"], self.network)

    def dry_run(self):
        return dry_run.of_ban(self.instance, self.network)


class CommentBanForm(NewBanForm):
    """A ban of the writer of a comment. BanAdmin.get_form sets `comment` and `ban_kind`."""

    comment = ban_kind = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].initial = gettext("Spam")

    def make_ban(self, is_range=None):
        is_range = self.cleaned_data.get("breadth") == "range" if is_range is None else is_range
        return bans.of_comment(self.comment, self.ban_kind, wide=is_range)

    def target(self, ban):
        return banned.Target(ban, self.comment.notify.email if self.comment.notify else "")

    def counts(self, is_range=False) -> list[int]:
        """Waiting and published comments of the writer; none if the writer cannot be banned."""
        try:
            ban = self.make_ban(is_range)
        except ValueError:
            return [0, 0]
        return [rows.count() for rows in banned.waiting_and_published(self.target(ban))]


class WriterBanForm(CommentBanForm):
    """A ban of a browser or an e-mail address is about one writer: the form itself shows the effect."""

    is_confirmed = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        waiting, published = self.counts()
        label = ngettext("Their %(number)s waiting comment", "Their %(number)s waiting comments", waiting)
        self.fields["waiting"].label = label % {"number": number(waiting)}
        self.fields["waiting"].initial = "spam"
        label = ngettext(
            "Remove their %(number)s published comment", "Remove their %(number)s published comments", published
        )
        self.fields["published"].label = label % {"number": number(published)}
        self.fields["published"].disabled = not published


class NetworkBanForm(CommentBanForm):
    """A ban of a network can hit others, so no decision about their comments is preselected."""

    breadth = forms.ChoiceField(label=_("How wide"), initial="one", widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {
            "one": gettext(
                "This address only (/32, or /64 for IPv6): %(waiting)s waiting, %(published)s published on that day"
            ),
            "range": gettext(
                "The range around it (/24 or /48): %(waiting)s waiting, %(published)s published on that day"
            ),
        }
        counts = {name: map(number, self.counts(name == "range")) for name in labels}
        self.fields["breadth"].choices = [
            (name, label % dict(zip(("waiting", "published"), counts[name], strict=True)))
            for name, label in labels.items()
        ]


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
        pages.invalidate(f"thread:{thread.article_id}")
        return thread


class ThreadFormSet(forms.BaseInlineFormSet):
    """The rules of one article's thread. A POST without this part leaves them as they are."""

    def __init__(self, data=None, *args, **kwargs):
        prefix = kwargs.get("prefix") or self.get_default_prefix()
        if data is not None and f"{prefix}-TOTAL_FORMS" not in data:
            data = {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
        super().__init__(data, *args, **kwargs)
