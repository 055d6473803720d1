from django.urls import path

from . import views

app_name = "people"

urlpatterns = [
    path("", views.staff, name="staff"),
    path("new/", views.member_new, name="member-new"),
    path("me/", views.me, name="me"),
    path("me/letters/", views.letters, name="letters"),
    path("me/shortcuts/", views.shortcuts, name="shortcuts"),
    path("<int:pk>/invite/", views.member_invite, name="member-invite"),
    path("<int:pk>/new-password/", views.member_renew_password, name="member-renew-password"),
    path("invitation/<str:secret>/", views.invitation, name="invitation"),
    path("invitation/<str:secret>/join/", views.invitation_join, name="invitation-join"),
]
