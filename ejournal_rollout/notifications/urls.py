from django.urls import path

from . import views

app_name = "notifications"

urlpatterns = [
    path("", views.messages, name="messages"),
    path("read/", views.read_all, name="read-all"),
    path("<int:pk>/send-again/", views.send_again, name="message-send-again"),
    path("daily/<int:pk>/send-again/", views.send_daily_again, name="digest-send-again"),
]
