// Headless Chromium over its debugging pipe: plain Node, no packages.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Browser {
  #process;
  #profile = mkdtempSync(join(tmpdir(), "syncline-page-"));
  #waiting = new Map();
  #listeners = new Set();
  #next = 1;
  #rest = "";
  #stderr = "";

  constructor(program) {
    this.#process = spawn(program, [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
      "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-dev-shm-usage",
      `--user-data-dir=${this.#profile}`, "--remote-debugging-pipe", "about:blank",
    ], { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] });
    this.#process.stderr.on("data", (text) => { this.#stderr += text; });
    this.#process.stdio[4].setEncoding("utf8").on("data", (text) => this.#receive(text));
    this.#process.on("exit", (code) => {
      for (const { reject } of this.#waiting.values()) {
        reject(new Error(`chromium ended (${code}):\n${this.#stderr.slice(-2000)}`));
      }
    });
  }

  #receive(text) {
    const messages = (this.#rest + text).split("\0");
    this.#rest = messages.pop();
    for (const message of messages.map((one) => JSON.parse(one))) {
      const waiting = this.#waiting.get(message.id);
      if (!waiting) {
        for (const listener of this.#listeners) listener(message);
      } else {
        this.#waiting.delete(message.id);
        if (message.error) waiting.reject(new Error(message.error.message));
        else waiting.resolve(message.result);
      }
    }
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.#next++;
    this.#process.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  // A fresh tab of this size, showing `url`; resolves once the page has said that it is ready.
  async open(url, { width, height, dark = false, phone = false }) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const tab = new Tab(this, sessionId, targetId);
    this.#listeners.add((message) => message.sessionId === sessionId && tab.notice(message));
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await tab.send(`${domain}.enable`);
    await tab.send("Emulation.setDeviceMetricsOverride",
      { width, height, deviceScaleFactor: phone ? 2 : 1, mobile: phone });
    await tab.send("Emulation.setEmulatedMedia",
      { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
    await tab.send("Page.navigate", { url });
    await tab.until("document.documentElement.dataset.ready === 'true'");
    return tab;
  }

  async close() {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.send("Browser.close").catch(() => {});
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Tab {
  console = [];
  requests = [];

  constructor(browser, session, target) {
    this.browser = browser;
    this.session = session;
    this.target = target;
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  notice({ method, params }) {
    if (method === "Runtime.consoleAPICalled") {
      this.console.push(`${params.type}: ${params.args.map((a) => a.value ?? a.description)}`);
    } else if (method === "Runtime.exceptionThrown") {
      this.console.push(params.exceptionDetails.exception?.description
        ?? params.exceptionDetails.text);
    } else if (method === "Log.entryAdded") {
      this.console.push(`${params.entry.level}: ${params.entry.text}`);
    } else if (method === "Network.requestWillBeSent") {
      this.requests.push(params.request.url);
    }
  }

  // The value of an expression; promises are awaited.
  async value(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate",
      { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) {
      throw new Error(`${expression}: ${exceptionDetails.exception?.description}`);
    }
    return result.value;
  }

  // Waits for a condition; the limit is for a page that never gets there, not for a slow machine.
  async until(expression) {
    for (let tries = 0; tries < 1200; ++tries) {
      if (await this.value(expression).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`the page never came to: ${expression}`);
  }

  // Two frames: after that, resize observers have run and what they drew is laid out.
  settle() {
    return this.value("new Promise((done) => requestAnimationFrame(() => "
      + "requestAnimationFrame(() => done(true))))");
  }

  async screenshot(selector) {
    await this.settle();
    const clip = await this.value(`(() => { const box = document.querySelector("${selector}")
      .getBoundingClientRect(); return { x: 0, y: box.top + scrollY, width: innerWidth,
      height: Math.min(box.height, 12000), scale: 1 }; })()`);
    const { data } = await this.send("Page.captureScreenshot",
      { clip, captureBeyondViewport: true });
    return Buffer.from(data, "base64");
  }

  close() {
    return this.browser.send("Target.closeTarget", { targetId: this.target });
  }
}
