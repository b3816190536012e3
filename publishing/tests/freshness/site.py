"""Changes of what is on every page, of redirects and of counts."""

from datetime import timedelta
from io import StringIO

from articles.models import ListCount, Menu, Page
from publishing.maintenance.models import Window
from publishing.models import IdentityFile, Publication, Redirect
from publishing.sponsors.adsense import connecting
from publishing.sponsors.house.counting import count
from publishing.sponsors.models import AdSense, AdsTxt, Advertiser, Creative, Slot
from publishing.sponsors.tests.factories import fill

from .forms import form_with
from .hidden import stored
from .magazine import Changes, admin_url

changes = Changes()
change, saved = changes.change, changes.saved


@change("ads.txt", "AdsTxt")
def _(m):
    m.save(AdsTxt.objects.get(), lines="example.com, 2, DIRECT")


@change("a page is written and published", "Page", is_on_every_page=True, short=True)
def _(m):
    m.add(Page, title="About us", slug="about", body="Who *writes*.")
    m.save(Page.objects.get(), _publish__new="1")


saved("the text of a page is changed", "Page", lambda m: Page.objects.get(), body="Who writes, and why.", short=True)
saved("a page has another address", "Page Redirect", lambda m: Page.objects.get(), slug="us", is_on_every_page=True)


@change("menus have entries", "Menu MenuEntry", is_on_every_page=True, short=True)
def _(m):
    values = {"entries-0-position": "1", "entries-0-leads_to": "/quizzes/q1/", "entries-0-words": "Test yourself"}
    m.save(Menu.objects.get(place="header"), **values)
    m.save(Menu.objects.get(place="footer"), **values | {"entries-0-leads_to": "/articles/a5/", "entries-0-words": ""})


saved("a quiz of a menu has another title", "Quiz", lambda m: m.quizzes[1], title="Read it", is_on_every_page=True)
saved("an article of a menu has another address", "Article", lambda m: m.articles[5], slug="a-menu",
      is_on_every_page=True)  # fmt: skip


@change("menus have no entries", "MenuEntry", is_on_every_page=True)
def _(m):
    for menu in Menu.objects.all():
        m.save(menu, **{"entries-0-DELETE__new": "on"})


@change("a page is archived, published by an action, and deleted", "Page", is_on_every_page=True)
def _(m):
    m.act("archive", Page.objects.get())
    m.act("publish", Page.objects.get())
    m.delete(Page.objects.get())


saved("a category has another colour", "Category", lambda m: m.opinion, colour="#123456", is_on_every_page=True)
saved("a category has another name", "Category", lambda m: m.opinion, name="Views", is_on_every_page=True)


@change("the publication has another name", "Publication", is_on_every_page=True, short=True)
def _(m):
    m.save(stored(Publication), name="The Reed")


@change("a sentence for readers is another one", "Publication", is_on_every_page=True, short=True)
def _(m):
    m.save(stored(Publication), comments_sentence="Ask what is not clear.")


@change("there is another icon", "IdentityFile", is_on_every_page=True, short=True)
def _(m):
    IdentityFile(use="icon", digest="0" * 12, kind="png", width=48, height=48, content=b"").save()


@change("a slot is switched off", "Slot", is_on_every_page=True)
def _(m):
    fill("list")
    m.save(Slot.objects.get(key="list"), source="off")


@change("readers see an empty slot on one page", "Slot", is_on_every_page=True)
def _(m):
    m.save(Slot.objects.get(key="article-top"), source="preview", pages="/articles/a0/")


@change("the publication has an advertisement of its own", "Advertiser Creative", is_on_every_page=True)
def _(m):
    m.save(Slot.objects.get(key="article-top"), source="house", pages="")
    m.add(Advertiser, name="Acme")
    values = {"kind": "text", "headline": "Buy this", "text": "It is good.", "target": "https://acme.example/"}
    m.add(Creative, name="Spring", advertiser__new=str(Advertiser.objects.get().pk), **values)


saved("an advertisement has other words", "Creative", lambda m: Creative.objects.get(), headline="Buy that",
      is_on_every_page=True)  # fmt: skip
saved("an advertiser has another name", "Advertiser", lambda m: Advertiser.objects.get(), name="Acme & Sons",
      is_on_every_page=True)  # fmt: skip


