"""People at work in a hall: they log in, open pages, search, post, apply, ask, answer, and review, each at his own pace,
through the forms that the pages show."""

from __future__ import annotations

import random
import re
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from urllib.parse import quote, urlencode, urlsplit

import brotli

from tests.web.page_forms import PageForm, forms_of

PATIENCE = 60.0  # seconds for one answer
WORDS = ("无人机", "巡检", "机器人", "低空", "digital twin", "港口", "传感器", "inspection", "储能", "médico")
PAGES = ("/", "/scenarios/", "/products/", "/outcomes", "/progress", "/desk", "/bookmarks", "/organizations/", "/about")
# As somebody would write it; the hall reads title, requirements, domains, region, budget and deadline from it.
LETTER = (
    "夜间码头岸桥巡检第{number}处\n目前靠人工每天攀爬检查，每台停机2小时，雨天看不清裂纹。希望用无人机自动巡检，"
    "识别锈蚀和裂纹，飞行时间不少于40分钟，识别率不低于95%。地点在深圳。预算50万元至80万元，截止日期2027年3月31日。"
)


@dataclass
class Visits:
    """What all of them together were answered."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)  # answers of 500 and more, and none at all


@dataclass(frozen=True)
class Answer:
    status: int
    path: str  # where the redirects led
    text: str


class Browser:
    """Somebody's browser, at an address of his own as a proxy tells it."""

    def __init__(self, base: str, address: str, visits: Visits) -> None:
        self.base, self.visits = base, visits
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._opener.addheaders = [("X-Forwarded-For", address), ("Accept-Encoding", "br"), ("User-Agent", "soak")]

    def open(self, path: str, form: Mapping[str, list[str]] | None = None) -> Answer:
        """GET, or POST the form; what came, however it was answered. Status 0 when nothing came."""
        body = None if form is None else urlencode(form, doseq=True).encode()
        begun = time.perf_counter()
        try:
            with self._opener.open(f"{self.base}{path}", body, timeout=PATIENCE) as found:
                answer = self._read(found, found.status)
        except urllib.error.HTTPError as error:
            answer = self._read(error, error.code)
        except OSError as error:
            answer = Answer(0, path, f"{type(error).__name__}: {error}")
        self.visits.seconds.append(time.perf_counter() - begun)
        self.visits.statuses[answer.status] += 1
        if answer.status >= 500 or not answer.status:
            self.visits.faults.append(f"{answer.status} {'GET' if form is None else 'POST'} {path} {answer.text[:200]}")
        return answer

    def send(self, page: Answer, action: str, /, **typed: str) -> Answer | None:
        """Send the first form of the page that goes to ``action`` (a pattern) with these fields typed over; None when
        there is none."""
        form = next((each for each in forms_of(page.text) if _goes_to(each, page.path, action, typed)), None)
        if form is None:
            return None
        fields = {**form.sent, **{name: [value] for name, value in typed.items()}}
        return self.open(form.action or page.path, fields)

    def log_in(self, email: str, password: str) -> None:
        """Raises RuntimeError when the hall does not let them in."""
        answer = self.send(self.open("/login"), r"^/login", email=email, password=password)
        if answer is None or answer.path.startswith("/login"):
            raise RuntimeError(f"{email} was not let in")

    def _read(self, found: object, status: int) -> Answer:
        content = found.read()  # type: ignore[attr-defined]
        if found.headers.get("Content-Encoding") == "br":  # type: ignore[attr-defined]
            content = brotli.decompress(content)
        address = urlsplit(found.geturl())  # type: ignore[attr-defined]
        return Answer(status, address.path, content.decode("utf-8", "replace"))


def _goes_to(form: PageForm, path: str, action: str, typed: Mapping[str, str]) -> bool:
    return re.search(action, form.action or path) is not None and set(typed) <= {*form.sent, *form.lines}


