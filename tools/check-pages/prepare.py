"""What the demo lacks, with moments that are not round. `manage.py shell` runs this; it prints addresses as JSON."""

import json
import sys
from datetime import timedelta
from io import BytesIO

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as Picture

from articles.models import Article, Author, Image, LinkCard, Page, Series, Tag
from articles.models.counts import count_view
from comments.mail import notify
from comments.models import Comment, CommentSettings, Policy, Thread, Word
from comments.moderation import decisions
from comments.screening import bans
from comments.tests.factories import make_comment
from comments.writing import submitting
from publishing.models import Publication, Redirect
from publishing.moving.models import Transfer, TransferPost
from publishing.sponsors.house.editing.uploads import Made
from publishing.sponsors.models import CreativeDay
from publishing.sponsors.tests.factories import fill
from publishing.sponsors.tests.house.factories import make_advertiser, make_creative
from publishing.tests.factories import make_article, make_author
from publishing.tests.pictures import picture as drawn_anew
from quizzes.models import BankCategory, QuestionTag
from quizzes.results import corrections
from quizzes.tests.factories import EXAMPLES, make_paper, make_quiz

BODY = """
# A first heading

A paragraph with **bold**, *italic*, ~~struck~~, `code`, <kbd>Ctrl</kbd>, <abbr title="a > b">abbr</abbr>,
H<sub>2</sub>O, a [link](/ "title"), [nothing](), Member<T> and an empty ![](nowhere.png).[^a]

## Same heading

### Same heading

## Same heading

- [ ] open
- [x] done
  1. one
  2. two

     ```python
     print("in a list")
     ```

3. starts at three

> Quoted
> > twice

| left | middle | right |
|:-----|:------:|------:|
| `a`  | b      | 3     |

<table><caption>Raw</caption><tr><th scope="row" ALIGN="right">a</th><td align=justify>b</td></tr>
<tr><td colspan="2">c</td></tr></table>

<details><summary>More</summary>

Inside.

</details>

<figure><img src="PICTURE" alt="A tall one"><figcaption>Said below</figcaption></figure>

![A picture](PICTURE)

<dl><dt>Term</dt><dd>Meaning</dd></dl>

    indented code

```unknown
<b>not bold</b>
```

***

:::warning Back up *first*
Then go on.

> [!TIP]
> Or not.
:::

:::details A `log`
Inside.
:::

:::pull
A framework is a set of answers.
:::

https://example.org/report?a=b&c=d

[^a]: A note with `code` and [a link](#fn2).
[^b]: Never used.
"""
REMARK = "Does `x < y` hold & why?\n\nSee https://docs.example/a?b=1&c=2 "


def picture(name, size):
    file = BytesIO()
    Picture.new("RGB", size, "#0b5c8a").save(file, "PNG")
    image = Image.from_file(ContentFile(file.getvalue(), name), "A picture")
    image.credit = "By <somebody> & co"
    image.save()
    return image


def everything_about_articles():
    cover = picture("cover.png", (1200, 600))
    LinkCard.objects.create(
        url="https://example.org/report?a=b&c=d", state="ready", title='A <report> & "more"', site="example.org",
        description="What they <found>.", picture=cover.file.name, width=cover.width, height=cover.height,
    )  # fmt: skip
    body = BODY.replace("PICTURE", picture("tall.png", (300, 900)).file.url)
    author = make_author('Ann <"O\'Hara"> & Co')
    author.biography = BODY
    author.save()
    fields = {
        "authors": [author, make_author("Ben")],
        "tags": [Tag.objects.create(name='C++ & <"tags">', slug="c"), Tag.objects.create(name="Lonely", slug="lonely")],
        "series": Series.objects.create(title="A <series> & more", slug="a-series", description="In order."),
        "cover": cover,
        "summary": 'Map<K, V> & "quotes"',
    }
    now = timezone.now() - timedelta(seconds=1)
    article = make_article(slug="everything", title='Every<T> & "thing"', body=body, published_at=now, **fields)
    for number in range(30):
        make_article(slug=f"part-{number}", published_at=now - timedelta(days=number, microseconds=number), **fields)
    draft = make_article(slug="a-draft", body=body, status="draft", published_at=None, **fields)
    later = make_article(slug="later", body=body, published_at=now + timedelta(days=9), **fields)
    make_article(slug="gone").archive(by=None)
    make_article(slug="bare", summary="", body="")
    make_article(slug="huge", body="\n\n".join(f"## Heading {n}\n\n{'Many words. ' * 60}" for n in range(30)))
    Publication.objects.filter(pk=1).update(tagline='Say <it> & "mean" it')
    Redirect.objects.create(old_path="/old", new_path="/")
    for key in ("article-top", "article-body", "article-end", "list"):
        fill(key)
    return article, {"draft": draft.get_preview_url(), "later": later.get_preview_url()}


