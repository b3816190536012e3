from django.urls import path

from . import views

app_name = "quizzes"

urlpatterns = [
    path("", views.quiz_list, name="list"),
    path("results/<slug:token>/", views.result, name="result"),
    path("<slug:slug>/", views.paper, name="paper"),
]
