from django.urls import include, path

from . import views

app_name = "documents"

urlpatterns = [
    path("staff/", include("ejournal_rollout.documents.staff.urls")),
    path("upload/", views.upload_new, name="upload-new"),
    path("upload/<int:pk>/", views.upload, name="upload"),
    path("upload/<int:pk>/settle/<slug:anchor>/", views.upload_settle, name="settle"),
    path("upload/<int:pk>/import/", views.upload_import, name="import"),
]