def everything_about_comments(article, owner):
    Thread.objects.create(article=make_article(slug="closed"), policy=Policy.CLOSED)
    Thread.objects.create(article=make_article(slug="ran-out", published_at=timezone.now() - timedelta(days=30)),
                          close_after_days=14)  # fmt: skip
    parent = None
    for depth in range(5):
        kind = ["question", "correction", "tip"][depth % 3]
        parent = make_comment(article, name="Ada <3 & co", body=f"{REMARK}{depth}", parent=parent, kind=kind)
        decisions.approve(parent, owner)
    root = Comment.objects.get(pk=parent.root_id)
    decisions.answer(root, "We <mended> it.", owner, "The editors")
    decisions.pin(root)
    for number in range(45):
        decisions.approve(make_comment(article, body=f"{REMARK}{number}", parent=root), owner)
        decisions.approve(make_comment(article, body=f"{REMARK}{number}!"), owner)
    lost = make_comment(article, body="To be erased.")
    decisions.approve(lost, owner)
    decisions.approve(make_comment(article, body="An answer to it.", parent=lost), owner)
    Comment.objects.filter(pk=lost.pk).update(name="", body="", html="", erased_at=timezone.now())
    standing = {"pending": make_comment(article), "approved": root}
    for name, verb in (("rejected", decisions.reject), ("spam", decisions.mark_spam), ("removed", decisions.remove)):
        standing[name] = make_comment(article)
        if name == "removed":
            decisions.approve(standing[name], owner)
            standing[name].refresh_from_db()
        verb(standing[name], owner)
    standing["withdrawn"] = submitting.withdraw(make_comment(article))
    address = notify.address_for("f" * 32, "ada@reader.example", article, "127.0.0.1")
    CommentSettings().save()
    Word.objects.create(text="casino")
    bans.impose(bans.of_email("writer@reader.example"), by=owner)
    return {
        "confirm": address.get_confirm_url(),
        "stop": address.get_stop_url(root.pk),
        "stop all": address.get_stop_url(),
        "report": f"/comments/{root.pk}/report/",
        "reply": f"{article.get_absolute_url()}comments/?reply={root.pk}",
        **{name: comment.get_receipt_url() for name, comment in standing.items()},
        "erased": lost.get_receipt_url(),
    }


def one_word():
    """Everything that has a name has one of 70 letters. The week has a most read article, too."""
    word = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetzeswort"
    tag = Tag.objects.create(name=word[:60], slug="one-word")
    series = Series.objects.create(title=word, slug="one-word", description=word)
    author = make_author(word)
    Author.objects.filter(pk=author.pk).update(slug="one-word", biography_html=f"<p>{word}</p>")
    for number in range(4):
        article = make_article(
            title=f"{word}{number}", slug=f"one-word-{number}", summary=word, body=f"## {word}\n\n{word}", tags=[tag],
            authors=[author], series=series, series_position=number + 1, published_at=timezone.now(),
        )  # fmt: skip
        count_view(article, [f"reader {number}"])
    make_quiz(title=word, articles=[article])
    return {"one word": article.get_absolute_url()}


