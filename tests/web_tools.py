"""Node packages and a browser for the tests of web formats; a test that needs one is skipped where it is absent.

`npm install` in tests/web brings the packages; the browser is Chromium or Chrome, wherever the system has it.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).with_name("web")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def node_package(name: str) -> Path:
    """The folder of a Node package of tests/web; skips the running test when Node or the package is absent."""
    folder = WEB / "node_modules" / name
    if not shutil.which("node") or not folder.is_dir():
        pytest.skip(f"{name} is not installed; run npm install in tests/web")
    return folder


def validator_messages(*paths: Path) -> list[list[dict]]:
    """What Khronos' validator says about each glTF file, as its messages."""
    node_package("gltf-validator")
    command = ["node", "validate.mjs", *map(str, paths)]
    said = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=True, timeout=600).stdout
    return [json.loads(line)["messages"] for line in said.splitlines()]


def screenshot(url: str, picture: Path, size: int = 768) -> None:
    """Writes a PNG of the page at `url` as a headless browser shows it; skips the test when there is no browser."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        pytest.skip("there is no Chromium or Chrome on this machine")
    command = [
        browser, "--headless", "--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
        f"--user-data-dir={picture.parent / 'profile'}", f"--window-size={size},{size + 90}", "--virtual-time-budget=20000",
        f"--screenshot={picture}", url,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=600)
