from functools import partial

from django.urls import path

from publishing.bases import addressed

from . import drawings, feeds, views
from .corrections.feeds import CorrectionFeed
from .corrections.views import correction_list
from .models import Author, Category, Series, Tag
from .overviews.follow import follow
from .overviews.labels import all_labels
from .overviews.years import archive_year

app_name = "articles"

urlpatterns = [
    path("", views.home, name="home"),
    path("card-<slug:digest>.png", drawings.home_card, name="home-card"),
    path("articles/<words:slug>/", views.detail, name="detail"),
    path("articles/<words:slug>/heart/", views.heart, name="heart"),
    path("articles/<words:slug>/view/", views.view, name="view"),
    path("articles/<words:slug>/cover-<slug:digest>.svg", partial(drawings.cover, shape="wide"), name="cover"),
    path(
        "articles/<words:slug>/square-<slug:digest>.svg", partial(drawings.cover, shape="square"), name="square-cover"
    ),
    path("articles/<words:slug>/card.png", drawings.article_card, name="card"),
    path("articles/<words:slug>/card-<slug:digest>.png", drawings.article_card, name="versioned-card"),
    path("categories/<words:slug>/", partial(views.article_list, model=Category), name="category"),
    path("categories/<words:slug>/feed.xml", feeds.ListFeed(Category), name="category-feed"),
    path(
        "categories/<words:slug>/card-<slug:digest>.png",
        partial(drawings.list_card, model=Category),
        name="category-card",
    ),
    path("tags/<words:slug>/", partial(views.article_list, model=Tag), name="tag"),
    path("tags/<words:slug>/feed.xml", feeds.ListFeed(Tag), name="tag-feed"),
    path("tags/<words:slug>/card-<slug:digest>.png", partial(drawings.list_card, model=Tag), name="tag-card"),
    path("authors/<words:slug>/", partial(views.article_list, model=Author), name="author"),
    path("authors/<words:slug>/feed.xml", feeds.ListFeed(Author), name="author-feed"),
    path("authors/<words:slug>/card-<slug:digest>.png", partial(drawings.list_card, model=Author), name="author-card"),
    path("series/<words:slug>/", partial(views.article_list, model=Series), name="series"),
    path("series/<words:slug>/feed.xml", feeds.ListFeed(Series), name="series-feed"),
    path("series/<words:slug>/card-<slug:digest>.png", partial(drawings.list_card, model=Series), name="series-card"),
    path("categories/", partial(all_labels, model=Category), name="categories"),
    path("tags/", partial(all_labels, model=Tag), name="tags"),
    path("authors/", partial(all_labels, model=Author), name="authors"),
    path("series/", partial(all_labels, model=Series), name="all-series"),
    path("follow/", follow, name="follow"),
    path("archive/", views.archive, name="archive"),
    path("archive/<int:year>/", archive_year, name="year"),
    path("archive/<int:year>/<int:month>/", views.archive_month, name="month"),
    path("corrections/", correction_list, name="corrections"),
    path("corrections/feed.xml", CorrectionFeed(), name="corrections-feed"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
    path("search/", views.search, name="search"),
    path("preview/<str:token>/", views.preview, name="preview"),
    path("feed.xml", feeds.LatestRss(), name="rss"),
    path("atom.xml", feeds.LatestAtom(), name="atom"),
    path("feed.json", feeds.json_feed, name="json-feed"),
    path("llms.txt", feeds.llms_txt, name="llms"),
]

addressed.register("article", "articles:detail", "articles:heart", "articles:view")
addressed.register_below("article", "articles:card", "articles:versioned-card")
addressed.register_below("article", "articles:cover", "articles:square-cover")
for name in ("category", "tag", "author", "series"):
    addressed.register(name, f"articles:{name}", f"articles:{name}-feed", f"articles:{name}-card")
