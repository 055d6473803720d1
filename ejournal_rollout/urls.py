"""The addresses of the house, room by room."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("ejournal_rollout.desk.urls")),
    path("plan/", include("plans.urls")),
    path("consultations/", include("consultations.urls")),
    path("help/", include("support.urls")),
    path("orders/", include("ejournal_rollout.desk.orders.urls")),
    path("documents/", include("ejournal_rollout.documents.urls")),
    path("people/", include("ejournal_rollout.people.urls")),
    path("messages/", include("ejournal_rollout.notifications.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("admin/", admin.site.urls),
]
