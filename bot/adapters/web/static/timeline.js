// The messages, and where in them one is.
//
// The view stays at the end, unless one has scrolled away. But it never runs past the beginning of what one has not
// read: a long answer, or an issue that arrives message by message, is read from its top.

import { renderMessage, renderDay } from "./message.js";

const AT_END = 48; // pixels
const FAR_FROM_END = 400;
const MARGIN = 12;
const SLOW = 250; // milliseconds after which an answer counts as being worked on
const ANSWER_LAG = 1000; // the answer in the room may come a little after the request that asked for it has ended
const BUTTONS = ".buttons :is(button, a)";
const READ_AFTER = 4000; // milliseconds in view after which a message counts as read
const SAME_TALK = 5 * 60_000;

const log = document.getElementById("log");
const list = document.getElementById("messages");
const earlier = document.getElementById("earlier");
const latest = document.getElementById("latest");
const working = document.getElementById("working");
const empty = document.getElementById("empty");

export class Timeline {
  constructor({ words, visitor, menu, press, take, loadEarlier }) {
    const commands = new Map(menu.map((command) => [command.name, command]));
    this.context = { words, visitor, commands, press, take };
    this.words = words;
    this.loadEarlier = loadEarlier;
    this.isAtEnd = true;
    this.firstUnread = null;
    this.unread = 0;
    this.waiting = 0;
    this.pressed = null;
    this.metAt = 0;

    log.addEventListener("scroll", () => this.#look(), { passive: true });
    for (const moved of ["wheel", "touchmove", "pointerdown", "keydown"]) {
      log.addEventListener(moved, () => (this.isMovedByHand = true), { passive: true });
    }
    latest.addEventListener("click", () => this.#toEnd("smooth"));
    earlier.addEventListener("click", () => this.#showEarlier());
    const resized = new ResizeObserver(() => this.#settle());
    resized.observe(list);
    resized.observe(log);
  }

  load(page) {
    list.replaceChildren(...page.messages.map((message) => renderMessage(message, this.context)));
    earlier.hidden = !page.earlier;
    this.#arrange();
    this.#toEnd("instant");
    log.setAttribute("aria-live", "polite"); // from now on: the history is not read out
  }

  // A new message, or a changed one.
  put(message) {
    const fresh = renderMessage(message, this.context);
    const standing = list.querySelector(`[data-id="${message.id}"]`);
    if (standing) {
      this.#exchange(standing, fresh);
      return;
    }
    fresh.classList.add("arrived");
    this.#insert(fresh);
    this.#arrange();
    if (message.author === this.context.visitor) {
      this.firstUnread = null;
      this.#toEnd("instant");
      return;
    }
    this.#meet(fresh);
  }

  // What only this visitor sees; it stands here until the page is left.
  putPrivate(content, instead) {
    const fresh = renderMessage({ ...content, author: "bot", at: new Date().toISOString(), isPrivate: true }, this.context);
    if (instead?.isConnected) {
      this.#exchange(instead, fresh);
      return;
    }
    fresh.classList.add("arrived");
    list.append(fresh);
    this.#arrange();
    this.#meet(fresh);
  }

  // The bot has been asked something; call what is returned when it has answered.
  begin() {
    this.firstUnread = null;
    this.waiting += 1;
    const slow = setTimeout(() => this.#showWorking(), SLOW);
    return () => {
      clearTimeout(slow);
      this.waiting -= 1;
      this.#showWorking();
    };
  }

  // A button of this message has been pressed; call what is returned when the bot has answered.
  expect(element) {
    this.pressed = element;
    return () => setTimeout(() => {
      if (this.pressed === element) {
        this.pressed = null;
      }
    }, ANSWER_LAG);
  }

  #meet(fresh) {
    const now = performance.now();
    if (this.pressed) {
      this.isAtEnd = true; // whoever presses a button wants to see what comes of it
      this.firstUnread = null;
    } else if (this.isAtEnd && now - this.metAt > READ_AFTER) {
      this.firstUnread = null;
    }
    this.metAt = now;
    this.firstUnread ??= fresh;
    if (!this.isAtEnd) {
      this.unread += 1;
    }
    this.#settle();
    this.#look();
  }

  #showWorking() {
    working.hidden = this.waiting === 0;
    this.#settle();
  }

  #exchange(standing, fresh) {
    const focused = [...standing.querySelectorAll(BUTTONS)].indexOf(document.activeElement);
    standing.replaceWith(fresh);
    if (this.firstUnread === standing) {
      this.firstUnread = fresh;
    }
    fresh.classList.add("changed");
    this.#arrange();
    if (focused >= 0) {
      const buttons = fresh.querySelectorAll(BUTTONS);
      (buttons[Math.min(focused, buttons.length - 1)] ?? log).focus({ preventScroll: true });
    }
    if (standing === this.pressed) {
      this.pressed = null;
      this.firstUnread = fresh; // another page of results is read from its top, too
      log.scrollTop = Math.min(log.scrollTop, fresh.offsetTop - MARGIN);
    }
    this.#look();
  }

  #insert(fresh) {
    const id = Number(fresh.dataset.id);
    const before = [...list.children].reverse().find((item) => !item.dataset.id || Number(item.dataset.id) < id);
    if (before) {
      before.after(fresh);
    } else {
      list.prepend(fresh);
    }
  }

  async #showEarlier() {
    const first = list.querySelector("[data-id]");
    earlier.disabled = true;
    const page = await this.loadEarlier(first.dataset.id);
    earlier.disabled = false;
    if (!page) {
      return;
    }
    const fromEnd = log.scrollHeight - log.scrollTop;
    log.setAttribute("aria-busy", "true");
    list.prepend(...page.messages.map((message) => renderMessage(message, this.context)));
    earlier.hidden = !page.earlier;
    this.#arrange();
    log.scrollTop = log.scrollHeight - fromEnd;
    log.removeAttribute("aria-busy");
  }

