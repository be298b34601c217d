import argparse
import os
from pathlib import Path

from playwright.sync_api import sync_playwright

from _tour.stops import STOPS
from _tour.taking import everything, for_the_docs, open_browser
from _tour.visiting import Guide


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("mail", type=Path)
    parser.add_argument("--docs", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    options = parser.parse_args()
    stops = tuple(stop for stop in STOPS if not options.only or stop.name in options.only)
    with sync_playwright() as playwright:
        browser = open_browser(playwright, os.environ["BUDDYING_CHROMIUM"])
        guide = Guide(browser, os.environ["BUDDYING_BASE_URL"], options.mail)
        if options.docs:
            for_the_docs(guide, stops)
        else:
            everything(guide, stops, options.folder)
        browser.close()


main()
