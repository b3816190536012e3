from django.urls import path

from . import views

app_name = "comments"

urlpatterns = [
    path("articles/<slug:slug>/comments/", views.create, name="create"),
    path("comments/receipts/<str:token>/", views.receipt, name="receipt"),
    path("comments/<int:pk>/", views.permalink, name="permalink"),
]
