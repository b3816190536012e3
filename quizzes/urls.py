from django.urls import path

from publishing.bases import addressed

from . import feeds, views

app_name = "quizzes"

urlpatterns = [
    path("", views.quiz_list, name="list"),
    path("feed.xml", feeds.QuizRss(), name="feed"),
    path("results/<slug:token>/", views.result, name="result"),
    path("results/<slug:token>/print/", views.printout, name="print"),
    path("results/<slug:token>/card-<slug:digest>.png", views.result_card, name="result-card"),
    path("<words:slug>/", views.paper, name="paper"),
    path("<words:slug>/card-<slug:digest>.png", views.quiz_card, name="card"),
    path("<words:slug>/start/", views.start, name="start"),
    path("<words:slug>/progress/", views.progress, name="progress"),
]

addressed.register("quiz", "quizzes:paper", "quizzes:start", "quizzes:progress", "quizzes:card")
