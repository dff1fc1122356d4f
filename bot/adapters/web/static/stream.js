// The stream of news of a room. It goes on where it was, however often the connection breaks.

const PATIENCE = 2000; // before a stream that the browser gave up is opened anew
const REST_AFTER = 60_000; // a hidden page lets go: a browser holds only six connections to one site, over all its pages

export class Stream {
  constructor({ address, onMessage, onState }) {
    this.address = address;
    this.onMessage = onMessage;
    this.onState = onState;
    this.revision = 0;
    document.addEventListener("visibilitychange", () => this.#follow(document.hidden));
  }

  open(revision = this.revision) {
    this.revision = revision;
    this.source?.close();
    this.source = new EventSource(this.address(revision));
    this.source.addEventListener("open", () => this.onState(true));
    this.source.addEventListener("message", (event) => {
      this.revision = Number(event.lastEventId);
      this.onMessage(JSON.parse(event.data));
    });
    this.source.addEventListener("reload", () => location.reload());
    this.source.addEventListener("error", () => this.#recover());
  }

  #recover() {
    this.onState(false);
    if (this.source.readyState === EventSource.CLOSED) {
      clearTimeout(this.retry);
      this.retry = setTimeout(() => this.open(), PATIENCE);
    }
  }

  #follow(isHidden) {
    clearTimeout(this.rest);
    if (isHidden) {
      this.rest = setTimeout(() => {
        this.source?.close();
        this.resting = true;
      }, REST_AFTER);
    } else if (this.resting) {
      this.resting = false;
      this.open();
    }
  }
}
