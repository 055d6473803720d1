from django.urls import path

from . import views

app_name = "support"

urlpatterns = [
    path("", views.requests, name="requests"),
    path("regulation/", views.regulation, name="regulation"),
    path("new/", views.request_new, name="request-new"),
    path("<int:pk>/", views.request_page, name="request"),
    path("<int:pk>/take/", views.request_take, name="request-take"),
    path("<int:pk>/reply/", views.request_reply, name="request-reply"),
    path("<int:pk>/wait/", views.request_wait, name="request-wait"),
    path("<int:pk>/solve/", views.request_solve, name="request-solve"),
    path("<int:pk>/note/", views.request_note, name="request-note"),
    path("<int:pk>/close/", views.request_close, name="request-close"),
    path("<int:pk>/reopen/", views.request_reopen, name="request-reopen"),
    path("<int:pk>/hand-over/", views.request_hand_over, name="request-hand-over"),
    path("<int:pk>/book/", views.request_book, name="request-book"),
]