def everything_about_quizzes(article, owner):
    words = {"title": 'Every<kind> & "more"', "summary": "Map<K, V> & more"}
    every = make_quiz(slug="every-kind", kinds=list(EXAMPLES), articles=[article], category=article.category, **words)
    every.publish(by=owner)
    make_quiz(slug="one-at-a-time", layout="one", kinds=list(EXAMPLES))
    make_quiz(slug="on-the-clock", time_limit=5, questions=4, draw_count=2)
    make_quiz(slug="drawn", questions=4, draw_count=2)
    make_quiz(slug="unpublished", published=False)
    question = make_paper(every).questions[0]
    correction = corrections.correct(every, question, by=owner, note="Was <wrong> & is not.", action="disregard")
    BankCategory.objects.get_or_create(path="Tests/Deeper")
    QuestionTag.objects.create(name="loops")
    with_results = Article.objects.get(slug="the-smallest-framework-that-could-possibly-teach-you")
    return {
        "headings": f"/admin/quizzes/question/headings/{article.pk}/",
        "delete correction": f"/admin/quizzes/quiz/{every.pk}/correct/{correction.pk}/",
        "an article": f"/admin/articles/article/{article.pk}/change/",
        "an article with results": f"/admin/articles/article/{with_results.pk}/change/",
        "every quiz": f"/admin/quizzes/quiz/{every.pk}/",
    }


def pages():
    body = f"{BODY}\n\nThe end."
    page = Page.objects.create(title="About the checks", slug="about-the-checks", summary="<Who> & why.", body=body)
    page.publish(by=None)
    draft = Page.objects.create(title="Masthead", slug="who-we-are", body="Nobody yet.")
    return {"page": page.get_absolute_url(), "draft page": draft.get_preview_url()}


def everything_about_moves(owner):
    """A preview with a post of each kind, and an export whose file is gone."""
    summary = {"right": 1, "noted": 60, "lossy": 1, "results": {"created": 62, "skipped": 1}, "losses": {"picture": 2},
               "notes": {"date": 60}, "reasons": {"larger than <2> MB & more": 1}}  # fmt: skip
    move = Transfer.objects.create(step="preview", state="done", by=owner, name="<old> & blog.zip", label="A folder",
                                   total=63, seen=63, summary=summary)  # fmt: skip
    kinds = ["right", "loss", "left-out", *["noted"] * 60]
    TransferPost.objects.bulk_create(
        TransferPost(
            transfer=move, number=number, mark=mark, name=f"content/posts/{'long-' * 20}{number}.md",
            result="skipped" if mark == "left-out" else "created", reason="larger" if mark == "left-out" else "",
            notes=[] if mark == "right" else [["picture", 'No <picture> at "a.png"', mark == "loss"]],
        )
        for number, mark in enumerate(kinds, 1)
    )  # fmt: skip
    failed = Transfer.objects.create(step="export", state="failed", by=owner, name="out.zip", error="No <space> left.")
    return {f"move {row.state}": f"/admin/moving/transfer/{row.pk}/change/" for row in (move, failed)}


def everything_about_advertisements():
    """A picture and a text that run, with numbers of some days."""
    fill("article-end", "house")
    fill("beside", "house")
    advertiser = make_advertiser("<Acme> & Sons")
    drawn = make_creative(advertiser=advertiser, kind="picture", name="<Looms>", alt='Looms & "wheels"')
    drawn.show(Made(drawn_anew("WEBP", (600, 500)), 300, 250).store(), 300, 250)
    make_creative(advertiser=advertiser, headline="Buy <this> & that")
    CreativeDay.objects.create(creative=drawn, day=timezone.localdate(), seen=1234, clicked=5)
    report = f"/admin/sponsors/advertiser/{advertiser.pk}/report/"
    return {"advertiser": advertiser.get_report_url(), "advertiser at the desk": report}


def prepare():
    owner = User.objects.get(username="owner")
    article, addresses = everything_about_articles()
    addresses |= pages() | one_word()
    addresses |= everything_about_comments(article, owner) | everything_about_quizzes(article, owner)
    addresses |= everything_about_moves(owner) | everything_about_advertisements()
    sys.stdout.write(json.dumps(addresses))


prepare()
