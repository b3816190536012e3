"""The cards of addresses on other sites. A page is fetched once, in a task; without it there is a link."""

import secrets
from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from publishing.cache import changes
from publishing.outbound.client import NotFetched
from publishing.text import languages
from publishing.text.blocks.cards import URL_LENGTH, Address, CardInfo, lines_with_addresses
from publishing.text.pictures import ImageInfo

from .. import picture_files
from ..images import render_again
from ..versions import Version
from . import fetching
from .fetching import DESCRIPTION_LENGTH, SITE_LENGTH, TITLE_LENGTH

_OWN_HOST = urlsplit(settings.SITE_URL).netloc
# An unused card stays for a while: its text may be in the middle of being moved.
KEPT = timedelta(days=7)
# Until the file of a replaced picture is deleted.
REPLACED = timedelta(hours=1)
BATCH = 500


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class LinkCardQuerySet(models.QuerySet):
    def of(self, urls: Iterable[str]) -> list["LinkCard"]:
        """The cards of these addresses, each made and fetched in a task if there is none. Own pages have none.

        In a transaction, until whose end they are not deleted. A query; if any is new, two more and one for each.
        """
        urls = [url for url in dict.fromkeys(urls) if _is_elsewhere(url)]
        if not urls:
            return []
        found = {card.url: card for card in self._kept(urls)}
        if missing := [url for url in urls if url not in found]:
            self.bulk_create([self.model(url=url) for url in missing], ignore_conflicts=True)
            for card in self._kept(missing):
                found[card.url] = card
                fetch_card.enqueue(card.pk)
        return list(found.values())

    def _kept(self, urls: list[str]) -> "LinkCardQuerySet":
        return self.select_for_update(no_key=True).filter(url__in=urls).order_by("pk")

    def failed(self, urls: Iterable[str]) -> dict[str, str]:
        """Why pages could not be fetched, by address. One query."""
        return dict(self.filter(state=State.FAILED, url__in=urls).values_list("url", "error"))

    def ready(self) -> "LinkCardQuerySet":
        return self.filter(state=State.READY)

    def known(self, urls: Iterable[str]) -> dict[str, CardInfo]:
        """What is known of pages, by address. One query."""
        return {card.url: card.info for card in self.ready().filter(url__in=urls)}

    def unused(self) -> "LinkCardQuerySet":
        """Those older than `KEPT` that no article and no version in work names. Reads the texts of these versions."""
        versions = Version.objects.filter(state__in=[Version.State.WORKING, Version.State.SCHEDULED])
        named = {
            url
            for body in versions.values_list("fields__body", flat=True).iterator(chunk_size=BATCH)
            for url in lines_with_addresses(body or "")
        }
        old = self._without_article().filter(asked_at__lt=timezone.now() - KEPT)
        return self.filter(pk__in=[pk for pk, url in old.values_list("pk", "url") if url not in named])

    def _without_article(self) -> "LinkCardQuerySet":
        links = self.model.articles.through.objects.filter(linkcard=models.OuterRef("pk"))
        return self.filter(~models.Exists(links))

    @transaction.atomic
    def delete_unused(self) -> int:
        """Delete them with their pictures, and return how many."""
        locked = [card.pk for card in self.unused().select_for_update().order_by("pk")]
        cards = list(self.filter(pk__in=locked)._without_article())
        self.filter(pk__in=[card.pk for card in cards]).delete()
        if pictures := [card.picture for card in cards if card.picture]:
            picture_files.delete_on_commit(pictures, [])
        return len(cards)


class LinkCard(models.Model):
    """What is known of the page at an address. `articles` are those whose texts have it alone in a paragraph."""

    url = models.CharField(_("address"), max_length=URL_LENGTH, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    error = models.CharField(max_length=200, blank=True, help_text=_("Why it was not fetched the last time."))
    title = models.CharField(max_length=TITLE_LENGTH, blank=True)
    description = models.CharField(max_length=DESCRIPTION_LENGTH, blank=True)
    site = models.CharField(max_length=SITE_LENGTH, blank=True)
    picture = models.CharField(max_length=100, blank=True, help_text="The name of a file of ours.")
    width = models.PositiveSmallIntegerField(default=0)
    height = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    fetched_at = models.DateTimeField(null=True)

    objects = LinkCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("card of a link")
        verbose_name_plural = _("cards of links")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="linkcard_state_known"),
            models.CheckConstraint(condition=~Q(state="ready") | ~Q(title=""), name="linkcard_ready_has_title"),
        ]

    def __str__(self):
        return self.title or self.url

    @property
    def info(self) -> CardInfo:
        picture = ImageInfo(default_storage.url(self.picture), self.width, self.height) if self.picture else None
        return CardInfo(self.url, self.title, self.site, self.description, picture)

    def fetch_again(self) -> None:
        """Fetch it in a task. Until then, and if it fails, what is known stays."""
        fetch_card.enqueue(self.pk, again=True)

    def fetch(self) -> str:
        """Fetch the page, and render the articles again that show it. Up to 20 seconds, outside of a transaction."""
        try:
            # Why not is said to editors.
            with languages.of_the_desk():
                page = fetching.fetch(self.url)
        except NotFetched as error:
            self._store(state=State.READY if self.title else State.FAILED, error=str(error)[:200])
            return str(error)
        texts = {name: getattr(page, name) for name in ("title", "description", "site")}
        name = default_storage.save(f"{secrets.token_hex(16)}.webp", ContentFile(page.picture)) if page.picture else ""
        width, height = page.size
        is_stored = False
        try:
            is_stored = self._store(state=State.READY, error="", picture=name, width=width, height=height, **texts)
        finally:
            if name and not is_stored:
                default_storage.delete(name)
        # In transactions of their own: who saves an article holds it, and may wait for the card.
        render_again(list(self.articles.values_list("pk", flat=True)))
        return "fetched" if is_stored else "gone"

    @transaction.atomic
    def _store(self, **values) -> bool:
        """Whether the row is still there. Pages show its earlier picture until they are rendered again."""
        row = LinkCard.objects.select_for_update().filter(pk=self.pk).first()
        if row is None:
            return False
        if row.picture and row.picture != values.get("picture", row.picture):
            picture_files.delete_files.using(run_after=timezone.now() + REPLACED).enqueue([row.picture], [])
        for name, value in (values | {"fetched_at": timezone.now()}).items():
            setattr(row, name, value)
        row.save()
        return True


def _is_elsewhere(url: str) -> bool:
    return urlsplit(url).netloc != _OWN_HOST


def set_cards(article, addresses: list[Address]) -> None:
    """Give an article that is being saved the cards of its addresses. They are fetched if nobody had them before.

    The task that stores a card does not see an article whose transaction is open. If a card that it does not show is
    ready after that, it is rendered again.
    """
    cards = LinkCard.objects.of([address.url for address in addresses])
    article.link_cards.set(cards)
    shown = {address.url for address in addresses if address.has_card}
    keys = [card.pk for card in cards if card.url not in shown]

    def check():
        if LinkCard.objects.ready().filter(pk__in=keys).exists():
            article.render_again()

    if keys:
        changes.after_commit(check)


# Mails do not wait for the servers of others.
@task(priority=-10)
def fetch_card(key: int, again: bool = False) -> str:
    """Fetch a card, once; with `again`, also if that was done before."""
    card = LinkCard.objects.filter(pk=key).first()
    if card is None:
        return "gone"
    return card.fetch() if again or card.state == State.WAITING else "known"
