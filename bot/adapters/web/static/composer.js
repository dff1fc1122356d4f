// Where one types: Enter sends, "/" offers the commands, the arrow up brings back what one sent.

const form = document.getElementById("composer");
const line = document.getElementById("line");
const list = document.getElementById("suggestions");
const button = form.querySelector(".send");

export class Composer {
  constructor({ menu, send }) {
    this.menu = menu;
    this.send = send;
    this.offered = [];
    this.chosen = -1;
    this.sent = [];
    this.recalled = 0;

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    line.addEventListener("input", () => this.#update());
    line.addEventListener("keydown", (event) => this.#take(event));
    line.addEventListener("blur", () => this.#close());
    line.addEventListener("focus", () => this.#update());
    if (matchMedia("(hover: hover)").matches) {
      line.focus(); // elsewhere that would bring up a keyboard over what there is to read
    }
    // A press on the list must not take the focus away before the click arrives.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const index = [...list.children].indexOf(event.target.closest("li"));
      if (this.offered[index]) {
        this.take(this.offered[index]);
        line.focus();
      }
    });
  }

  // A command chosen elsewhere than here: sent, or written where something is to follow.
  take({ name, hint }) {
    this.#write(`/${name}${hint ? " " : ""}`);
    if (hint) {
      line.focus();
    } else {
      this.#submit();
    }
  }

  // A line that could not be sent is not lost.
  giveBack(text) {
    if (!line.value) {
      this.#write(text);
    }
  }

  #submit() {
    const text = line.value.trim();
    if (!text) {
      return;
    }
    this.sent.push(text);
    this.recalled = this.sent.length;
    this.#write("");
    this.send(text);
  }

  #write(text) {
    line.value = text;
    this.#update();
  }

  #update() {
    button.disabled = !line.value.trim();
    const [, typed, behind] = /^\/(\S*)(\s[^]*)?$/.exec(line.value) ?? [];
    if (typed === undefined) {
      this.#close();
    } else if (behind === undefined) {
      this.#offer(rank(this.menu, typed.toLowerCase()), 0);
    } else {
      // The name is written: what may stand behind it stays in view, and nothing is left to choose.
      this.#offer(this.menu.filter(({ name, hint }) => hint && name === typed.toLowerCase()), -1);
    }
  }

  #take(event) {
    if (event.isComposing) {
      return; // Enter takes a word from an input method, it does not send yet
    }
    const isOpen = this.chosen >= 0;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const command = this.offered[this.chosen];
      if (isOpen && line.value !== `/${command.name}`) {
        this.take(command);
      } else {
        this.#submit();
      }
    } else if (event.key === "Tab" && isOpen && !event.shiftKey) {
      event.preventDefault();
      this.#write(`/${this.offered[this.chosen].name} `);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      this.#close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.#move(event, event.key === "ArrowDown" ? 1 : -1, isOpen);
    }
  }

  #move(event, step, isOpen) {
    if (isOpen) {
      event.preventDefault();
      this.#choose((this.chosen + step + this.offered.length) % this.offered.length);
      return;
    }
    const isOurs = !line.value || line.value === this.sent[this.recalled];
    const index = this.recalled + step;
    if (isOurs && index >= 0 && index <= this.sent.length) {
      event.preventDefault();
      this.recalled = index;
      line.value = this.sent[index] ?? "";
      button.disabled = !line.value;
      this.#close();
    }
  }

  #offer(commands, chosen) {
    this.offered = commands;
    list.replaceChildren(...commands.map(renderSuggestion));
    list.hidden = commands.length === 0;
    this.#choose(commands.length ? chosen : -1);
  }

  #choose(index) {
    this.chosen = index;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    if (index >= 0) {
      line.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    } else {
      line.removeAttribute("aria-activedescendant");
    }
  }

  #close() {
    this.#offer([], -1);
  }
}

// Names that begin with what is typed, the exact one first; from two letters on, also those that hold it further in.
function rank(menu, typed) {
  const place = ({ name, summary }) => {
    if (name === typed) return 0;
    if (name.startsWith(typed)) return 1;
    return typed.length > 1 && `${name} ${summary}`.toLowerCase().includes(typed) ? 2 : 3;
  };
  return menu
    .map((command) => ({ command, place: place(command) }))
    .filter((ranked) => ranked.place < 3)
    .sort((one, other) => one.place - other.place)
    .map((ranked) => ranked.command);
}

function renderSuggestion(command, index) {
  const item = document.createElement("li");
  item.id = `suggestion-${index}`;
  item.role = "option";
  const name = document.createElement("span");
  name.className = "name";
  name.textContent = `/${command.name} `;
  const hint = document.createElement("span");
  hint.className = "hint";
  hint.textContent = command.hint;
  name.append(hint);
  const summary = document.createElement("span");
  summary.className = "summary";
  summary.textContent = command.summary;
  item.append(name, summary);
  return item;
}
