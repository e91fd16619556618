"""What the stories of a dispute share: merchant, buyer and reviewers in browsers of their own, and what each does."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from playwright.sync_api import Page, expect

from jobs.sweep import sweep
from portal import accounts, arbitration
from portal.accounts.models import Person, Shop
from portal.aftersales.models import AfterSale
from portal.arbitration.models import Arbitration
from portal.db import end_reading, session, unit_of_work
from tests import make, samples
from tests.arbitration import a_refused_case
from tests.browser.conftest import House, Open
from tests.conftest import NOON, Clock

FILE = "#slot-files input[type=file]"
FINDINGS = "买家的照片清楚地显示了外盒的压痕和茶饼的断裂，商家的打包录像没有覆盖这一单，不能证明发货时完好无损。"
AGAINST = "商家的出库录像覆盖了这一单，打包时茶饼完好；买家的照片没有拍到快递面单，不能证明是同一件商品。"
A_DAY = timedelta(days=1)


@dataclass
class Dispute:
    """A request the shop has refused, and everybody it takes to go on from there."""

    house: House
    now: Clock
    shop: Shop
    owner: Person
    reviewers: list[Person]
    ref: str
    token: str
    scripts: bool
    windows: Open
    pages: list[Page] = field(default_factory=list)

    @property
    def case(self) -> AfterSale:
        """The case as it is now."""
        end_reading()
        return session().query(AfterSale).one()

    @property
    def hearing(self) -> Arbitration:
        """Its first hearing as it is now."""
        found = arbitration.first_of(self.case)
        assert found is not None
        return found

    def merchant(self) -> Page:
        """The shop's browser, at the case."""
        shop = self.windows(self.house, self.owner, java_script_enabled=self.scripts)
        return self._kept(shop.open(f"/after-sales/{self.ref}"))

    def buyer(self) -> Page:
        """The buyer's phone, at the case."""
        phone = self.windows(self.house, widths=(390,), java_script_enabled=self.scripts)
        return self._kept(phone.open(f"/case/{self.token}"))

    def desk(self, number: int = 0) -> Page:
        """A reviewer's browser, at the queue."""
        return self._kept(self.windows(self.house, self.reviewers[number]).open("/review"))

    def pass_time(self, until: datetime) -> None:
        """Let the clock go on, and the sweep see it; pages have all they asked for, since sessions end by the clock."""
        for page in self.pages:
            page.wait_for_load_state("networkidle")
        self.now.at = until
        end_reading()
        sweep(until)

    def _kept(self, page: Page) -> Page:
        self.pages.append(page)
        return page


def a_dispute(house: House, windows: Open, now: Clock, *, scripts: bool) -> Dispute:
    """Make them."""
    with unit_of_work():
        shop = make.a_shop()
        owner = make.a_person("merchant_owner", shop, name="林岚")
        reviewers = [make.a_person("reviewer", name=name) for name in ("周岚", "陈立")]
        case = a_refused_case(shop, make.actor(owner, shop))
        token = accounts.links.issue("aftersale", case.ref, "buyer", at=NOON)
    return Dispute(house, now, shop, owner, reviewers, case.ref, token, scripts, windows)


def fold(page: Page, words: str) -> None:
    """Open what is folded away under these words."""
    page.locator("summary", has_text=words).first.click()


def call_in(buyer: Page) -> None:
    """The buyer goes to the platform."""
    buyer.get_by_label("希望平台了解的情况").fill("商家不肯退款，茶饼已经断成几块。")
    buyer.get_by_role("button", name="申请平台介入，由平台听取双方后判定").click()
    expect(buyer.get_by_text("已申请平台介入").first).to_be_visible()


def hand_in(page: Page, words: str, *, scripts: bool, file: object = samples.PHOTOGRAPH) -> None:
    """Words and a file, sealed."""
    page.locator(FILE).set_input_files(file)  # type: ignore[arg-type]
    if not scripts:
        page.locator("#slot-files form.drop button").click()
    expect(page.locator("#slot-files .files a")).to_have_count(1)
    page.get_by_label("请说明经过").fill(words)
    page.get_by_role("button", name="提交仲裁材料").click()
    expect(page.get_by_text("材料已提交").first).to_be_visible()


def done(page: Page) -> None:
    """Nothing more will come."""
    page.get_by_role("button", name="我没有更多材料了").click()
    expect(page.get_by_text("已记录").first).to_be_visible()


def hear_both(dispute: Dispute, merchant: Page, buyer: Page) -> None:
    """Both hand in a photograph, see each other's, answer, and are done."""
    merchant.reload()
    hand_in(merchant, "发货时完好，有出库录像。", scripts=dispute.scripts, file=samples.DRAWING)
    buyer.reload()
    expect(buyer.get_by_text("发货时完好，有出库录像。")).to_have_count(0)
    hand_in(buyer, "收到时外盒已经压扁，电话 13812345678 可以联系我。", scripts=dispute.scripts)
    done(buyer)
    done(merchant)
    buyer.reload()
    expect(buyer.get_by_text("发货时完好，有出库录像。").first).to_be_visible()
    merchant.reload()
    expect(merchant.get_by_text("收到时外盒已经压扁").first).to_be_visible()
    assert "13812345678" not in merchant.content()
    done(merchant)
    buyer.reload()
    done(buyer)
    assert dispute.hearing.status == "under_decision"


def rule(desk: Page, kind: str, reason: str, findings: str = FINDINGS) -> None:
    """A reviewer takes the case and rules."""
    desk.locator("table.q button").first.click()
    expect(desk.locator("#ruling-title")).to_be_visible()
    place = desk.locator(f"input[name=outcome][value={kind}]").get_attribute("id")
    desk.locator(f"label[for={place}]").click()
    desk.locator(f"select[name=reason_{kind}]").select_option(reason)
    expect(desk.locator(f"textarea[name=words_{kind}_buyer]")).not_to_have_value("")
    for select in desk.locator("select[name^=exhibit_]").all():
        select.select_option("accepted")
    desk.get_by_label("认定的事实和理由").fill(findings)
    desk.locator("form.ruling button.pri:visible").click()
    expect(desk.locator(".note.good").first).to_be_visible()
