from django.urls import path

from . import amendments, views

app_name = "orders"

urlpatterns = [
    path("", views.orders, name="orders"),
    path("<int:pk>/", views.order, name="order"),
    path("<int:pk>/copy/", views.order_copy, name="copy"),
    path("<int:pk>/put-into-effect/", views.order_put_into_effect, name="put-into-effect"),
    path("<int:pk>/close/", views.order_close, name="close"),
    path("<int:pk>/word/", views.order_docx, name="docx"),
    path("<int:pk>/table/", views.order_spreadsheet, name="spreadsheet"),
    path("<int:pk>/amend/", amendments.amend, name="amend"),
    path("amendments/<int:pk>/", amendments.amendment, name="amendment"),
    path("amendments/<int:pk>/word/", amendments.amendment_docx, name="amendment-docx"),
    path("amendments/<int:pk>/save/", amendments.amendment_save, name="amendment-save"),
    path("amendments/<int:pk>/bring-into-force/", amendments.amendment_bring_into_force, name="amendment-in-force"),
    path("amendments/<int:pk>/discard/", amendments.amendment_discard, name="amendment-discard"),
    path("attachments/<int:pk>/", views.attachment, name="attachment"),
]
