from django.contrib import admin
from django.urls import include, path, re_path, register_converter

from articles.sitemaps import SITEMAPS as ARTICLE_SITEMAPS
from comments.moderation import queues
from quizzes.sitemaps import SITEMAPS as QUIZ_SITEMAPS
from quizzes.taking import offline_queue

from . import views
from .identity import views as identity
from .inbox import words as desk
from .maintenance.passing.views import pass_link
from .monitoring import views as monitoring
from .sponsors.slots.views import preview as slot_preview
from .sponsors.views import ads_txt
from .text.slugs import SlugConverter
from .web.words import words

register_converter(SlugConverter, "words")
SITEMAPS = [*ARTICLE_SITEMAPS, *QUIZ_SITEMAPS]

urlpatterns = [
    path("preview/slots/", slot_preview, name="slot-preview-home"),
    path("preview/slots/<path:path>", slot_preview, name="slot-preview"),
    path("", include("articles.urls")),
    path("", include("comments.urls")),
    path("quizzes/", include("quizzes.urls")),
    path("admin/password/", include("articles.staff.urls")),
    path("admin/words-<slug:digest>.js", desk.script, name="desk-words"),
    path("admin/", admin.site.urls),
    path("sitemap.xml", views.sitemap, {"kinds": SITEMAPS}, name="sitemap"),
    path("sitemap-<slug:kind>-<int:number>.xml", views.sitemap_file, {"kinds": SITEMAPS}, name="sitemap-file"),
    path("maintenance/<str:token>/", pass_link, name="maintenance-pass"),
    path("robots.txt", views.robots, name="robots"),
    path("ads.txt", ads_txt, name="ads"),
    path("sponsored/", include("publishing.sponsors.urls")),
    path("identity/<slug:digest>.css", identity.stylesheet, name="identity-stylesheet"),
    re_path(
        r"^identity/(?P<use>[a-z0-9-]+)-(?P<digest>[0-9a-f]{12})\.(?P<kind>[a-z]{3,4})$",
        identity.file,
        name="identity-file",
    ),
    path("words-<slug:digest>.json", words, name="words"),
    path("manifest.webmanifest", identity.manifest, name="manifest"),
    path("favicon.ico", identity.favicon, name="favicon"),
    path(".well-known/security.txt", views.security_txt, name="security"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path(
        "metrics",
        monitoring.metrics,
        {"queues": [monitoring.tasks, queues.lengths, offline_queue.lengths]},
        name="metrics",
    ),
    path("csp-report", views.csp_report, name="csp-report"),
    re_path(r"^media/(?P<name>[0-9a-f]{32}(-[0-9]{3,4})?\.[a-z0-9]{3,4})$", views.media, name="media"),
    # Any word that is left.
    path("", include("articles.pages.urls")),
]

handler400 = "publishing.views.bad_request"
handler403 = "publishing.views.forbidden"
handler500 = "publishing.views.server_error"
