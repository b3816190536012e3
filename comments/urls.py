from django.urls import path

from publishing.bases import addressed as published_addresses

from . import feeds
from .views import addresses, mine, receipts, reports, thread

app_name = "comments"

urlpatterns = [
    path("articles/<words:slug>/comments/", thread.thread, name="thread"),
    path("articles/<words:slug>/comments/feed.xml", feeds.ThreadFeed(), name="thread-feed"),
    path("articles/<words:slug>/comments.json", thread.thread_json, name="thread-json"),
    path("comments/feed.xml", feeds.NewestComments(), name="feed"),
    path("comments/receipts/<str:token>/", receipts.receipt, name="receipt"),
    path("comments/receipts/<str:token>/edit/", receipts.edit, name="edit"),
    path("comments/receipts/<str:token>/withdraw/", receipts.withdraw, name="withdraw"),
    path("comments/receipts/<str:token>/erase/", receipts.erase, name="erase"),
    path("comments/mine/", mine.mine, name="mine"),
    path("comments/mine/export.json", mine.export, name="mine-export"),
    path("comments/mine/erase/", mine.erase, name="mine-erase"),
    path("comments/mail/confirm/<str:token>/", addresses.confirm, name="confirm"),
    path("comments/mail/stop/<str:token>/", addresses.stop, name="stop"),
    path("comments/<int:pk>/report/", reports.report, name="report"),
    path("comments/<int:pk>/", thread.permalink, name="permalink"),
]

published_addresses.register_below(
    "article", "comments:thread", "comments:thread-feed", "comments:thread-json", without_slug=thread.permalinks
)
