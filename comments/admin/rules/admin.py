"""The admin of words, bans, settings, and the policy of one article."""

import re

from django.contrib import admin
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models import Article
from comments.mail import messages, notify
from comments.models import Ban, Comment, CommentSettings, Thread, Word
from comments.moderation import banned, bulk
from comments.moderation.decisions import may_decide
from comments.screening import bans
from publishing.bases.admin import SingleRowAdmin, inline_of, row_or_404
from publishing.text.moments import in_words

from .. import batches
from ..base import BoundedListAdmin, add_results, name_of
from ..decision.views import place_in
from .forms import (
    BACK,
    CONFIRM,
    BanForm,
    NetworkBanForm,
    SettingsForm,
    ThreadForm,
    ThreadFormSet,
    TypedBanForm,
    WordForm,
    WriterBanForm,
)


class RuleAdmin(BoundedListAdmin):
    """Its form is a `DryRunForm`: before a rule is saved, a page shows its effect on past decisions."""

    form_has_sidebar = False
    view_on_site = False

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form, buttons = context["adminform"].form, ("csrfmiddlewaretoken", BACK, CONFIRM)
        if not form.effect:
            return super().render_change_form(request, context, add, change, form_url, obj)
        context |= {
            "title": gettext("Effect on past decisions"),
            "subtitle": None,
            "effect": form.effect,
            "consequence": form.consequence,
            "sent": [(name, values) for name, values in request.POST.lists() if name not in buttons],
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/comments/dry_run.html", context)


class RowFilter(admin.ChoicesFieldListFilter):
    template = "admin/filter_row.html"


class ModeratorRuleAdmin(RuleAdmin):
    def has_view_permission(self, request, obj=None):
        return may_decide(request.user)

    has_module_permission = has_add_permission = has_change_permission = has_delete_permission = has_view_permission

    @admin.display(description=_("added"), ordering="created_at")
    def added(self, rule):
        day = in_words(localtime(rule.created_at), "day")
        if not rule.created_by:
            return day
        return gettext("%(day)s by %(name)s") % {"day": day, "name": name_of(rule.created_by)}


@admin.register(Word)
class WordAdmin(ModeratorRuleAdmin):
    form = WordForm
    list_display = ["text", "severity", "added"]
    list_filter = [("severity", RowFilter)]
    list_select_related = ["created_by"]
    search_fields = ["text", "tokens"]

    def save_model(self, request, obj, form, change):
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Ban)
class BanAdmin(ModeratorRuleAdmin):
    form = BanForm
    list_display = ["label", "reason", "end", "added"]
    list_filter = [("kind", RowFilter)]
    list_select_related = ["created_by"]
    search_fields = ["label", "reason"]
    readonly_fields = ["label", "kind", "created_by", "created_at"]
    add_form_template = change_form_template = "admin/comments/ban/change_form.html"

    @admin.display(description=_("end"), ordering="expires_at")
    def end(self, ban):
        if ban.expires_at is None:
            return gettext("No end date")
        day = in_words(localtime(ban.expires_at), "day")
        words = gettext("Ended %(day)s") if ban.expires_at <= timezone.now() else gettext("Until %(day)s")
        return words % {"day": day}

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, self._key_context() | (extra_context or {}))

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        context = self._key_context() | only_save | (extra_context or {})
        if object_id is None and may_decide(request.user) and (about := self._about(request)):
            comment, place = about[0], place_in(request, kind="only")
            title = gettext("Ban the writer of comment %(number)s") % {"number": comment.pk}
            context |= {"about": comment, "title": title, "back": place.comment_url(comment.pk)}
        response = super().changeform_view(request, object_id, form_url, context)
        # With the ban committed: the decisions are transactions of their own.
        batch = getattr(request, "ban_batch", None)
        return self._decide_all(request, batch) if batch else response

    def _decide_all(self, request, batch):
        """Decide about the comments of the banned, and continue with the next one if a comment led here."""
        (comment, _), place = self._about(request) or (None, ""), place_in(request, kind="only")
        if not bulk.carry_on(batch):
            return redirect(batches.url_of(batch, place.query()))
        if comment and place.queue is None:
            return redirect(place.comment_url(comment.pk, batch=batch.pk))
        if comment:
            after = place.claim_next(request.user, place.queue.position_of(comment))
            return redirect(place.comment_url(after.pk, batch=batch.pk) if after else place.queue_url(batch=batch.pk))
        add_results(request, batch)
        return redirect("admin:comments_ban_changelist")

    def _key_context(self):
        return {"destroyed_on": bans.next_destruction(), "window": bans.WINDOW_DAYS}

    def _about(self, request) -> tuple[Comment, str] | None:
        """The comment whose writer is to be banned, and the kind of ban, if the address names them; looked up once."""
        if not {"comment", "kind"} & set(request.GET):
            return None
        if not hasattr(request, "ban_about"):
            number, kind = request.GET.get("comment", ""), request.GET.get("kind")
            if not re.fullmatch("[0-9]+", number, re.ASCII) or kind not in Ban.Kind.values:
                raise Http404("Unknown comment or kind of ban.")
            request.ban_about = row_or_404(Comment.objects.select_related("notify"), number), kind
        return request.ban_about

    def get_form(self, request, obj=None, change=False, **kwargs):
        if obj is None:
            form, (comment, kind) = TypedBanForm, self._about(request) or (None, "")
            if comment:
                form = NetworkBanForm if kind == Ban.Kind.NETWORK else WriterBanForm
            kwargs["form"] = type("NewBanForm", (form,), {"request": request, "comment": comment, "ban_kind": kind})
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request, obj=None):
        if obj:
            return ["label", "kind", "reason", "expires_at", "created_by", "created_at"]
        if about := self._about(request):
            target = ["breadth"] if about[1] == Ban.Kind.NETWORK else []
        else:
            target = ["kind", "whom"]
        return [*target, "reason", "waiting", "published", "expires_at", "ban_anyway"]

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if obj else []

    def save_model(self, request, obj, form, change):
        if change:
            super().save_model(request, obj, form, change)
        else:
            bans.impose(obj, by=request.user)
            request.ban_batch = banned.decide(by=request.user, **form.decision)


@admin.register(CommentSettings)
class SettingsAdmin(RuleAdmin, SingleRowAdmin):
    """One row, for editors. Without it the defaults apply."""

    form = SettingsForm
    list_display = ["__str__", "policy", "close_after_days", "trusted_after", "links_held", "report_threshold"]

    def has_add_permission(self, request):
        return self.has_change_permission(request) and not CommentSettings.objects.exists()

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if messages.waiting().exists():
            notify.schedule_digest(obj)


@inline_of(Article)
class ThreadInline(admin.TabularInline):
    model = Thread
    form = ThreadForm
    formset = ThreadFormSet
    extra = 0
    min_num = max_num = 1
    can_delete = False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm("comments.change_thread")

    has_add_permission = has_change_permission = has_view_permission