@change("an advertisement was seen often enough", "CreativeDay Creative", is_on_every_page=True)
def _(m):
    creative = Creative.objects.get()
    m.save(creative, most_seen="1")
    count(creative, "clicked")
    creative.refresh_from_db()
    count(creative, "seen")


@change("an advertisement and its advertiser are deleted", "Creative Advertiser", is_on_every_page=True)
def _(m):
    m.save(Creative.objects.get(), most_seen="")
    m.act("duplicate", Creative.objects.get())
    for creative in Creative.objects.all():
        m.delete(creative)
    m.delete(Advertiser.objects.get())
    m.save(Slot.objects.get(key="article-top"), source="off")


@change("AdSense gets an id", "AdSense", is_on_every_page=True)
def _(m):
    connecting.change(m.owner, client="ca-pub-1234567890123456", consent="own", privacy_page="/follow/")


@change("AdSense is connected", "AdSense Slot", is_on_every_page=True)
def _(m):
    m.save(Slot.objects.get(key="list"), source="adsense", ad_unit="0123456789")
    row = AdSense.objects.get()
    row.is_on = True
    row.save()


@change("AdSense is disconnected", "AdSense Slot", is_on_every_page=True)
def _(m):
    connecting.disconnect(m.owner)
    m.save(Slot.objects.get(key="list"), source="off")


@change("maintenance is announced", "Window", is_on_every_page=True)
def _(m):
    m.command("maintenance", "banner", sentence="We are moving house.", verbosity=0)


@change("maintenance ends", "Window", is_on_every_page=True)
def _(m):
    window = Window.objects.order_by("-pk").first()
    page = m.admin.get(admin_url(Window, "changelist")).content.decode()
    token = form_with(page, "csrfmiddlewaretoken").values["csrfmiddlewaretoken"]
    shown = m.admin.post(admin_url(window, "end", window.pk), {"csrfmiddlewaretoken": token}).content.decode()
    confirmed = form_with(shown, "digest").values | {"action": "confirm"}
    assert m.admin.post(admin_url(window, "end", window.pk), confirmed).status_code == 302


@change("a slot is switched on, and off by losing its row", "Slot", is_on_every_page=True)
def _(m):
    slot = Slot.objects.get(key="list")
    m.save(slot, source="preview")
    # The admin deletes none.
    slot.delete()


@change("a closure begins and ends", "Window", is_on_every_page=True)
def _(m):
    m.command("maintenance", "closed", length=timedelta(minutes=30), verbosity=0)
    m.command("maintenance", "off", verbosity=0)


@change("ads.txt is emptied", "AdsTxt")
def _(m):
    m.save(AdsTxt.objects.get(), lines="")


@change("a redirect is made", "Redirect")
def _(m):
    m.add(Redirect, old_path="/old", new_path="/archive/")


@change("a redirect leads elsewhere", "Redirect")
def _(m):
    m.save(Redirect.objects.get(old_path="/old"), new_path="/quizzes/")


@change("a redirect is removed", "Redirect")
def _(m):
    m.delete(Redirect.objects.get(old_path="/old"))


@change("the icon is removed, and a menu loses its row", "IdentityFile Menu", is_on_every_page=True)
def _(m):
    IdentityFile.objects.get().delete()
    Menu.objects.get(place="footer").delete()


@change("the search has all articles again, and what another renderer made is rendered again")
def _(m):
    m.command("rebuild_search", verbosity=0)
    m.command("render_articles", verbosity=0)


@change("stored numbers of articles are repaired", "ListCount", is_on_every_page=True)
def _(m):
    ListCount.objects.filter(kind="all").update(number=99)
    m.command("check_article_counts", repair=True, stdout=StringIO())


@change("all pages are invalidated", is_on_every_page=True)
def _(m):
    m.command("invalidate_pages", stdout=StringIO())


@change("an article is viewed and hearted", "Heart ArticleCounts", may_lag=True)
def _(m):
    url = m.articles[0].get_absolute_url()
    assert m.reader.post(url + "view/").status_code == 204
    assert m.reader.post(url + "heart/", {"wanted": "yes"}).status_code == 200
