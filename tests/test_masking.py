"""What one side wrote, as the other may read it: nothing that leads to the person, and everything else."""

from time import process_time

import pytest

from portal import Portal
from portal.masking import masked

HIDDEN = "\uff3b已隐去\uff3d"

PRIVATE = {
    "mobiles of China": (
        "13812345678", "138-1234-5678", "138 1234 5678", "+86 13812345678", "1381-234-5678", "138123 45678",
        "138.1234.5678", "138_1234_5678", "0086-138-1234-5678", "(+86)138 1234 5678", "1 3 8 1 2 3 4 5 6 7 8",
        "1-3-8-1-2-3-4-5-6-7-8", "13 81 23 45 67 8", "138\u200b1234\u200b5678",
        "\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e31\ufe0f\u20e32\ufe0f\u20e33\ufe0f\u20e34\ufe0f\u20e35\ufe0f\u20e36\ufe0f\u20e37\ufe0f\u20e38\ufe0f\u20e3",
        "一三八一二三四五六七八", "幺叁捌零零一三八零零零", "①③⑧①②③④⑤⑥⑦⑧",
    ),
    "landlines and service numbers": (
        "0571-87654321", "0571-1234567", "021 62345678", "(0571) 8765 4321", "010-6234 5678 转 801", "057187654321",
        "400-123-4567", "4001234567", "400 1234 567", "800-820-8820", "电话：87654321",
    ),
    "phones abroad": (
        "+1 415-555-0100", "+44 20 7946 0958", "(415) 555-0100", "415-555-0100", "415.555.0100",
        "0044 20 7946 0958", "001-415-555-0100", "+49 (0)30 1234567", "+49 30/1234567", "+852 9123 4567",
        "+33 1 42 68 53 00", "020 7946 0958", "030 12345678", "0171/1234567", "01 42 68 53 00", "07700 900123",
    ),
    "papers, cards and accounts": (
        "110101199003078515", "11010119900307851X", "110101 19900307 851x", "110101900307851",
        "6222021001112345678", "6222 0210 0111 2345 678", "4111 1111 1111 1111", "4111111111111111",
        "卡号 1234 5678 9012 3456", "4111 1111 1111 1111 300", "护照号 E12345678", "DE89 3704 0044 0532 0130 00",
        "DE89370400440532013000", "GB29 NWBK 6016 1331 9268 19", "AT61 1904 3002 3457 3201 danke",
    ),
    "mail": (
        "lin.lan+tea@example.com", "lin\uff20example.com", "lin (at) example.com", "lin[at]example[dot]com",
        "lin at example dot com", "lin@qq。com", "jürgen@müller.example",
    ),
    "addresses in China": (
        "福建省武夷山市星村镇桂林村3号", "浙江省杭州市西湖区文三路 478 号 2 幢 501 室", "朝阳区建国路88号",
        "中山路12弄3号601室", "浙江省杭州市西湖区文三路", "上海市浦东新区张江镇", "四川省成都市武侯区",
        "阳光花园 5-2-301", "3栋2单元501", "3号楼1201", "5楼501室", "幸福里小区12栋", "人民路一百二十号",
        "盐城市建军路12号", "马场道12号", "文三路\uff14\uff17\uff18号", "内蒙古自治区呼和浩特市新城区",
    ),
    "addresses abroad": (
        "221B Baker Street", "221b baker street", "1600 Pennsylvania Avenue", "1600 Pennsylvania Ave NW, Apt 4",
        "350 5th Avenue", "123 W 45th St, New York, NY 10036", "221B Baker Street, London NW1 6XE", "12 Main St #4",
        "P.O. Box 1234", "Hauptstraße 12, 10115 Berlin", "Hauptstr. 12a", "Unter den Linden 77, 10117 Berlin",
        "12 rue de la Paix, 75002 Paris", "8 bis avenue Montaigne", "Via Roma 12, 00184 Roma",
        "Calle Mayor 5, 28013 Madrid", "Keizersgracht 100, 1015 AA Amsterdam",
    ),
}  # fmt: skip
NAMED = (
    "tel: 555-0100", "微信号: lintea", "微信：abc123", "加V abc123", "加我V: lin_tea", "wx:abc12345", "wx: lintea",
    "VX lin_tea88", "QQ: 12345678", "QQ12345678", "qq号 87654321", "WhatsApp: lintea", "wechat id is lintea",
    "Telegram: @lintea", "v:lintea88", "加微 lintea99", "\uff37\uff38\uff1a\uff4c\uff49\uff4e\uff54\uff45\uff41",
)  # fmt: skip
HARMLESS = {
    "orders and parcels": (
        "订单 6920118733450021 已经退款 120 元", "运单号 SJ7740018826", "快递单号 773012345678901",
        "AS-2026-54CNK7EZ", "tracking number 9400100000000000000000", "1Z999AA10123456784", "SF1234567890123",
        "JD0012345678901", "运单 75312345678901", "订单号 250319801231123456 有误", "订单 4012345678901234567",
        "order 4111111111111111", "260305-123456789012345", "112-1234567-1234567", "条码 6901234567892",
        "客服编号 0123456789", "SN 12AB 34CD 56EF", "ISBN 978-7-302-12345-6", "DE12 ABCD",
    ),
    "amounts": (
        "¥12,800.00", "12,50", "12,50 €", "€ 1.234.567,00", "+1.234.567,00", "+100.00 元", "15000-200000 元",
        "1500-2000 元", "1 000 000", "退款 120.00 元，运费 12 元", "微信：120元退给我", "微信转账100000元",
        "手机 13900 元",
    ),
    "dates and times": (
        "2026年3月5日 24:00 截止", "2026-03-05 12:30:45", "05.03.2026 12:30", "05/03/2026",
        "价格 13.5 2026-03-05 付款", "退款 400 2026-3-15", "编号 05 2026-03-05", "09:00-18:00 2026",
        "用微信 2026-03-05 付款", "call 2026-03-05", "Spring 2026", "3月5号路上", "5月3号3楼没人",
    ),
    "sizes and counts": (
        "300 ml", "茶饼 357g，两只杯子", "规格 200x300x1000 mm", "300×400×500", "尺码 XL 170/92A",
        "买了 2 件，收到 1 件", "从出库到签收一共 3 天", "V: 220", "1080p", "4.5 kg 3.5 kg", "第 4.2 条",
        "第1组2号样品", "3室2厅",
    ),
    "other words": (
        "https://example.com/a?b=1", "微信支付 120 元", "I paid with WeChat pay yesterday", "QQ 糖 12 袋",
        "加微波炉 3 分钟", "2 boxes left on the street", "1 hard drive", "Silver Ring 12", "Earring 2 pieces",
        "Via DHL 3 days ago", "4 Square Plates", "Order 12, 2026 March", "我知道5号发货", "一路上 3 层包装",
        "这里3号收到", "超市门口的小区", "市区里的路", "快递放在小区门口", "地铁2号线", "电话打不通",
        "(2026)浙01民终123号",
    ),
    "names of files": (
        "IMG_20260305_153000.jpg", "微信图片_20260305153012.jpg", "wx_camera_1772690000000.mp4",
        "mmexport1772690000000.jpg", "Screenshot_2026-03-05-15-30-00-123.jpg",
    ),
}  # fmt: skip
PIECES = (
    "省", "市", "路", "区", "省路", "1-", "a.", "A a", "1 ", "a", "啊", "一", "路1", "1号", "1栋 ", "1 3 ", "138 ",
    "+1", "(415) ", "0 ", "4111 1111 ", "DE89 ", "a@", "@a", "a at ", "微信", "wx:", "QQ1", "加v", "tel:1 ",
    "1 Aa ", "1 aa ", "Aa ", "1A 1A ", "A 1, ", "Hauptstr", "rue de ", "Calle a ", "订单1", "\u200b", "\uff11",
    "\n", "PO Box ",
)  # fmt: skip
WORST = ("路1", "1 3 ", "a@", "微信")


