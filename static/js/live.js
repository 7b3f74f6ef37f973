// The hall as it happens: server-sent events from the log; the browser itself resumes after the last id it saw. Lines
// slide in under their day; numbers, bars and the map change in their place; where more has changed than numbers, the
// page is fetched and its marked parts are put in. Where the hall has no place for one more open feed, the page asks
// for the same now and then.
const feed = document.querySelector("[data-live]");
const POLL_MILLISECONDS = 15000;
const STALE_MILLISECONDS = 3600000;
let heard = Date.now();
let isPaused = false;
let waiting = [];

function line(told) {
  const item = document.createElement("li");
  item.className = "is-new";
  item.dataset.id = told.id;
  const sign = document.createElement("span");
  sign.className = `sign sign-${told.sign}`;
  sign.setAttribute("aria-hidden", "true");
  const link = document.createElement("a");
  link.href = told.url;
  link.textContent = told.title;
  const time = document.createElement("time");
  time.dateTime = told.at;
  time.title = told.exact;
  time.textContent = told.clock;
  const what = document.createElement("span");
  what.className = "feed-what";
  what.textContent = told.note ? `${told.what} · ${told.note}` : told.what;
  item.append(sign, link, time, what);
  return item;
}

function dayOf(told) {
  const first = feed.querySelector("[data-day]");
  if (first && first.dataset.day >= told.day) return first;
  const day = document.createElement("div");
  day.className = "feed-day";
  day.dataset.day = told.day;
  const head = document.createElement("h3");
  head.textContent = told.day_head;
  const list = document.createElement("ol");
  list.className = "feed";
  day.append(head, list);
  feed.prepend(day);
  return day;
}

function show(told) {
  feed.querySelector("[data-empty]")?.remove();
  dayOf(told).querySelector("ol").prepend(line(told));
  const lines = feed.querySelectorAll("li");
  [...lines].slice(Number(feed.dataset.most)).forEach((each) => each.remove());
  feed.querySelectorAll("[data-day]").forEach((day) => { if (!day.querySelector("li")) day.remove(); });
  if (told.region) mark(told.region);
}

function mark(region) {
  const tile = document.querySelector(`[data-region="${region}"]`);
  if (!tile) return;
  document.querySelectorAll(".is-newest").forEach((each) => each.classList.remove("is-newest"));
  tile.classList.add("is-newest");
  const told = document.querySelector("[data-newest]");
  if (told) told.textContent = told.dataset.newest.replace("%region", tile.querySelector("a").title);
}

function count(figures) {
  for (const place of document.querySelectorAll("[data-figure]")) {
    const value = String(figures.numbers[place.dataset.figure] ?? 0);
    if (place.textContent === value) continue;
    place.textContent = value;
    place.classList.remove("is-turned");
    requestAnimationFrame(() => place.classList.add("is-turned"));
  }
  for (const bar of document.querySelectorAll("[data-share]")) {
    bar.setAttribute("width", `${figures.shares[bar.dataset.share] ?? 0}%`);
  }
  for (const tile of document.querySelectorAll("[data-region]")) tile.dataset.heat = figures.heat[tile.dataset.region];
  if (figures.stamp !== feed.dataset.stamp) {
    feed.dataset.stamp = figures.stamp;
    // Not everybody at once.
    setTimeout(renew, Math.random() * 3000);
  }
}

async function renew() {
  const answer = await fetch(location.href, { cache: "no-cache" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const fresh = page.querySelector(`[data-part="${part.dataset.part}"]`);
    if (fresh && !part.contains(document.activeElement)) part.replaceWith(fresh);
  }
}

// The reader's own notices: the number beside the bell of the header.
function ring(told) {
  const badge = document.querySelector("[data-notices]");
  if (!badge) return;
  badge.textContent = told.count;
  badge.hidden = !told.count;
}

function hear(entry, clock) {
  heard = Date.now();
  const place = document.querySelector("[data-as-of]");
  if (place) place.textContent = place.dataset.asOf.replace("%entry", entry).replace("%clock", clock);
  judge();
}

// Honest on a wall that nobody touches: what has heard nothing for an hour says so.
function judge() {
  const sign = document.querySelector("[data-stale]");
  if (sign) sign.hidden = Date.now() - heard < STALE_MILLISECONDS;
}

const acts = {
  line: show,
  figures: (told) => { count(told); hear(told.entry, told.at); },
  beat: (told) => hear(told.entry, told.at),
  notices: ring,
};

function act(name, told) {
  if (isPaused) waiting.push([name, told]);
  else acts[name](told);
}

function poll(address) {
  setTimeout(async () => {
    try {
      const answer = await fetch(address);
      if (answer.ok) {
        const { lines, after, reload, figures, notices } = await answer.json();
        if (reload) location.reload();
        lines.forEach((told) => act("line", told));
        act("figures", figures);
        act("notices", { count: notices });
        address.searchParams.set("after", after);
      }
    } finally {
      poll(address);
    }
  }, POLL_MILLISECONDS);
}

function offerPause() {
  const button = document.querySelector("[data-pause]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    isPaused = !isPaused;
    [button.textContent, button.dataset.pause] = [button.dataset.pause, button.textContent];
    if (isPaused) return;
    waiting.forEach(([name, told]) => acts[name](told));
    waiting = [];
  });
}

if (feed && "EventSource" in window) {
  const dot = document.querySelector("[data-live-dot]");
  const source = new EventSource(new URL(feed.dataset.live, location.href));
  source.addEventListener("open", () => dot?.classList.add("is-live"));
  source.addEventListener("error", () => {
    dot?.classList.remove("is-live");
    if (source.readyState === EventSource.CLOSED) poll(new URL(feed.dataset.lines, location.href));
  });
  source.addEventListener("reload", () => location.reload());
  for (const name of Object.keys(acts)) {
    source.addEventListener(name, (event) => act(name, JSON.parse(event.data)));
  }
  setInterval(judge, 60000);
  offerPause();
}