class Person(threading.Thread):
    """One person, who does one thing after another until it is over."""

    def __init__(
        self,
        browser: Browser,
        account: tuple[str, str],
        *,
        think: float,
        over: threading.Event,
        seed: int,
    ) -> None:
        super().__init__(daemon=True)
        self.browser, self.account, self.think, self.over = browser, account, think, over
        self.chance = random.Random(seed)
        self.acts: list[tuple[int, Callable[[], object]]] = [
            (40, self.look),
            (20, self.read_one),
            (20, self.search),
            (5, self.ask),
            (5, self.apply),
            (5, self.post),
            (5, self.answer),
        ]

    def run(self) -> None:
        self.over.wait(self.chance.uniform(0, self.think))
        try:
            self.browser.log_in(*self.account)
        except RuntimeError as error:
            self.browser.visits.faults.append(str(error))
            return
        if self.browser.open("/review/").status == 200:
            self.acts.append((100, self.review))  # an administrator's half of the time
        while not self.over.wait(self.chance.uniform(0.5, 1.5) * self.think):
            act = self.chance.choices([each for _, each in self.acts], [weight for weight, _ in self.acts])[0]
            if act():
                self.browser.visits.acts[act.__name__] += 1  # type: ignore[attr-defined]

    def look(self) -> bool:
        return self.browser.open(self.chance.choice(PAGES)).status == 200

    def search(self) -> bool:
        return self.browser.open(f"/search?q={quote(self.chance.choice(WORDS))}").status == 200

    def read_one(self) -> Answer | None:
        kind = self.chance.choice(("scenarios", "products"))
        return self._one_of(f"/{kind}/", rf'href="(/{kind}/[A-Z]+-[^"/?#]+)"')

    def ask(self) -> bool:
        page = self._one_of("/scenarios/", r'href="(/scenarios/[A-Z]+-[^"/?#]+)"')
        return page is not None and self._sent(page, r"/questions$", text="夜间可以作业吗？ At night, too?")

    def apply(self) -> bool:
        page = self._one_of("/scenarios/", r'href="(/scenarios/[A-Z]+-[^"/?#]+)"')
        if page is None:
            return False
        page = self.browser.open(f"{page.path}/apply")
        if not page.path.endswith("/apply"):
            return False  # nothing of theirs to offer here
        offers = re.findall(r'<option[^>]*value="(P-[^"]+)"', page.text)
        return bool(offers) and self._sent(page, r"/apply$", product=offers[0], proposal="我们用自动机场完成夜间巡检。")

    def post(self) -> bool:
        page = self.browser.open("/scenarios/new")
        if page.path != "/scenarios/new":
            return False  # posts for nobody
        text = LETTER.format(number=self.chance.randrange(10**9))
        for action, typed in ((r"/new$", {"text": text}), (r"/reading$", {}), (r"/submit$", {})):
            sent = self.browser.send(page, action, **typed)
            if sent is None:
                return False
            page = sent
        return page.status == 200 and not page.path.endswith("/preview")  # where it goes when something is missing

    def answer(self) -> bool:
        """Write to the other side of an application on the desk."""
        page = self._one_of("/desk", r'href="(/applications/[A-Z]+-[^"/?#]+)"')
        return page is not None and self._sent(page, r"/messages$", text="收到，谢谢。 Received, thank you.")

    def review(self) -> bool:
        """Release what somebody has submitted."""
        page = self._one_of("/review/?queue=scenarios", r'href="(/review/scenarios/[A-Z]+-[^"/#]+)"')
        return page is not None and self._sent(page, r"/review/", action="release")

    def _one_of(self, path: str, link: str) -> Answer | None:
        """The page behind one of the links of the page; None without any."""
        links = sorted(set(re.findall(link, self.browser.open(path).text)))
        return self.browser.open(self.chance.choice(links)) if links else None

    def _sent(self, page: Answer, action: str, /, **typed: str) -> bool:
        answer = self.browser.send(page, action, **typed)
        return answer is not None and answer.status == 200