@pytest.mark.parametrize("kind", PRIVATE)
def test_what_leads_to_a_person_is_hidden(sqlite_app: Portal, kind: str) -> None:
    with sqlite_app.test_request_context():
        shown = {said: masked(f"请联系我：{said}，谢谢。") for said in PRIVATE[kind]}
    left = {
        said: words for said, words in shown.items() if any(len(part) > 3 and part in words for part in said.split())
    }
    assert left == {}
    assert [words for words in shown.values() if HIDDEN not in words or not words.endswith("，谢谢。")] == []


def test_a_name_is_hidden_after_what_calls_it_one(sqlite_app: Portal) -> None:
    with sqlite_app.test_request_context():
        shown = {said: masked(f"请联系我：{said}，谢谢。") for said in NAMED}
        assert masked("让我加微信 lintea88 退款") == f"让我加微信 {HIDDEN} 退款"
    assert {said: words for said, words in shown.items() if not words.endswith(f"{HIDDEN}，谢谢。")} == {}


@pytest.mark.parametrize("kind", HARMLESS)
def test_what_the_case_is_about_stays(sqlite_app: Portal, kind: str) -> None:
    with sqlite_app.test_request_context():
        texts = [text for said in HARMLESS[kind] for text in (said, f"请看：{said}，谢谢。")]
        assert {said: masked(said) for said in texts if masked(said) != said} == {}


def test_a_number_of_the_case_stays_wherever_it_stands(sqlite_app: Portal) -> None:
    said = "6222021001112345678 和 4006123456 与 13812345678"
    with sqlite_app.test_request_context():
        assert masked(said, ["6222021001112345678", "4006123456"]) == said.replace("13812345678", HIDDEN)


def test_no_text_makes_the_search_take_long(sqlite_app: Portal) -> None:
    took = {}
    with sqlite_app.test_request_context():
        for length, pieces in ((10_000, PIECES), (100_000, WORST)):
            for piece in pieces:
                began = process_time()
                masked((piece * length)[:length])
                took[piece, length] = process_time() - began
    assert {piece: seconds for (piece, length), seconds in took.items() if seconds > 0.8 * length / 100_000 + 0.1} == {}
