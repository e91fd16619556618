"""Orders as the marketplace shows them, and the after-sales cases about them."""

from portal.aftersales.models.cases import AfterSale, AfterSaleItem, AfterSaleMessage, Offer
from portal.aftersales.models.orders import Buyer, Purchase, PurchaseItem

__all__ = ["AfterSale", "AfterSaleItem", "AfterSaleMessage", "Buyer", "Offer", "Purchase", "PurchaseItem"]
