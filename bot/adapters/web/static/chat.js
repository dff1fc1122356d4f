// The chat page: history first, then the stream of news; what is typed and pressed goes to the bot.

import { Composer } from "./composer.js";
import { Stream } from "./stream.js";
import { Timeline } from "./timeline.js";
import { showToast } from "./toasts.js";

const { room, visitor, words: wordsJson, menu: menuJson } = document.body.dataset;
const words = JSON.parse(wordsJson);
const menu = JSON.parse(menuJson);
const base = `/chat/${room}`;

const composer = new Composer({ menu, send });
const timeline = new Timeline({ words, visitor, menu, press, take: (command) => composer.take(command), loadEarlier });
const stream = new Stream({
  address: (revision) => `${base}/events?after=${revision}`,
  onMessage: (message) => timeline.put(message),
  onState: showConnection,
});

async function request(path, body) {
  const options = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  const response = await fetch(base + path, options);
  if (!response.ok) {
    throw new Error((await response.text()).trim());
  }
  return response.status === 204 ? null : response.json();
}

function fail(error) {
  // A TypeError is fetch's way to say that nobody answered; everything else is the site's own plain sentence.
  showToast(error instanceof TypeError ? words.failed : error.message || words.failed);
}

function show(answer, pressed) {
  if (answer.toast) {
    showToast(answer.toast);
  }
  if (answer.private) {
    timeline.putPrivate(answer.private, answer.replaces ? pressed : null);
  }
}

async function send(text) {
  const finished = timeline.begin();
  try {
    show(await request("/messages", { text }), null);
  } catch (error) {
    composer.giveBack(text);
    fail(error);
  } finally {
    finished();
  }
}

async function press(action, element) {
  const message = element.dataset.id ? Number(element.dataset.id) : null;
  const finished = timeline.expect(element);
  try {
    show(await request("/presses", { action, message }), element);
  } catch (error) {
    fail(error);
  } finally {
    finished();
  }
}

async function loadEarlier(before) {
  try {
    return await request(`/messages?before=${before}`);
  } catch (error) {
    fail(error);
    return null;
  }
}

function showConnection(isUp) {
  const notice = document.getElementById("connection");
  notice.hidden = isUp;
  notice.textContent = isUp ? "" : words.reconnecting;
}

function offerStarters() {
  const starters = menu.filter((command) => !command.hint).slice(0, 4).map((command) => {
    const button = document.createElement("button");
    button.textContent = `/${command.name}`;
    button.addEventListener("click", () => composer.take(command));
    return button;
  });
  document.getElementById("starters").replaceChildren(...starters);
}

document.getElementById("new-room").addEventListener("submit", (event) => {
  event.preventDefault();
  location.assign(`/chat/${new FormData(event.target).get("room")}`);
});

offerStarters();
for (;;) {
  try {
    const page = await request("/messages");
    timeline.load(page);
    stream.open(page.revision);
    break;
  } catch {
    showConnection(false);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}
request("/visits", {}).catch(fail);
