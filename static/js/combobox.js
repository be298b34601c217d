// data-combobox on a select: a field to type a part of a name in, with a list that follows. The select stays, unseen,
// and is what is sent. data-combobox="address" fetches the list, as <option>s, for what was typed.
const MOST = 50;
const PAUSE = 200;

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

class Combobox {
  constructor(select) {
    this.select = select;
    this.address = select.dataset.combobox;
    this.active = -1;
    this.shown = [];
    this.build();
    this.input.value = this.chosenText();
    this.listen();
  }

  build() {
    const id = this.select.id;
    this.input = Object.assign(document.createElement("input"), { id, type: "text", className: "input", autocomplete: "off" });
    this.list = Object.assign(document.createElement("ul"), { id: `${id}-list`, className: "combobox-list", hidden: true });
    const wrap = Object.assign(document.createElement("div"), { className: "combobox" });
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(roles)) this.input.setAttribute(name, value);
    this.input.placeholder = this.select.dataset.placeholder ?? "";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.select.labels[0]?.textContent.trim() ?? "");
    this.select.removeAttribute("id");
    this.select.hidden = true;
    this.select.before(wrap);
    wrap.append(this.input, this.list);
  }

  listen() {
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("click", () => this.open());
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("blur", () => this.leave());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose([...this.list.children].indexOf(option));
    });
  }

  chosenText() {
    const option = this.select.selectedOptions[0];
    return option?.value ? option.textContent : "";
  }

  async typed() {
    const words = this.input.value;
    if (this.address) {
      clearTimeout(this.timer);
      await new Promise((resolve) => { this.timer = setTimeout(resolve, PAUSE); });
      if (!(await this.fetch(words))) return;
    }
    this.show(words);
  }

  async fetch(words) {
    const address = new URL(this.address, location.href);
    address.searchParams.set("find", words);
    const answer = await fetch(address);
    if (!answer.ok || words !== this.input.value) return false;
    const body = new DOMParser().parseFromString(`<select>${await answer.text()}</select>`, "text/html");
    this.fetched = [...body.querySelectorAll("option")];
    return true;
  }

  matching(words) {
    if (this.address) return this.fetched ?? [];
    const wanted = plain(words).split(/\s+/).filter(Boolean);
    const name = (option) => plain(option.dataset.name ?? option.textContent);
    return [...this.select.options].filter((option) => option.value && wanted.every((word) => name(option).includes(word)));
  }

  show(words) {
    const found = this.matching(words);
    this.shown = found.slice(0, MOST);
    this.list.replaceChildren(...this.shown.map((option, place) => this.line(option, place)));
    this.list.hidden = !this.shown.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.go(this.shown.length && words ? 0 : -1);
    const announcer = document.getElementById("announcer");
    const { foundOne, foundMany } = announcer.dataset;
    const said = found.length === 1 ? foundOne : foundMany.replace("{count}", found.length);
    announcer.textContent = words ? said : "";
  }

  line(option, place) {
    const line = document.createElement("li");
    line.id = `${this.list.id}-${place}`;
    line.setAttribute("role", "option");
    line.textContent = option.textContent;
    return line;
  }

  go(place) {
    this.list.children[this.active]?.removeAttribute("aria-selected");
    this.active = place;
    const line = this.list.children[place];
    line?.setAttribute("aria-selected", "true");
    line?.scrollIntoView({ block: "nearest" });
    if (line) this.input.setAttribute("aria-activedescendant", line.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  async open() {
    if (!this.list.hidden) return;
    if (this.address && !(await this.fetch(this.input.value))) return;
    this.show("");
  }

  async key(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) return this.open();
      const last = this.shown.length - 1;
      this.go(key === "ArrowDown" ? (this.active >= last ? 0 : this.active + 1) : (this.active <= 0 ? last : this.active - 1));
    } else if (key === "Enter" && !this.list.hidden) {
      event.preventDefault();
      this.choose(this.active);
    } else if (key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
      this.input.value = this.chosenText();
    }
  }

  choose(place) {
    const option = this.shown[place];
    if (!option) return;
    if (![...this.select.options].some((known) => known.value === option.value)) this.select.append(option.cloneNode(true));
    this.select.value = option.value;
    this.input.value = this.chosenText();
    this.close();
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  leave() {
    clearTimeout(this.timer);
    if (!this.input.value.trim()) this.select.value = "";
    else if (!this.list.hidden && this.active >= 0 && this.input.value !== this.chosenText()) this.choose(this.active);
    this.input.value = this.chosenText();
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.go(-1);
  }
}

for (const select of document.querySelectorAll("select[data-combobox]")) new Combobox(select);
