// The hall as it happens: server-sent events from the log; the browser itself resumes after the last id it saw. Where
// the hall has no place for one more open feed, the page asks for new lines now and then.
const feed = document.querySelector("[data-live]");
const POLL_MILLISECONDS = 15000;

function show(line) {
  const item = document.createElement("li");
  item.className = "is-new";
  item.dataset.id = line.id;
  const icon = document.createElement("span");
  icon.className = `bi bi-${line.icon}`;
  icon.setAttribute("aria-hidden", "true");
  const body = document.createElement("div");
  const what = document.createElement("span");
  what.className = "quiet";
  what.textContent = line.what;
  const link = document.createElement("a");
  link.href = line.url;
  link.textContent = line.title;
  const note = document.createElement("small");
  note.textContent = ` ${line.note}`;
  body.append(what, document.createElement("br"), link, note);
  const time = document.createElement("time");
  time.dateTime = line.at;
  time.title = line.exact;
  time.textContent = line.ago;
  item.append(icon, body, time);
  feed.querySelector("[data-empty]")?.remove();
  feed.prepend(item);
  while (feed.children.length > Number(feed.dataset.most)) feed.lastElementChild.remove();
  if (line.approved !== null) {
    const counter = document.querySelector("[data-approved]");
    if (counter) counter.textContent = String(line.approved);
  }
}

function poll(address) {
  setTimeout(async () => {
    try {
      const answer = await fetch(address);
      if (answer.ok) {
        const { lines, after, reload } = await answer.json();
        if (reload) location.reload();
        lines.forEach(show);
        address.searchParams.set("after", after);
      }
    } finally {
      poll(address);
    }
  }, POLL_MILLISECONDS);
}

if (feed && "EventSource" in window) {
  const dot = document.querySelector("[data-live-dot]");
  const address = new URL(feed.dataset.live, location.href);
  const source = new EventSource(address);
  source.addEventListener("open", () => dot?.classList.add("is-live"));
  source.addEventListener("error", () => {
    dot?.classList.remove("is-live");
    if (source.readyState === EventSource.CLOSED) poll(new URL(feed.dataset.lines, location.href));
  });
  source.addEventListener("reload", () => location.reload());
  source.addEventListener("line", (event) => show(JSON.parse(event.data)));
}
