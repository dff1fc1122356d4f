// One message as it stands in the list. Its HTML was made, and escaped, by the bot's renderer.

const language = document.documentElement.lang;
const timeFormat = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const fullFormat = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
const dayFormat = new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long" });
const farDayFormat = new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" });

const COMMAND = /(?<![\p{L}\p{N}_/.:])(\/[\p{L}\p{N}_]+)(?![\p{L}\p{N}_/])/u;

const ICONS = {
  outside: "M7 17 17 7M9 7h8v8",
  file: "M12 4v11m-5-5 5 5 5-5M5 20h14",
};

export function renderMessage(message, context) {
  const isBot = message.author === "bot";
  const isMine = message.author === context.visitor;
  const name = isBot ? context.words.bot : isMine ? context.words.you : message.author;
  const at = new Date(message.at);

  const item = element("li", `message ${isBot ? "bot" : "person"}`);
  item.classList.toggle("mine", isMine);
  item.classList.toggle("private", Boolean(message.isPrivate));
  item.dataset.author = message.author;
  item.dataset.at = message.at;
  if (message.id) {
    item.dataset.id = message.id;
  }

  const header = element("header");
  const time = element("time", "", timeFormat.format(at));
  time.dateTime = message.at;
  time.title = fullFormat.format(at);
  header.append(element("span", "author", name), time);
  header.append(element("span", "edited", message.edited ? context.words.edited : ""));
  if (message.isPrivate) {
    header.append(element("span", "edited", context.words.only_you));
    const dismiss = element("button", "dismiss", context.words.dismiss);
    dismiss.addEventListener("click", () => item.remove());
    header.append(dismiss);
  }

  const body = element("div", "body");
  const rich = element("div", "rich");
  rich.innerHTML = message.html;
  prepare(rich, context.words);
  if (isBot) {
    linkCommands(rich, context);
  }
  body.append(rich);
  if (message.file) {
    body.append(renderFile(message.file));
  }
  item.append(header, body);
  if (message.buttons.length) {
    item.append(renderButtons(message.buttons, item, context.press));
  }
  return item;
}

export function renderDay(at, words) {
  const today = new Date();
  const days = Math.round((today.setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  const near = { 0: words.today, 1: words.yesterday }[days];
  const isFar = Math.abs(days) > 180;
  return element("li", "day", near ?? (isFar ? farDayFormat : dayFormat).format(at));
}

function prepare(rich, words) {
  for (const link of rich.querySelectorAll("a[href]")) {
    link.target = "_blank";
  }
  for (const image of rich.querySelectorAll("img")) {
    image.addEventListener("error", () => collapse(image, words), { once: true });
  }
}

// A command that the bot names can be pressed.
function linkCommands(rich, { commands, take }) {
  const texts = document.createTreeWalker(rich, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.data.includes("/") && !text.parentElement.closest("a, button, pre, code")) {
      found.push(text);
    }
  }
  for (const text of found) {
    const pieces = text.data.split(COMMAND).map((piece) => {
      const command = commands.get(piece.slice(1));
      return command && piece.startsWith("/") ? renderCommand(command, take) : piece;
    });
    text.replaceWith(...pieces);
  }
}

function renderCommand(command, take) {
  const button = element("button", "command", `/${command.name}`);
  button.type = "button";
  button.addEventListener("click", () => take(command));
  return button;
}

// A picture that cannot be had leaves a link to where it should be.
function collapse(image, words) {
  const link = element("a", "", image.alt || words.image);
  link.href = image.src;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  image.closest(".image")?.classList.add("gone");
  image.replaceWith(link);
}

function renderFile(file) {
  const link = element("a", "file");
  link.href = file.url;
  link.download = file.name;
  link.append(icon("file"), element("span", "", file.name));
  return link;
}

function renderButtons(rows, item, press) {
  const buttons = element("div", "buttons");
  for (const row of rows) {
    const line = element("div");
    line.append(...row.map((button) => (button.url ? renderLink(button) : renderAction(button, item, press))));
    buttons.append(line);
  }
  return buttons;
}

function renderLink({ label, url }) {
  const link = element("a", "", label);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.append(icon("outside"));
  return link;
}

function renderAction({ label, action }, item, press) {
  const button = element("button", "", label);
  button.type = "button";
  button.addEventListener("click", async () => {
    if (button.ariaBusy === "true") {
      return;
    }
    button.ariaBusy = "true";
    try {
      await press(action, item);
    } finally {
      button.ariaBusy = "false";
    }
  });
  return button;
}

function icon(name) {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const path = document.createElementNS(namespace, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
