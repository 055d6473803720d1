from django.urls import path

from . import views

app_name = "orders"

urlpatterns = [
    path("", views.orders, name="orders"),
    path("<int:pk>/", views.order, name="order"),
    path("<int:pk>/copy/", views.order_copy, name="copy"),
    path("<int:pk>/put-into-effect/", views.order_put_into_effect, name="put-into-effect"),
    path("<int:pk>/close/", views.order_close, name="close"),
    path("<int:pk>/word/", views.order_docx, name="docx"),
    path("<int:pk>/table/", views.order_spreadsheet, name="spreadsheet"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
]
