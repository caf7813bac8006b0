/** Browsers of the system that nothing drives here: a page is opened in them and sends back what it found. */

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

export interface DriverlessBrowser {
  readonly name: string;
  /** What its pages call themselves. */
  readonly agent: RegExp;
  readonly isInstalled: boolean;
  /** Opens a page with an empty profile. */
  open(url: string): OpenBrowser;
}

export interface OpenBrowser {
  /** Ends the browser and removes its profile. */
  close(): Promise<void>;
}

const firefox = programIn(pathFolders(), ["firefox-esr", "firefox"]);
const screen = programIn(pathFolders(), ["xvfb-run"]);
const libraries = "/usr/lib";
const webKit = programIn(
  existsSync(libraries)
    ? readdirSync(libraries).map((folder) => join(libraries, folder, "webkit2gtk-4.1"))
    : [],
  ["MiniBrowser"],
);

export const DRIVERLESS_BROWSERS: readonly DriverlessBrowser[] = [
  {
    name: "Firefox",
    agent: /Firefox\//,
    isInstalled: firefox !== undefined,
    open: (url) =>
      inProfile((profile) => {
        writeFileSync(join(profile, "user.js"), firefoxPreferences());
        return start(firefox!, ["--headless", "--no-remote", "--profile", profile, url], { HOME: profile });
      }),
  },
  {
    // The engine of Safari. It needs a screen, and no sandbox where tests run as root in a container.
    name: "WebKitGTK",
    agent: /AppleWebKit\/.* Version\/.* Safari\//,
    isInstalled: webKit !== undefined && screen !== undefined,
    open: (url) =>
      inProfile((profile) =>
        start(screen!, ["--auto-servernum", webKit!, "--private", url], {
          HOME: profile,
          WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
          WEBKIT_DISABLE_DMABUF_RENDERER: "1",
          LIBGL_ALWAYS_SOFTWARE: "1",
        }),
      ),
  },
];

function pathFolders(): string[] {
  return (process.env.PATH ?? "").split(delimiter).filter(Boolean);
}

function programIn(folders: readonly string[], names: readonly string[]): string | undefined {
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Nothing is asked, shown or fetched at the first start. */
function firefoxPreferences(): string {
  const preferences = {
    "app.update.enabled": false,
    "browser.aboutwelcome.enabled": false,
    "browser.shell.checkDefaultBrowser": false,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": false,
    "media.autoplay.default": 0,
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    "toolkit.telemetry.reportingpolicy.firstRun": false,
  };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  return lines.join("");
}

function inProfile(launch: (profile: string) => ChildProcess): OpenBrowser {
  const profile = mkdtempSync(join(tmpdir(), "emotionnet-profile-"));
  const browser = launch(profile);
  return {
    async close() {
      await ended(browser);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** In a group of its own, with which its helpers end. */
function start(program: string, args: readonly string[], environment: NodeJS.ProcessEnv): ChildProcess {
  return spawn(program, args, {
    stdio: "ignore",
    detached: true,
    env: { ...process.env, ...environment },
  });
}

function ended(browser: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (browser.exitCode !== null || browser.pid === undefined) {
      resolve();
      return;
    }
    browser.once("exit", () => resolve());
    process.kill(-browser.pid, "SIGKILL");
  });
}
