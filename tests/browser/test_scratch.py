import time

from tests.browser.cast import Cast, person

PROCESSES = ("mail", "outbox", "web")


def test_a(product, arrives):
    with product.models():
        cast = Cast.enters(product.now())
        c = cast.cohort("Summer", days_to_start=21)
        for n in ["Ada", "Ben", "Cleo", "Eve", "Finn", "Gus", "Hana", "Ivo"]:
            cast.takes_part(person(n), c)
    ada = arrives("Ada")
    ada.log_in()
    ada.context.on("request", lambda r: print("REQ", r.method, r.url))
    ada.open(f"/cohorts/{c.pk}/nominations/")
    box = ada.page.get_by_label("Search by name or team")
    box.press_sequentially("Ben", delay=100)
    time.sleep(1)
    ada.button("Also happy with Ben").click()
    time.sleep(1)
    print(ada.page.evaluate("document.activeElement.outerHTML.slice(0,200)"))
    box.clear()
    time.sleep(0.5)
    print("typing")
    box.press_sequentially("Cleo", delay=100)
    time.sleep(1)
    print(
        ada.page.locator("#choosing").count(), ada.page.locator("#search").count(), ada.page.locator("#results").count()
    )
    print(ada.words[-500:], ada.troubles)
    print(ada.page.evaluate("document.querySelector('#search').outerHTML"))
    print(ada.page.evaluate("htmx.version"))
