"""Which drawn picture stands for which piece of evidence."""

from collections.abc import Mapping
from pathlib import Path

from portal import evidence
from portal.evidence import Received

FOLDER = Path(__file__).parent / "pictures"
NAMES = {
    "trace": "物流轨迹截图.jpg",
    "waybill": "快递底单.jpg",
    "chat": "聊天记录.jpg",
    "notice": "承运商通知.jpg",
    "pack": "打包实拍.jpg",
    "parcel": "包裹实拍.jpg",
    "tea": "商品实拍.jpg",
}
MATERIAL = {
    "tracking_trace": "trace",
    "shipping_proof": "trace",
    "operation_log": "trace",
    "reply_report": "trace",
    "carrier_receipt": "waybill",
    "carrier_ticket": "waybill",
    "batch_record": "waybill",
    "buyer_chat": "chat",
    "full_chat": "chat",
    "delay_cause": "notice",
    "incident_proof": "notice",
    "product_photo": "tea",
    "product_nature": "tea",
    "label_photo": "pack",
    "listing_snapshot": "pack",
    "raw_files": "tea",
    "insert_photo": "parcel",
}


def material(requirement: str) -> str:
    """The picture handed in for this requirement; a letter where none of them fits better."""
    return MATERIAL.get(requirement, "notice")


def take_in() -> Mapping[str, Received]:
    """Put the pictures where evidence lies; the same bytes are there once, however often this is done."""
    return {key: _brought(key, name) for key, name in NAMES.items()}


def _brought(key: str, name: str) -> Received:
    with (FOLDER / f"{key}.jpg").open("rb") as file:
        return evidence.bring(file, name)