  // Days between messages, and which messages go on with the one before.
  #arrange() {
    list.querySelectorAll(".day").forEach((day) => day.remove());
    let previous = null;
    for (const item of [...list.children]) {
      const at = new Date(item.dataset.at);
      const isNewDay = !previous || previous.at.toDateString() !== at.toDateString();
      if (isNewDay) {
        item.before(renderDay(at, this.words));
      }
      const isSame = previous?.author === item.dataset.author && at - previous.at < SAME_TALK;
      item.classList.toggle("follows", !isNewDay && isSame && !item.classList.contains("private"));
      previous = { at, author: item.dataset.author };
    }
    empty.hidden = list.childElementCount > 0;
  }

  #look() {
    const distance = log.scrollHeight - log.clientHeight - log.scrollTop;
    this.isAtEnd = distance < AT_END;
    if (this.isAtEnd) {
      this.unread = 0;
      if (this.isMovedByHand) {
        this.firstUnread = null;
      }
    }
    this.isMovedByHand = false;
    this.isFar = distance > FAR_FROM_END;
    this.#offerLatest();
  }

  #offerLatest() {
    latest.hidden = this.isAtEnd || !(this.isFar || this.unread > 0);
    latest.classList.toggle("unread", this.unread > 0);
    latest.firstElementChild.textContent = this.unread > 0 ? `${this.words.new} · ${this.unread}` : "";
  }

  #settle() {
    if (!this.isAtEnd) {
      return;
    }
    const unreadTop = this.firstUnread?.isConnected ? this.firstUnread.offsetTop - MARGIN : Infinity;
    log.scrollTop = Math.min(log.scrollHeight - log.clientHeight, unreadTop);
  }

  #toEnd(behavior) {
    this.firstUnread = null;
    this.unread = 0;
    this.isAtEnd = true;
    log.scrollTo({ top: log.scrollHeight, behavior });
    this.#offerLatest();
  }
}
