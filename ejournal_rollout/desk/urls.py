from django.urls import path

from . import views

app_name = "desk"

urlpatterns = [
    path("", views.home, name="home"),
    path("history/", views.history, name="history"),
    path("school/", views.switch_school, name="switch-school"),
]
