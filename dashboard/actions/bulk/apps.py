from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class BatchesConfig(AppConfig):
    name = "dashboard.actions.bulk"
    label = "batches"
    menu = (MenuItem(_("Coupons"), "batches:index", "receipt", permission="act_money", key="b", order=4),)
